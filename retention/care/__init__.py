"""Care programmes: planned by local date, at most once per occasion, reconciled to the last customer."""
