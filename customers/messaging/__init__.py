"""Messages to customers: consent, suppression, the governor that decides, and the outbox that sends."""
