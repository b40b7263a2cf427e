"""The company: has it said what its mails must say?"""

from crm.kernel import company
from crm.kernel.ops.doctor.findings import Finding, good, note


def postal_address() -> Finding:
    """Marketing mail without one is against the law of most countries."""
    if not company.get().postal_address.strip():
        return note(
            "sender",
            "The company's postal address is not set (Settings, Company): no care programme starts before it is, and mail"
            " goes out without one.",
        )
    return good("sender", "Mails name the company's postal address.")
