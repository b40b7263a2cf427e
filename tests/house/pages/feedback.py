"""The pages of feedback."""

from tests.house.gallery import Page

PAGES: list[Page] = []
NOT_PAGES: dict[str, str] = {}
