"""Photographs of every page over the example company, for eyes to judge."""
