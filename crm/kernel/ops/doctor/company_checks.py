"""The company: has it said what its mails must say?"""

from crm.kernel import company
from crm.kernel.ops.doctor.findings import DoctorFinding, good_finding, note_finding


def check_postal_address() -> DoctorFinding:
    """Marketing mail without one is against the law of most countries."""
    if not company.get_company().postal_address.strip():
        return note_finding(
            "sender",
            "The company's postal address is not set (Settings, Company): no care programme starts before it is, and mail"
            " goes out without one.",
        )
    return good_finding("sender", "Mails name the company's postal address.")
