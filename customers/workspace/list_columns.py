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
from customers.messaging.choices import ConsentState, MessageChannel, MessageTopic
from customers.profiles import contact_masks, facts, phones

NOTHING = "–"


@dataclass(frozen=True)
class CustomerColumn:
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
    return written.money_whole(amount, company.get_company().base_currency)


def _order_count_cell(row: Any) -> SafeString | str:
    if not row.order_count:
        return NOTHING
    url = f"{_order_list_url()}?customer={row.public_id}"
    return format_html('<a class="eg-num" href="{}">{}</a>', url, written.number(row.order_count))


@cache
def _order_list_url() -> str:
    return reverse("customers:order_list")


def _last_order_cell(row: Any) -> SafeString | str:
    if row.last_order_at is None:
        return NOTHING
    where = row.last_order or {}
    place = where.get("store") or where.get("channel") or ""
    return format_html('{}<span class="eg-cell-sub">{}</span>', written.day(row.last_order_at), place)


def _tags_cell(row: Any) -> SafeString:
    return format_html_join(" ", "{}", ((ui.badge(tag, "line"),) for tag in row.tags[:3]))


def _reach_cell(row: Any) -> SafeString:
    """Which channels may carry care messages to the customer: the sign in ink, or faint and crossed out."""
    said = {each["channel"]: each["state"] == ConsentState.GIVEN for each in row.said or []}
    email, sms = (
        bool(address) and said.get(channel, policy.default_consent(channel, MessageTopic.CARE))
        for channel, address in (("email", row.email), ("sms", row.phone))
    )
    return _reach_icons(email, sms, get_language() or "en")


@lru_cache(maxsize=12)
def _reach_icons(email: bool, sms: bool, language: str) -> SafeString:
    """Four pictures in each language."""
    signs = []
    for channel, sign, allowed in ((MessageChannel.EMAIL, "envelope", email), (MessageChannel.SMS, "phone", sms)):
        words = _("%(channel)s allowed") if allowed else _("%(channel)s not allowed")
        signs.append((icon(sign, words % {"channel": channel.label}, "" if allowed else "eg-off"),))
    return format_html('<span class="eg-row gap-2">{}</span>', format_html_join("", "{}", signs))


def _language(row: Any) -> str:
    return {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}.get(row.language, NOTHING)


FIXED_COLUMNS = [
    CustomerColumn("spend", gettext_lazy("Net spend"), lambda row: _money(row.net_spend), "spend", numeric=True),
    CustomerColumn("orders", gettext_lazy("Orders"), _order_count_cell, "orders", numeric=True),
    CustomerColumn("last", gettext_lazy("Last purchase"), _last_order_cell, "last"),
    CustomerColumn("reach", gettext_lazy("Reach"), _reach_cell),
    CustomerColumn("owner", gettext_lazy("Owner"), lambda row: row.owner.name if row.owner else NOTHING),
    CustomerColumn("tags", gettext_lazy("Tags"), _tags_cell),
    CustomerColumn(
        "email",
        gettext_lazy("E-mail"),
        lambda row: row.email or NOTHING,
        masked=lambda row: contact_masks.mask_email(row.email) or NOTHING,
    ),
    CustomerColumn(
        "phone",
        gettext_lazy("Phone"),
        lambda row: phones.format_phone(row.phone) or NOTHING,
        masked=lambda row: contact_masks.mask_phone(row.phone) or NOTHING,
    ),
    CustomerColumn("city", gettext_lazy("City"), lambda row: row.city or NOTHING),
    CustomerColumn("home_store", gettext_lazy("Home store"), lambda row: row.home_store or NOTHING),
    CustomerColumn("grade", gettext_lazy("Value grade"), lambda row: row.value_grade or NOTHING),
    CustomerColumn("language", gettext_lazy("Language"), _language),
    CustomerColumn("created", gettext_lazy("Added"), lambda row: written.day(row.created_at), "created"),
]
DEFAULT_COLUMNS = ("tier", "risk", "spend", "orders", "last", "nps", "reach", "owner")


def all_columns() -> list[CustomerColumn]:
    """The usual ones in their order, then the other fixed ones, then the other facts that upper apps push."""
    known = {column.key: column for column in [*FIXED_COLUMNS, *map(_fact_column, facts.fact_formats)]}
    keys = dict.fromkeys([*DEFAULT_COLUMNS, *known])
    return [known[key] for key in keys if key in known]


def chosen_columns(keys: list[str]) -> list[CustomerColumn]:
    """The columns of an address, in our order; unknown keys fall out, none at all means the usual ones."""
    known = {column.key: column for column in all_columns()}
    wanted = [key for key in keys if key in known] or [key for key in DEFAULT_COLUMNS if key in known]
    return [column for key, column in known.items() if key in wanted]


def _fact_column(kind: str) -> CustomerColumn:
    return CustomerColumn(
        kind, facts.fact_label(kind), lambda row: fact_cell(row, kind), "risk" if kind == "risk" else ""
    )


def fact_cell(row: Any, kind: str) -> Any:
    """One of the row's facts in the look of its kind."""
    found = next((each for each in row.fact_list or [] if each["kind"] == kind), None)
    if found is not None:
        return fact_row_markup(kind, found)
    shown = facts.fact_formats[kind].format_missing(row) if kind in facts.fact_formats else None
    return fact_markup(shown) if shown else NOTHING


def fact_row_markup(kind: str, found: dict[str, Any]) -> Any:
    number = None if found["number"] is None else Decimal(str(found["number"]))
    return fact_markup(facts.format_fact(kind, found["value"], number))


def fact_markup(shown: facts.FactDisplay) -> Any:
    """A fact in the markup of its style; nothing as a dash."""
    return _cached_markup(shown, get_language() or "en")


@lru_cache(maxsize=2048)
def _cached_markup(shown: facts.FactDisplay, language: str) -> Any:
    """Few facts differ, and every list draws them by the hundred."""
    if not shown.text:
        return NOTHING
    if shown.style == "tier":
        return ui.tier(shown.text, int(shown.tone or 1))
    if shown.style == "risk":
        return figures.risk(shown.tone, shown.text)
    return ui.badge(shown.text, shown.tone) if shown.style == "badge" else shown.text


def name_language(row: Any) -> str:
    """The language of the row's name, for the right glyphs."""
    return html_lang(row.language) if row.language else ""
