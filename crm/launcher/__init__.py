"""The zero-set-up default: environment, PostgreSQL, Valkey, web, worker and beat on one machine.

Everything up to `environment` runs on a bare Python's standard library; the rest runs inside the environment.
"""
