"""Static files under their own names; the release in the query makes browsers fetch new ones."""

from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStaticStorage(StaticFilesStorage):
    """Plain names with a version in the query, so that a new release is fetched and an old page still works."""

    @lru_cache(maxsize=512)  # noqa: B019 there is one storage, and it lives as long as the process
    def url(self, name: str | None, force: bool = False) -> str:
        address = super().url(name)
        version = getattr(settings, "RELEASE", "")
        return f"{address}?v={version}" if version else address
