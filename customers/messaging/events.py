"""What happens at the door."""

from crm.kernel import events

# ids: customers; data: channel, topics, state. Somebody gave or withdrew consent.
CONSENT_CHANGED = events.declare("consent_changed")
# ids: suppressions. An address gets nothing more that the reason covers.
ADDRESS_SUPPRESSED = events.declare("address_suppressed")
# ids: outbound messages that a mail server has accepted.
MESSAGES_ACCEPTED = events.declare("messages_accepted")
