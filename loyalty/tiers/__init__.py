"""Tiers: levels with benefits, reached by net spend and kept for a term."""
