"""How the exports of well-known systems are laid out: for each system and kind of file the columns that are taken.

A layout is closed: of a file that it fits no other column is guessed at. `Id` of an order export is the order's number in
the shop, `Subtotal` no line's amount, and the tags of an order are not its buyer's.
Columns are those that the systems document for their exports; case and blanks around them do not matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from customers.importing.choices import ImportKind
from customers.importing.columns import COLUMNS_BY_KIND, CUSTOMER_COLUMNS, REQUIRED_COLUMNS

CUSTOMER_KEYS = frozenset(column.key for column in CUSTOMER_COLUMNS)


class MissingColumns(Exception):
    """The mapping lacks what such a file must have; `groups` lists what is missing, each by its alternatives."""

    def __init__(self, groups: list[tuple[str, ...]]) -> None:
        super().__init__("; ".join(" / ".join(group) for group in groups))
        self.groups = groups


@dataclass(frozen=True)
class PresetLayout:
    """One kind of file of a system: target → its column, or columns in order of preference; `signature` are columns that
    together no other system has."""

    kind: str
    signature: tuple[str, ...]
    targets: Mapping[str, str | tuple[str, ...]]

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether a file with these columns is of this layout."""
        return {_fold(column) for column in self.signature} <= {_fold(column) for column in columns}

    def mapping_of(self, kind: str, columns: Sequence[str]) -> dict[str, str]:
        """Target → column of the file; the customers of an order file are known by its customer columns alone."""
        by_name = {_fold(column): column for column in reversed(columns)}
        mapping: dict[str, str] = {}
        for target, names in self.targets.items():
            if kind == ImportKind.CUSTOMERS and target not in CUSTOMER_KEYS:
                continue
            candidates = (by_name.get(_fold(name)) for name in ([names] if isinstance(names, str) else names))
            if column := next((name for name in candidates if name and name not in mapping.values()), None):
                mapping[target] = column
        return mapping


@dataclass(frozen=True)
class ImportPreset:
    """A known system: its exports, and the options that hold for all of them."""

    name: str
    layouts: tuple[PresetLayout, ...]
    options: Mapping[str, str] = field(default_factory=dict)

    def find_layout(self, kind: str, columns: Sequence[str]) -> PresetLayout | None:
        """The layout that the file has: one of its kind before another's; None where it has none of this system."""
        fitting = [layout for layout in self.layouts if layout.fits(columns)]
        return next((layout for layout in fitting if layout.kind == kind), fitting[0] if fitting else None)


