"""How many statements a page takes, its session and its person included."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.kernel.auth.models import User


def count_page_queries(user: User, path: str) -> int:
    """The number on the second visit, when what is remembered for a while stands."""
    client = Client()
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    if answer.status_code != 200:
        raise LookupError(f"{path}: {answer.status_code}")
    return len(seen)
