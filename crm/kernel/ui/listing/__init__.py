"""Lists of staff pages: sorts, pages, filters, saved views."""
