"""Channels: an adapter for each, and whether it is configured."""

from customers.messaging.choices import MessageChannel

# Channels that have an adapter with credentials. A message on another channel is held and says so; it is never dropped.
CONFIGURED_CHANNELS = frozenset({MessageChannel.EMAIL.value})


def is_channel_configured(channel: str) -> bool:
    """True if messages of this channel can leave."""
    return channel in CONFIGURED_CHANNELS
