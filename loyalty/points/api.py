"""Points for tills and shops: the balance."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.kernel.time import clock
from customers.profiles import customer_references
from customers.profiles.models import Customer
from loyalty.points import selectors
from loyalty.points.serializers import BalanceAnswer


class PointsBalanceView(APIView):
    """A member's balance."""

    scope = "points"

    @extend_schema(operation_id="points_balance", responses=BalanceAnswer, tags=["points"])
    def get(self, request: Request, customer: str) -> Response:
        """`customer` is a public id, or `external:source:value`."""
        return Response(balance_answer(get_customer_or_404(customer)))


def get_customer_or_404(reference: str) -> Customer:
    """The customer named in the address, or 404."""
    try:
        return customer_references.get_customer(reference)
    except Customer.DoesNotExist as error:
        raise NotFound from error


def balance_answer(customer: Customer) -> dict[str, object]:
    """The balance as the API shows it."""
    balance = selectors.get_points_balance(customer.pk, clock.now())
    return {
        "customer": customer.public_id,
        "posted": balance.posted,
        "available": balance.available,
        "pending": balance.pending,
        "debt": balance.debt,
        "expires_next": balance.next_points,
        "expires_on": balance.next_day.isoformat() if balance.next_day else None,
    }
