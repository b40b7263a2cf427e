"""Consequences from one sibling app to the other, each a sentence: the whole table of what causes what."""
