"""Which version of which earning rule counts for an order, and the edit that makes the next version."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.kernel import audit
from crm.kernel.db import sql_rows
from loyalty.points.choices import EarningKind
from loyalty.points.models import EarningRule

VERSIONED_FIELDS = [
    "names", "kind", "event", "points", "per", "minimum", "cap", "with_tax", "rounding", "pending_days", "expiry_mode",
    "expiry_months", "expiry_date", "refund_policy", "reinstate_days", "channels", "stores", "excluded_categories",
]  # fmt: skip
ORDER_KINDS = (EarningKind.PER_MONEY, EarningKind.PER_ORDER)


class RuleVersions:
    """All versions of the rules, read once per batch."""

    def __init__(self, rules: Iterable[EarningRule]) -> None:
        self._versions: dict[str, list[EarningRule]] = {}
        for rule in sorted(rules, key=lambda rule: (rule.code, rule.version)):
            self._versions.setdefault(rule.code, []).append(rule)

    @classmethod
    def of_orders(cls) -> "RuleVersions":
        """One query."""
        return cls(sql_rows.load_instances(EarningRule, "WHERE kind = ANY(%s)", [list(ORDER_KINDS)]))

    def in_force(self, at: datetime) -> list[EarningRule]:
        """Per rule the version in force at an instant; before its first version, that one; none after its end.

        Rules add up: an order earns by each that fits it, and each is an entry of its own.
        """
        found = [_version_at(versions, at) for versions in self._versions.values()]
        return [rule for rule in found if rule is not None]

    @property
    def excluded_categories(self) -> set[str]:
        return {name for versions in self._versions.values() for rule in versions for name in rule.excluded_categories}


def _version_at(versions: list[EarningRule], at: datetime) -> EarningRule | None:
    if at < versions[0].started_at:
        return versions[0]
    return next(
        (rule for rule in versions if rule.started_at <= at and (rule.ended_at is None or at < rule.ended_at)), None
    )


def is_order_eligible(rule: EarningRule, *, channel: str, store: str) -> bool:
    """Whether the rule's conditions let an order of this channel and store earn."""
    return (not rule.channels or channel in rule.channels) and (not rule.stores or store in rule.stores)


@transaction.atomic
def change_earning_rule(*, code: str, changes: dict[str, Any], by: Any, at: datetime) -> EarningRule:
    """The rule's next version from now on; orders placed earlier keep theirs. Without a difference nothing is made."""
    old = EarningRule.objects.select_for_update(no_key=True, of=("self",)).get(code=code, ended_at=None)
    values = {name: getattr(old, name) for name in VERSIONED_FIELDS}
    different = {name: value for name, value in changes.items() if values[name] != value}
    if not different:
        return old
    EarningRule.objects.filter(pk=old.pk).update(ended_at=at)
    new = EarningRule.objects.create(
        **{**values, **different}, code=code, version=old.version + 1, started_at=at, made_by=by
    )
    audit.record_audit_entry(
        "earning_rule.changed",
        new,
        by=by,
        before={n: str(values[n]) for n in different},
        after={n: str(v) for n, v in different.items()},
    )
    return new
