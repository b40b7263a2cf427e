"""The version of an earning rule that counts for an order, and the change that makes the next version."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.db import sql_rows
from loyalty.points.earning_kinds import registry
from loyalty.points.models import EarningRule

VERSIONED_FIELDS = [
    "names", "kind", "event", "points", "per", "minimum", "cap", "with_tax", "rounding", "pending_days", "expiry_mode",
    "expiry_months", "expiry_date", "refund_policy", "reinstate_days", "channels", "stores", "excluded_categories",
]  # fmt: skip


class RuleVersions:
    """All versions of a set of earning rules, read once for a batch of orders."""

    def __init__(self, rules: Iterable[EarningRule]) -> None:
        self._versions: dict[str, list[EarningRule]] = {}
        for rule in sorted(rules, key=lambda rule: (rule.code, rule.version)):
            self._versions.setdefault(rule.code, []).append(rule)

    @classmethod
    def load_for_orders(cls) -> "RuleVersions":
        """The rules that orders earn by. One query."""
        return cls(sql_rows.load_instances(EarningRule, "WHERE kind = ANY(%s)", [registry.order_kind_codes()]))

    def versions_in_force(self, at: datetime) -> list[EarningRule]:
        """The version of each rule that counts at an instant: before its first version that one, after its end none.

        Rules add up: an order earns by each that fits it, and each makes an entry of its own.
        """
        versions = (_version_at(versions, at) for versions in self._versions.values())
        return [rule for rule in versions if rule is not None]

    @property
    def excluded_categories(self) -> set[str]:
        """Every product category that some version leaves out."""
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
def change_earning_rule(*, code: str, changes: dict[str, Any], by: User, at: datetime) -> EarningRule:
    """Make the rule's next version, in force from `at`; orders placed earlier keep theirs. No change, no version."""
    old = EarningRule.objects.select_for_update(no_key=True, of=("self",)).get(code=code, ended_at=None)
    values = {name: getattr(old, name) for name in VERSIONED_FIELDS}
    changed = {name: value for name, value in changes.items() if values[name] != value}
    if not changed:
        return old
    EarningRule.objects.filter(pk=old.pk).update(ended_at=at)
    new = EarningRule.objects.create(
        **{**values, **changed}, code=code, version=old.version + 1, started_at=at, made_by=by
    )
    audit.record_audit_entry(
        "earning_rule.changed",
        new,
        by=by,
        before={name: str(values[name]) for name in changed},
        after={name: str(value) for name, value in changed.items()},
    )
    return new
