"""The pages of the roof: the documentation of the API."""

from tests.house.gallery import Page

PAGES: list[Page] = []
NOT_PAGES: dict[str, str] = {
    "home": "leads on to where the role begins",
    "schema": "YAML",
    "api_docs": "a library's page, served from our own files",
}
