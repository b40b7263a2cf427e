"""A page as a browser reads it: the white space with which its template is laid out means nothing."""

import re

from django.http import HttpResponse


def read_markup(page: HttpResponse) -> str:
    """The page's markup without white space beside tags, and with one space wherever there was more."""
    text = " ".join(page.content.decode().split())
    return re.sub(r"(?<=>) | (?=<)", "", text)
