"""The pages of signing in, the password and the second factor."""

from tests.house.gallery import Page
from tests.house.matrix import PUBLIC

PAGES = [
    Page("account_login", by=PUBLIC),
]
NOT_PAGES: dict[str, str] = {}