_HUBSPOT_CONTACTS: dict[str, str | tuple[str, ...]] = {
    "customer_ref": ("Record ID", "Record ID - Contact"), "given_name": "First Name", "family_name": "Last Name",
    "email": "Email", "phone": ("Phone Number", "Mobile Phone Number"), "street": "Street Address", "city": "City",
    "region": "State/Region", "postal_code": "Postal Code", "country": "Country/Region", "language": "Preferred language",
    "time_zone": "Time Zone", "birthday": "Date of birth", "email_opt_out": "Unsubscribed from all email",
}  # fmt: skip
PRESETS: dict[str, ImportPreset] = {
    "superstore": ImportPreset(
        "Superstore",
        (
            PresetLayout(
                ImportKind.ORDERS,
                ("Order ID", "Ship Mode", "Customer ID", "Segment", "Sub-Category", "Sales"),
                {
                    "order_number": "Order ID", "placed_at": "Order Date", "fulfilment": "Ship Mode",
                    "customer_ref": "Customer ID", "display_name": "Customer Name", "customer_segment": "Segment",
                    "country": "Country", "city": "City", "region": "State", "postal_code": "Postal Code",
                    "sku": "Product ID", "category": "Sub-Category", "product_name": "Product Name",
                    "line_total": "Sales", "quantity": "Quantity", "line_ref": "Row ID",
                },
            ),
        ),
        {"currency": "USD", "source": "superstore"},
    ),
    "shopify": ImportPreset(
        "Shopify",
        (
            PresetLayout(
                ImportKind.ORDERS,
                ("Name", "Financial Status", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price"),
                {
                    "order_number": "Name", "placed_at": "Created at", "currency": "Currency",
                    "order_status": "Financial Status", "cancelled_at": "Cancelled at",
                    "refund_amount": "Refunded Amount", "channel": "Source", "order_store": "Location",
                    "fulfilment": "Shipping Method", "shipping_total": "Shipping", "tax_total": "Taxes",
                    "order_discount": "Discount Amount", "sku": "Lineitem sku", "product_name": "Lineitem name",
                    "quantity": "Lineitem quantity", "unit_price": "Lineitem price",
                    "line_discount": "Lineitem discount", "email": "Email", "email_consent": "Accepts Marketing",
                    "display_name": ("Billing Name", "Shipping Name"), "phone": ("Phone", "Billing Phone"),
                    "street": ("Billing Street", "Billing Address1"), "city": "Billing City",
                    "region": ("Billing Province Name", "Billing Province"), "postal_code": "Billing Zip",
                    "country": "Billing Country",
                },
            ),
            PresetLayout(
                ImportKind.CUSTOMERS,
                ("First Name", "Last Name", "Email", "Total Spent", "Total Orders", "Tax Exempt"),
                {
                    "customer_ref": "Customer ID", "given_name": "First Name", "family_name": "Last Name",
                    "email": "Email", "phone": ("Phone", "Default Address Phone"),
                    "street": ("Default Address Address1", "Address1"), "city": ("Default Address City", "City"),
                    "region": ("Default Address Province Code", "Province", "Province Code"),
                    "postal_code": ("Default Address Zip", "Zip"),
                    "country": ("Default Address Country Code", "Country Code", "Country"), "tags": "Tags",
                    "notes": "Note", "email_consent": ("Accepts Email Marketing", "Accepts Marketing"),
                    "sms_consent": "Accepts SMS Marketing",
                },
            ),
        ),
        {"source": "shopify"},
    ),
    "woocommerce": ImportPreset(
        "WooCommerce",
        (
            PresetLayout(
                ImportKind.ORDERS,
                ("Order Number", "Order Status", "Order Date", "Email (Billing)", "Item Name"),
                {
                    "order_number": "Order Number", "placed_at": "Order Date",
                    "currency": ("Order Currency", "Currency"), "order_status": "Order Status",
                    "refund_amount": "Order Refund Amount", "fulfilment": "Shipping Method Title",
                    "shipping_total": "Order Shipping Amount", "tax_total": "Order Total Tax Amount",
                    "order_discount": "Cart Discount Amount", "sku": "SKU", "product_name": "Item Name",
                    "category": "Category", "quantity": ("Quantity", "Quantity (- Refund)"),
                    "unit_price": "Item Cost", "customer_ref": "Customer User ID", "email": "Email (Billing)",
                    "given_name": "First Name (Billing)", "family_name": "Last Name (Billing)",
                    "phone": "Phone (Billing)", "street": ("Address 1&2 (Billing)", "Address 1 (Billing)"),
                    "city": "City (Billing)", "region": ("State Name (Billing)", "State Code (Billing)"),
                    "postal_code": "Postcode (Billing)", "country": ("Country Code (Billing)", "Country Name (Billing)"),
                },
            ),
            PresetLayout(
                ImportKind.CUSTOMERS,
                ("Name", "Username", "Last Active", "Sign Up", "Email", "AOV"),
                {
                    "display_name": "Name", "email": "Email", "country": ("Country / Region", "Country"),
                    "city": "City", "region": "Region", "postal_code": "Postal Code",
                },
            ),
        ),
        {"source": "woocommerce"},
    ),
    "hubspot": ImportPreset(
        "HubSpot",
        (
            PresetLayout(
                ImportKind.CUSTOMERS, ("Record ID", "First Name", "Last Name", "Email", "Phone Number"), _HUBSPOT_CONTACTS
            ),
            PresetLayout(ImportKind.CUSTOMERS, ("Record ID - Contact", "First Name", "Last Name", "Email"), _HUBSPOT_CONTACTS),
        ),
        {"source": "hubspot"},
    ),
    "salesforce": ImportPreset(
        "Salesforce",
        (
            PresetLayout(
                ImportKind.CUSTOMERS,
                ("Id", "FirstName", "LastName", "Email"),
                {
                    "customer_ref": "Id", "given_name": "FirstName", "family_name": "LastName", "email": "Email",
                    "phone": ("Phone", "MobilePhone"), "street": "MailingStreet", "city": "MailingCity",
                    "region": "MailingState", "postal_code": "MailingPostalCode",
                    "country": ("MailingCountryCode", "MailingCountry"), "birthday": "Birthdate",
                    "notes": "Description", "email_opt_out": "HasOptedOutOfEmail",
                },
            ),
            PresetLayout(
                ImportKind.CUSTOMERS,
                ("First Name", "Last Name", "Contact ID", "Email"),
                {
                    "customer_ref": "Contact ID", "given_name": "First Name", "family_name": "Last Name",
                    "email": "Email", "phone": ("Phone", "Mobile"), "street": ("Mailing Street", "Mailing Address Line 1"),
                    "city": "Mailing City", "region": "Mailing State/Province",
                    "postal_code": "Mailing Zip/Postal Code", "country": "Mailing Country", "birthday": "Birthdate",
                    "notes": ("Contact Description", "Description"), "email_opt_out": "Email Opt Out",
                },
            ),
        ),
        {"source": "salesforce"},
    ),
    "mailchimp": ImportPreset(
        "Mailchimp",
        (
            PresetLayout(
                ImportKind.CUSTOMERS,
                ("Email Address", "MEMBER_RATING", "OPTIN_TIME", "LEID", "EUID"),
                {
                    "email": "Email Address", "given_name": "First Name", "family_name": "Last Name",
                    "phone": "Phone Number", "birthday": "Birthday", "street": "Address", "country": "CC",
                    "time_zone": "TIMEZONE", "tags": "TAGS", "notes": "NOTES",
                    "email_opt_out": ("UNSUB_TIME", "CLEAN_TIME"), "email_consent": "CONFIRM_TIME",
                    "consent_at": ("OPTIN_TIME",),
                },
            ),
        ),
        {"source": "mailchimp"},
    ),
    "zendesk": ImportPreset(
        "Zendesk",
        (
            PresetLayout(
                ImportKind.CUSTOMERS,
                ("name", "email", "role", "external_id", "tags", "notes"),
                {
                    "customer_ref": ("id", "external_id"), "display_name": "name", "email": "email", "phone": "phone",
                    "language": "locale", "time_zone": "time_zone", "tags": "tags", "notes": "notes",
                },
            ),
        ),
        {"source": "zendesk"},
    ),
}  # fmt: skip


def guess_mapping(kind: str, columns: list[str], preset: str = "") -> dict[str, str]:
    """Target → column of the file: those of the preset's layout alone, else by the names of the headers."""
    if preset and (layout := PRESETS[preset].find_layout(kind, columns)):
        return layout.mapping_of(kind, columns)
    mapping: dict[str, str] = {}
    folded = {_fold(column).replace("_", " "): column for column in reversed(columns)}
    for import_column in COLUMNS_BY_KIND[kind]:
        column = next((folded[name] for name in import_column.headers if name in folded), None)
        if column is not None and column not in mapping.values():
            mapping[import_column.key] = column
    return mapping


def recognize_preset(columns: list[str]) -> str:
    """The system whose export has all columns that tell it from others, or ''."""
    return next(
        (key for key, preset in PRESETS.items() if any(layout.fits(columns) for layout in preset.layouts)),
        "",
    )


def check_mapping(kind: str, mapping: dict[str, str], columns: list[str]) -> None:
    """Refused: MissingColumns, where the mapping names unknown columns or lacks what such a file must have."""
    if unknown := [column for column in mapping.values() if column not in columns]:
        raise MissingColumns([(column,) for column in unknown])
    if missing := [group for group in REQUIRED_COLUMNS[kind] if not any(key in mapping for key in group)]:
        raise MissingColumns(missing)


def _fold(column: str) -> str:
    return column.strip().casefold()
