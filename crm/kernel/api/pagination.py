"""Cursor paging: the same cost on every page, no page numbers, no counts."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from crm.kernel.api import query_parameters


class NewestFirstPagination(CursorPagination):
    """Newest first; `?cursor=` as given in `next` and `previous`, `?limit=` from 1 to 200.

    A list that can be narrowed names its `filters`; the address of a list may hold nothing else.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering = "-id"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        query_parameters.refuse_unknown_parameters(
            request, getattr(view, "filters", ()), self.cursor_query_param, self.page_size_query_param
        )
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (given.isascii() and given.isdecimal() and len(given) < 9 and int(given) > 0):
            raise ValidationError({"limit": [_("A whole number from 1 to 200 is needed.")]})
        return min(int(given), self.max_page_size)
