"""What happens at the door."""

from crm.kernel.background import events

# ids: customers; data: channel, topics, state. Somebody gave or withdrew consent.
CONSENT_CHANGED = events.declare_event("consent_changed")
# ids: suppressions. An address gets nothing more that the reason covers.
ADDRESS_SUPPRESSED = events.declare_event("address_suppressed")
# ids: outbound messages that a mail server has accepted, some hundreds at a time, soon after. A worker that is killed in
# between tells nobody: who must not miss one reads the rows.
MESSAGES_ACCEPTED = events.declare_event("messages_accepted")
