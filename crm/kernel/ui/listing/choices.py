"""Choices that every list offers."""

from django.utils.translation import pgettext_lazy

ANY_CHOICE = ("", pgettext_lazy("filter", "Any"))
