"""What an examination finds: a sentence for the person who runs the installation, and how bad it is."""

from dataclasses import asdict, dataclass
from typing import Literal

Grade = Literal["good", "note", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at. A note is to be known; a problem is to be mended."""

    about: str
    grade: Grade
    sentence: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def good(about: str, sentence: str) -> Finding:
    return Finding(about, "good", sentence)


def note(about: str, sentence: str) -> Finding:
    return Finding(about, "note", sentence)


def problem(about: str, sentence: str) -> Finding:
    return Finding(about, "problem", sentence)
