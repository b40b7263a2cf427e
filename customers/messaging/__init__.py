"""The one door: consent, suppression, the governor that decides, and the outbox that sends."""
