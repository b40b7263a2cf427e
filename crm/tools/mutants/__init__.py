"""Mutants: one small fault at a time is put into the code, and the tests that run over it must notice."""
