"""What `manage.py doctor` says of tickets: does anybody read the answers to our mails?"""

from crm.kernel import company
from crm.kernel.ops.doctor.findings import DoctorFinding, good_finding, note_finding, problem_finding
from feedback.tickets.settings import DEFAULT_REPLY_ADDRESS, TicketSettings


def check_replies() -> DoctorFinding:
    """A mail asks for an answer only where one is read."""
    tickets = company.get_settings(TicketSettings)
    if not tickets.is_reply_address_read:
        return note_finding(
            "replies",
            "Answers to ticket mails are not read (Settings, Tickets): customers are asked to answer on their own page.",
        )
    if tickets.reply_address == DEFAULT_REPLY_ADDRESS or "@" not in tickets.reply_address:
        return problem_finding(
            "replies",
            f"Ticket mails ask for answers to {tickets.reply_address or 'no address'}, which nobody reads: set the address"
            " for answers (Settings, Tickets), or say that it is not read.",
        )
    return good_finding("replies", f"Answers to ticket mails go to {tickets.reply_address}.")
