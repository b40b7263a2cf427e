"""The signed link to a member's own page: it shows one account only, and ends by itself."""

from django.conf import settings
from django.urls import reverse

from crm.kernel.auth import signed_links
from customers.profiles.models import Customer
from loyalty.points import program_settings

LINK_PURPOSE = "member"


def sign_member_link(customer: Customer) -> str:
    """A fresh link, good for as many days as the programme says."""
    signed = signed_links.sign_value(LINK_PURPOSE, customer.public_id)
    return f"{settings.SITE_URL}{reverse('loyalty:my_points', args=[signed])}"


def get_linked_customer(signed: str) -> Customer:
    """The customer of the link, or whom they were merged into. Raises BadSignedLink if it is damaged, over or of nobody."""
    public_id = signed_links.read_signed_value(LINK_PURPOSE, signed, days=program_settings.loyalty_settings().link_days)
    customer = Customer.objects.filter(public_id=public_id).select_related("merged_into").first()
    if customer is None:
        raise signed_links.BadSignedLink("nobody")
    return customer.merged_into or customer
