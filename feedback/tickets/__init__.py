"""Requests of customers: one thread per request, from the first word to solved."""
