"""What a channel is, and the channels that there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from django.utils.functional import Promise

if TYPE_CHECKING:  # addresses are made canonical without knowing customers
    from django.db.models import QuerySet

    from customers.messaging.channels.transport import ChannelDelivery
    from customers.profiles.models import Customer


class ChannelKind(ABC):
    """One channel: whose address it uses, how its addresses and texts are written, and how its messages leave."""

    code: ClassVar[str]  # a value of MessageChannel, stored with messages and consents
    label: ClassVar[str | Promise]
    icon: ClassVar[str]
    address_field: ClassVar[str]  # of Customer
    # None: nothing can carry its messages yet. They are held and say so; they are never dropped.
    delivery: ClassVar[ChannelDelivery | None] = None

    @abstractmethod
    def canonical_address(self, text: str) -> str:
        """One form for all ways to write an address, of a text that is trimmed, normalised and casefolded."""

    @abstractmethod
    def customers_with_address(self, canonical: str) -> QuerySet[Customer]:
        """The customers to whom the address belongs."""

    def is_usable_address(self, address: str) -> bool:
        """True for an address that the channel can carry."""
        return bool(address)

    def render_text(self, markdown: str) -> tuple[str, str]:
        """HTML and plain text of a finished text; without HTML where the channel has none."""
        return "", markdown


_channel_kinds: dict[str, ChannelKind] = {}


def register_channel_kind(kind: ChannelKind) -> None:
    """Offer a channel; called by its module."""
    _channel_kinds[kind.code] = kind


def get_channel_kind(code: str) -> ChannelKind:
    """The channel of a code; KeyError where no module is for it."""
    return _channel_kinds[code]


def channel_kinds() -> list[ChannelKind]:
    """All channels, in the order of their modules' names."""
    return list(_channel_kinds.values())


def is_channel_configured(code: str) -> bool:
    """True if messages of this channel can leave."""
    return get_channel_kind(code).delivery is not None
