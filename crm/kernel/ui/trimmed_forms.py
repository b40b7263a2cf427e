"""Forms whose texts come without invisible characters at their edges, as copied from other pages and chats."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from crm.kernel import plain_text


class TrimmedDataMixin:
    """Whatever is submitted is trimmed before the fields see it."""

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_trimmed_data(data), *args, **kwargs)  # type: ignore[call-arg]


def _trimmed_data(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if not isinstance(data, QueryDict):
        return data if data is None else plain_text.trim_texts(dict(data))  # type: ignore[no-any-return]
    trimmed = data.copy()
    for name, texts in data.lists():
        trimmed.setlist(name, plain_text.trim_texts(texts))
    return trimmed
