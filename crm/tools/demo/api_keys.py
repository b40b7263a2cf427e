"""Other programs that work with the company: its web shop, its tills, and one that was let go."""

from datetime import datetime, timedelta

from crm.kernel.api import services
from crm.kernel.api.models import ApiKey
from crm.kernel.time import clock
from crm.tools.demo.example_staff import ExampleStaff

API_KEYS = (
    ("网店 Web shop", ("customers:read", "customers:write", "orders:write", "points:read", "coupons:read"), 0.1),
    ("门店收银 Tills", ("customers:read", "orders:write", "points:read", "points:write", "coupons:write"), 0.4),
    ("BI 报表", ("metrics:read", "orders:read"), 31),
    ("Old newsletter tool", ("customers:read",), 2100),
)


def create_api_keys(*, staff: ExampleStaff, now: datetime) -> None:
    """Keys as an administrator made them; their secrets are thrown away. Used lately, all but the last, which is revoked."""
    for number, (name, scopes, hours) in enumerate(API_KEYS):
        with clock.move_clock(now - timedelta(days=420 - 60 * number)):
            key, _secret = services.create_api_key(name=name, scopes=scopes, by=staff["admin"])
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now - timedelta(hours=hours))
    with clock.move_clock(now - timedelta(days=80)):
        services.revoke_api_key(key=key, by=staff["admin"])
