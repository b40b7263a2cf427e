"""The pages of the roof: the documentation of the API."""

from tests.house.gallery import Page

PAGES: list[Page] = []
NOT_PAGES: dict[str, str] = {}
