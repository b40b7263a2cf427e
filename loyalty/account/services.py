"""What staff take out of the programme: the liability for finance, the link of a member; both are written into the audit log."""

from datetime import datetime

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.money import Money
from customers.profiles.models import Customer
from loyalty.account import member_links, overview_figures


def export_liability(*, by: User, at: datetime) -> list[tuple[str, int, Money]]:
    """The rows of `overview_figures.liability_rows`; the audit log says who took how many."""
    rows = overview_figures.liability_rows(at)
    audit.record_audit_entry("points.liability_exported", by=by, count=len(rows))
    return rows


def make_member_link(*, customer: Customer, by: User) -> str:
    """A fresh link to the member's own page; the audit log says who made it."""
    audit.record_audit_entry("member_link.made", customer, by=by)
    return member_links.sign_member_link(customer)
