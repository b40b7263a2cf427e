"""Rows as the database has them now."""


def fresh(row):
    """The same instance, read again."""
    row.refresh_from_db()
    return row
