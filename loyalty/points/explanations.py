"""Ledger entries explained in the reader's language (LO-4): title, the reasoning for staff, a line for the member."""

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.ui.languages import pick_text
from loyalty.points.choices import EntryKind, RoundingMode
from loyalty.points.earning_kinds import registry
from loyalty.points.earning_kinds.per_money import PER_MONEY
from loyalty.points.models import LedgerEntry

EXCLUSION_TEXTS = {
    "excluded": lambda amount: _("goods that earn nothing %(amount)s") % {"amount": amount},
    "gift_cards": lambda amount: _("gift cards %(amount)s") % {"amount": amount},
    "rewards": lambda amount: _("reward discounts %(amount)s") % {"amount": amount},
    "paid_with_points": lambda amount: _("paid with points %(amount)s") % {"amount": amount},
    "shipping": lambda amount: _("shipping %(amount)s") % {"amount": amount},
}


def entry_title(entry: LedgerEntry) -> str:
    """What happened, in a few words."""
    data = entry.data
    if entry.kind in (EntryKind.EARN, EntryKind.REVERSE):
        return _("Order %(number)s") % {"number": data.get("order", "")}
    if entry.kind in (EntryKind.SPEND, EntryKind.RETURN):
        name = pick_text(data["reward"], _language()) if data.get("reward") else ""
        title = _("Redeemed: %(name)s") if entry.kind == EntryKind.SPEND else _("Returned: %(name)s")
        return title % {"name": name} if name else _paid_with_points(entry)
    if entry.kind == EntryKind.BONUS and data.get("event"):
        return pick_text(entry.rule.names, _language()) if entry.rule else data["event"]
    return str(EntryKind(entry.kind).label)


def explain_entry(entry: LedgerEntry) -> str:
    """The whole reasoning, for staff: base, exclusions, rule version, multiplier, rounding; or why points went."""
    explain = {
        EntryKind.EARN: _explain_earning,
        EntryKind.REVERSE: _explain_reversal,
        EntryKind.RETURN: _explain_return,
        EntryKind.REPAY: _explain_repayment,
        EntryKind.SPEND: _explain_spend,
        EntryKind.EXPIRE: lambda entry: _("These points were not used in time."),
    }.get(EntryKind(entry.kind), _reason_text)
    return explain(entry)


def member_explanation(entry: LedgerEntry) -> str:
    """A short line under the title, for the member's own page."""
    data = entry.data
    if entry.kind == EntryKind.EARN and "base" in data:
        amount = _amount(data["base"], data["currency"])
        if Decimal(data["multiplier"]) != 1:
            return _("%(amount)s, %(multiplier)s times the points") % {
                "amount": amount,
                "multiplier": data["multiplier"],
            }
        return amount
    return (
        explain_entry(entry) if entry.kind in (EntryKind.REVERSE, EntryKind.RETURN, EntryKind.REPAY) else entry.reason
    )


def _paid_with_points(entry: LedgerEntry) -> str:
    number = entry.order_ref.partition(":")[2] or entry.data.get("order", "")
    if entry.kind == EntryKind.RETURN:
        return _("Returned for order %(number)s") % {"number": number} if number else str(EntryKind.RETURN.label)
    return _("Paid with points, order %(number)s") % {"number": number} if number else _("Paid with points")


def _explain_earning(entry: LedgerEntry) -> str:
    data = entry.data
    kind = registry.get_earning_kind(entry.rule.kind if entry.rule else PER_MONEY)
    texts = {"base": _amount(data["base"], data["currency"]), "rate": _points(Decimal(data["rate"]))}
    parts = [kind.explain_rate(data, texts)]
    if Decimal(data["multiplier"]) != 1:
        parts.append(_("times %(multiplier)s for the tier") % {"multiplier": _number(data["multiplier"])})
    parts.append(
        _("%(exact)s rounded %(rounding)s") % {"exact": _number(data["exact"]), "rounding": _rounding(data["rounding"])}
    )
    sentence = _join(parts)
    if excluded := [
        text(_amount(data[key], data["currency"])) for key, text in EXCLUSION_TEXTS.items() if Decimal(data.get(key, 0))
    ]:
        sentence += " " + _("Left out: %(list)s.") % {"list": _("; ").join(excluded)}
    if "change" in data:
        sentence += " " + _("The order was changed.")
    return sentence


def _explain_reversal(entry: LedgerEntry) -> str:
    data = entry.data
    why = {"refund": _("Refunded"), "cancel": _("The order was cancelled"), "change": _("The order was changed")}.get(
        entry.source_system, ""
    )
    parts = [_("%(why)s: %(points)s taken back") % {"why": why, "points": _points(data["reversed"])}]
    if data.get("lapsed"):
        parts.append(_("%(points)s of them had expired") % {"points": _points(data["lapsed"])})
    if data.get("owed"):
        parts.append(_("%(points)s were spent and are owed") % {"points": _points(data["owed"])})
    if data.get("written_off"):
        parts.append(_("%(points)s were spent and are written off") % {"points": _points(data["written_off"])})
    return _join(parts)


def _explain_return(entry: LedgerEntry) -> str:
    data = entry.data
    parts = (
        [
            _("%(points)s came back with the expiry that they had")
            % {"points": _points(entry.points - data["reinstated"])}
        ]
        if entry.points - data["reinstated"]
        else []
    )
    if data["reinstated"]:
        parts.append(
            _("%(points)s had expired and came back for a short time") % {"points": _points(data["reinstated"])}
        )
    if data["lapsed"]:
        parts.append(_("%(points)s had expired too long ago to come back") % {"points": _points(data["lapsed"])})
    if data.get("undone_order"):
        parts.append(_("order %(number)s came to nothing") % {"number": data["undone_order"]})
    return _join([*parts, *([entry.reason] if entry.reason else [])])


def _explain_repayment(entry: LedgerEntry) -> str:
    return _("%(paid)s paid the debt, %(left)s still owed.") % {
        "paid": _points(entry.data["paid"]),
        "left": _points(entry.data["left"]),
    }


def _explain_spend(entry: LedgerEntry) -> str:
    return _("Taken from the points that expire first.")


def _reason_text(entry: LedgerEntry) -> str:
    if entry.actor and entry.reason:
        return _("%(reason)s (%(name)s)") % {"reason": entry.reason, "name": entry.actor.name}
    return entry.reason


def _join(parts: list[str]) -> str:
    return _("%(parts)s.") % {"parts": _("; ").join(parts)} if parts else ""


def _points(value: int | Decimal) -> str:
    whole = int(value)
    text = _number(value)
    return ngettext("%(count)s point", "%(count)s points", whole if value == whole else 2) % {"count": text}


def _number(value: Any) -> str:
    return money.format_number(Decimal(value), _language())


def _amount(value: str, currency: str) -> str:
    return money.format_money(Decimal(value), currency, _language())


def _rounding(code: str) -> str:
    texts = {
        RoundingMode.FLOOR: pgettext("rounding", "down"),
        RoundingMode.HALF_UP: pgettext("rounding", "to the nearest"),
        RoundingMode.CEILING: pgettext("rounding", "up"),
    }
    return texts[RoundingMode(code)]


def _language() -> str:
    return get_language() or "en"
