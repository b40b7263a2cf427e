"""How the exports of well-known systems are laid out: target → header, beside what headers alone would tell."""

from dataclasses import dataclass, field

from customers.importing.columns import COLUMNS_BY_KIND, REQUIRED_COLUMNS


class MissingColumns(Exception):
    """The mapping lacks what such a file must have; `groups` lists what is missing, each by its alternatives."""

    def __init__(self, groups: list[tuple[str, ...]]) -> None:
        super().__init__("; ".join(" / ".join(group) for group in groups))
        self.groups = groups


@dataclass(frozen=True)
class ImportPreset:
    """A known export: its column names and the options that hold for it."""

    name: str
    mapping: dict[str, str]
    options: dict[str, str] = field(default_factory=dict)


_SHOPIFY_CUSTOMERS = {
    "email": "Email",
    "given_name": "First Name",
    "family_name": "Last Name",
    "phone": "Phone",
    "tags": "Tags",
    "notes": "Note",
}
_SHOPIFY_ORDERS = {
    "order_number": "Name", "placed_at": "Created at", "currency": "Currency", "order_status": "Financial Status", "email": "Email",
    "display_name": "Billing Name", "sku": "Lineitem sku", "product_name": "Lineitem name", "quantity": "Lineitem quantity",
    "unit_price": "Lineitem price", "line_discount": "Lineitem discount", "shipping_total": "Shipping", "city": "Billing City",
    "country": "Billing Country", "channel": "Source",
}  # fmt: skip
PRESETS: dict[str, ImportPreset] = {
    "superstore": ImportPreset(
        "Superstore",
        {
            "order_number": "Order ID", "placed_at": "Order Date", "fulfilment": "Ship Mode", "customer_ref": "Customer ID",
            "display_name": "Customer Name", "customer_segment": "Segment", "country": "Country", "city": "City", "region": "State",
            "postal_code": "Postal Code", "sku": "Product ID", "category": "Sub-Category", "product_name": "Product Name",
            "line_total": "Sales", "quantity": "Quantity", "line_ref": "Row ID",
        },
        {"currency": "USD", "source": "superstore"},
    ),
    "shopify": ImportPreset("Shopify", {**_SHOPIFY_CUSTOMERS, **_SHOPIFY_ORDERS}, {"source": "shopify"}),
    "woocommerce": ImportPreset(
        "WooCommerce",
        {
            "order_number": "Order Number", "placed_at": "Order Date", "order_status": "Order Status", "email": "Email (Billing)",
            "given_name": "First Name (Billing)", "family_name": "Last Name (Billing)", "phone": "Phone (Billing)",
            "city": "City (Billing)", "country": "Country Code (Billing)", "sku": "SKU", "product_name": "Item Name",
            "quantity": "Quantity", "unit_price": "Item Cost", "shipping_total": "Order Shipping Amount",
        },
        {"source": "woocommerce"},
    ),
    "hubspot": ImportPreset("HubSpot", {"customer_ref": "Record ID", "given_name": "First Name", "family_name": "Last Name", "email": "Email", "phone": "Phone Number"}, {"source": "hubspot"}),
    "salesforce": ImportPreset("Salesforce", {"customer_ref": "Contact ID", "given_name": "First Name", "family_name": "Last Name", "email": "Email", "phone": "Phone", "birthday": "Birthdate"}, {"source": "salesforce"}),
    "mailchimp": ImportPreset("Mailchimp", {"email": "Email Address", "given_name": "First Name", "family_name": "Last Name", "phone": "Phone Number", "birthday": "Birthday", "tags": "TAGS"}, {"source": "mailchimp"}),
    "zendesk": ImportPreset("Zendesk", {"customer_ref": "id", "display_name": "name", "email": "email", "phone": "phone", "tags": "tags", "notes": "notes"}, {"source": "zendesk"}),
}  # fmt: skip


def guess_mapping(kind: str, columns: list[str], preset: str = "") -> dict[str, str]:
    """Key → column of the file: the preset's columns where the file has them, else by the names of the headers."""
    mapping = {key: column for key, column in PRESETS[preset].mapping.items() if column in columns} if preset else {}
    allowed = {column.key for column in COLUMNS_BY_KIND[kind]}
    mapping = {key: column for key, column in mapping.items() if key in allowed}
    folded = {column.strip().casefold().replace("_", " "): column for column in reversed(columns)}
    for import_column in COLUMNS_BY_KIND[kind]:
        column = next((folded[name] for name in import_column.headers if name in folded), None)
        if column is not None and import_column.key not in mapping and column not in mapping.values():
            mapping[import_column.key] = column
    return mapping


def recognize_preset(columns: list[str]) -> str:
    """The preset whose columns the file has (nearly) all of, or ''."""
    names = set(columns)
    shares = {
        key: len(names & set(preset.mapping.values())) / len(set(preset.mapping.values()))
        for key, preset in PRESETS.items()
    }
    best = max(shares, key=lambda key: shares[key])
    return best if shares[best] >= 0.9 else ""


def check_mapping(kind: str, mapping: dict[str, str], columns: list[str]) -> None:
    """Refused: MissingColumns, where the mapping names unknown columns or lacks what such a file must have."""
    if unknown := [column for column in mapping.values() if column not in columns]:
        raise MissingColumns([(column,) for column in unknown])
    if missing := [group for group in REQUIRED_COLUMNS[kind] if not any(key in mapping for key in group)]:
        raise MissingColumns(missing)
