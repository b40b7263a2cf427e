"""Choices that every list offers."""

from django.utils.translation import pgettext_lazy

ANY = ("", pgettext_lazy("filter", "Any"))
