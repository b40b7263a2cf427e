"""Cursor paging: the same cost on every page, no page numbers, no counts."""

from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """Newest first; `?cursor=` as given in `next` and `previous`, `?limit=` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering = "-id"
