"""Public ids: what URLs and the API show instead of row numbers."""

import secrets
from typing import Any

from django.db import models


def generate_public_id(prefix: str) -> str:
    """`cu_` and 16 hexadecimal digits: 64 random bits, enough against collision, no secret."""
    return f"{prefix}_{secrets.token_hex(8)}"


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """A unique public id; set-based inserts use the SQL function `crm_public_id(prefix)` instead."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.update(max_length=24, unique=True, editable=False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "unique", "editable"):
            kwargs.pop(key, None)
        return name, path, args, {**kwargs, "prefix": self.prefix}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if not value:
            value = generate_public_id(self.prefix)
            setattr(model_instance, self.attname, value)
        return value
