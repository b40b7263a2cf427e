"""`id__any=[…]`: one array instead of a parameter for every value. `email__lower=…`: found by the index over lower(email)."""

from typing import Any

from django.db.models import CharField, Field, ForeignObject, Lookup
from django.db.models.functions import Lower

# `iexact` asks for upper(email), which no index has: it reads every customer.
CharField.register_lookup(Lower)


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]
    """Like `__in` for a list that may be long: two thousand ids cost a query 2.5 ms that way, 7 ms and more one by one."""

    lookup_name = "any"

    def get_prep_lookup(self) -> Any:
        prepare = self.lhs.output_field.get_prep_value
        return [prepare(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, self.rhs)
