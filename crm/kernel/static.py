"""Static files under their own names; the release in the query makes browsers fetch new ones."""

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage


class Storage(StaticFilesStorage):
    """Plain names with a version in the query, so that a new release is fetched and an old page still works."""

    def url(self, name: str | None, force: bool = False) -> str:
        address = super().url(name)
        version = getattr(settings, "RELEASE", "")
        return f"{address}?v={version}" if version else address
