"""What an examination finds: a sentence for the person who runs the installation, and how bad it is."""

from dataclasses import asdict, dataclass
from typing import Literal

FindingGrade = Literal["good", "note", "problem"]


@dataclass(frozen=True)
class DoctorFinding:
    """One thing looked at. A note is to be known; a problem is to be mended."""

    about: str
    grade: FindingGrade
    sentence: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def good_finding(about: str, sentence: str) -> DoctorFinding:
    return DoctorFinding(about, "good", sentence)


def note_finding(about: str, sentence: str) -> DoctorFinding:
    return DoctorFinding(about, "note", sentence)


def problem_finding(about: str, sentence: str) -> DoctorFinding:
    return DoctorFinding(about, "problem", sentence)
