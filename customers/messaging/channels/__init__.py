"""How messages travel: one adapter per channel, all behind the same question: is it configured?"""

from customers.messaging.choices import Channel

# Channels that have an adapter with credentials. A message on another channel is held and says so; it is never dropped.
CONFIGURED = frozenset({Channel.EMAIL.value})


def is_configured(channel: str) -> bool:
    """True if messages of this channel can leave."""
    return channel in CONFIGURED
