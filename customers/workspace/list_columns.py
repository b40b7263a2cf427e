"""The columns of the customer list: which there are, which are shown, what stands in a cell."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.templatetags import crm as written
from crm.kernel.templatetags import figures, ui
from crm.kernel.templatetags.signs import icon
from crm.kernel.ui.languages import html_lang
from customers.messaging import policy
from customers.messaging.choices import Channel, ConsentState, Topic
from customers.profiles import contact_masks, facts, phones

NOTHING = "–"


@dataclass(frozen=True)
class Column:
    """A column: `cell` writes one row's cell, `masked` for who may not see contact data; `sort` is a sort of the list."""

    key: str
    label: Any
    cell: Callable[[Any], Any]
    sort: str = ""
    first: str = "desc"
    numeric: bool = False
    masked: Callable[[Any], Any] | None = None

    def write(self, row: Any, full: bool) -> str:
        """The cell in its markup."""
        held = self.cell(row) if full or self.masked is None else self.masked(row)
        return f'<td class="{"n" if self.numeric else "is-tight"}">{conditional_escape(held)}</td>'


def _money(amount: Decimal | None) -> str:
    return written.money_whole(amount, company.get().base_currency)


def _orders(row: Any) -> SafeString | str:
    if not row.order_count:
        return NOTHING
    url = f"{_order_list()}?customer={row.public_id}"
    return format_html('<a class="eg-num" href="{}">{}</a>', url, written.number(row.order_count))


@cache
def _order_list() -> str:
    return reverse("customers:order_list")


def _last(row: Any) -> SafeString | str:
    if row.last_order_at is None:
        return NOTHING
    where = row.last_order or {}
    place = where.get("store") or where.get("channel") or ""
    return format_html('{}<span class="eg-cell-sub">{}</span>', written.day(row.last_order_at), place)


def _tags(row: Any) -> SafeString:
    return format_html_join(" ", "{}", ((ui.badge(tag, "line"),) for tag in row.tags[:3]))


def _reach(row: Any) -> SafeString:
    """Which channels may carry care messages to the customer: the sign in ink, or faint and crossed out."""
    said = {each["channel"]: each["state"] == ConsentState.GIVEN for each in row.said or []}
    email, sms = (
        bool(address) and said.get(channel, policy.default_consent(channel, Topic.CARE))
        for channel, address in (("email", row.email), ("sms", row.phone))
    )
    return _signs(email, sms, get_language() or "en")


@lru_cache(maxsize=12)
def _signs(email: bool, sms: bool, language: str) -> SafeString:
    """Four pictures in each language."""
    signs = []
    for channel, sign, allowed in ((Channel.EMAIL, "envelope", email), (Channel.SMS, "phone", sms)):
        words = _("%(channel)s allowed") if allowed else _("%(channel)s not allowed")
        signs.append((icon(sign, words % {"channel": channel.label}, "" if allowed else "eg-off"),))
    return format_html('<span class="eg-row gap-2">{}</span>', format_html_join("", "{}", signs))


def _language(row: Any) -> str:
    return {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}.get(row.language, NOTHING)


FIXED = [
    Column("spend", gettext_lazy("Net spend"), lambda row: _money(row.net_spend), "spend", numeric=True),
    Column("orders", gettext_lazy("Orders"), _orders, "orders", numeric=True),
    Column("last", gettext_lazy("Last purchase"), _last, "last"),
    Column("reach", gettext_lazy("Reach"), _reach),
    Column("owner", gettext_lazy("Owner"), lambda row: row.owner.name if row.owner else NOTHING),
    Column("tags", gettext_lazy("Tags"), _tags),
    Column(
        "email",
        gettext_lazy("E-mail"),
        lambda row: row.email or NOTHING,
        masked=lambda row: contact_masks.email(row.email) or NOTHING,
    ),
    Column(
        "phone",
        gettext_lazy("Phone"),
        lambda row: phones.shown(row.phone) or NOTHING,
        masked=lambda row: contact_masks.phone(row.phone) or NOTHING,
    ),
    Column("city", gettext_lazy("City"), lambda row: row.city or NOTHING),
    Column("home_store", gettext_lazy("Home store"), lambda row: row.home_store or NOTHING),
    Column("grade", gettext_lazy("Value grade"), lambda row: row.value_grade or NOTHING),
    Column("language", gettext_lazy("Language"), _language),
    Column("created", gettext_lazy("Added"), lambda row: written.day(row.created_at), "created"),
]
DEFAULT = ("tier", "risk", "spend", "orders", "last", "nps", "reach", "owner")


def every() -> list[Column]:
    """The usual ones in their order, then the other fixed ones, then the other facts that upper apps push."""
    known = {column.key: column for column in [*FIXED, *map(_fact, facts.kinds)]}
    keys = dict.fromkeys([*DEFAULT, *known])
    return [known[key] for key in keys if key in known]


def chosen(keys: list[str]) -> list[Column]:
    """The columns of an address, in our order; unknown keys fall out, none at all means the usual ones."""
    known = {column.key: column for column in every()}
    wanted = [key for key in keys if key in known] or [key for key in DEFAULT if key in known]
    return [column for key, column in known.items() if key in wanted]


def _fact(kind: str) -> Column:
    return Column(kind, facts.kinds[kind], lambda row: fact(row, kind), "risk" if kind == "risk" else "")


def fact(row: Any, kind: str) -> Any:
    """One of the row's facts in the look of its kind."""
    found = next((each for each in row.fact_list or [] if each["kind"] == kind), None)
    if found is not None:
        return fact_shown(kind, found)
    shown = facts.looks[kind].otherwise(row) if kind in facts.looks else None
    return drawn(shown) if shown else NOTHING


def fact_shown(kind: str, found: dict[str, Any]) -> Any:
    number = None if found["number"] is None else Decimal(str(found["number"]))
    return drawn(facts.show(kind, found["value"], number))


def drawn(shown: facts.Shown) -> Any:
    """A fact in the markup of its style; nothing as a dash."""
    return _markup(shown, get_language() or "en")


@lru_cache(maxsize=2048)
def _markup(shown: facts.Shown, language: str) -> Any:
    """Few facts differ, and every list draws them by the hundred."""
    if not shown.text:
        return NOTHING
    if shown.style == "tier":
        return ui.tier(shown.text, int(shown.tone or 1))
    if shown.style == "risk":
        return figures.risk(shown.tone, shown.text)
    return ui.badge(shown.text, shown.tone) if shown.style == "badge" else shown.text


def lang(row: Any) -> str:
    """The language of the row's name, for the right glyphs."""
    return html_lang(row.language) if row.language else ""
