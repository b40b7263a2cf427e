"""What a translatable message is, wherever it was found."""

from dataclasses import dataclass

CONTEXT_SEPARATOR = "\x04"  # gettext's own separator between a context and its message


@dataclass(frozen=True)
class SourceMessage:
    """An English text as the code asks for it."""

    text: str
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> str:
        """What the text is looked up by: two uses with the same key share one translation."""
        return self.text if self.context is None else f"{self.context}{CONTEXT_SEPARATOR}{self.text}"


@dataclass(frozen=True)
class CatalogEntry:
    """A message with its translation; `fuzzy` means that nobody has confirmed it."""

    message: SourceMessage
    translation: str = ""
    fuzzy: bool = False
