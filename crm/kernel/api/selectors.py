"""What pages read of API keys."""

from django.db.models import F

from crm.kernel.api.models import ApiKey


def keys_by_use() -> list[ApiKey]:
    """Every key with its owner: those that open something first, then the revoked ones, the newest first. One query."""
    keys = ApiKey.objects.select_related("user")
    return list(keys.order_by(F("revoked_at").asc(nulls_first=True), "-created_at", "-pk"))
