"""Surveys by link, tickets, and the loops between them."""
