"""Products by the name that the reader calls them."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import get_language

from customers.orders.models import Product


def product_names(skus: Collection[str]) -> dict[str, str]:
    """SKU → name in the reader's language, of those that are known. One query, none without SKUs."""
    if not skus:
        return {}
    language = get_language() or "en"
    return {product.sku: product.name_in(language) for product in Product.objects.filter(sku__in=skus)}


def name_products(entries: Sequence[dict[str, Any]]) -> None:
    """Give timeline entries the products' names in place of what the source wrote, often only their number. One query."""
    names = product_names({sku for entry in entries for sku in _skus(entry)})
    for entry in entries:
        texts = entry.get("products", [])
        entry["products"] = [names.get(sku, text) for sku, text in zip(_skus(entry), texts, strict=False)]


def _skus(entry: dict[str, Any]) -> list[str]:
    """Entries from before they held SKUs may have one for a name."""
    skus: list[str] = entry.get("skus", entry.get("products", []))
    return skus
