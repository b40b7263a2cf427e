"""What evaluation shows on the pages of care: the verdict in words, and the curve of both arms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.ui.charts import Chart, Series
from retention.care.choices import Arm
from retention.care.models import CareProgram
from retention.evaluation import selectors
from retention.evaluation.rules import Verdict
from retention.evaluation.selectors import Result

# Word, tone and sign of each verdict; grey where we do not know.
LOOKS: dict[Verdict, tuple[Any, str, str]] = {
    Verdict.TOO_EARLY: (gettext_lazy("Too early"), "", "hourglass-split"),
    Verdict.WORKS: (gettext_lazy("Works"), "good", "check-circle"),
    Verdict.DOES_HARM: (gettext_lazy("Does harm"), "bad", "exclamation-triangle"),
    Verdict.NO_EFFECT_SEEN: (gettext_lazy("No effect seen"), "", "dash"),
    Verdict.NOT_ENOUGH_DATA: (gettext_lazy("Not enough data"), "", "question-circle"),
}


@dataclass(frozen=True)
class Shown:
    """A result as pages show it: points are percentage points."""

    result: Result
    word: str
    tone: str
    sign: str

    @property
    def points(self) -> tuple[float, float, float] | None:
        effect = self.result.effect
        return (100 * effect.low, 100 * effect.difference, 100 * effect.high) if effect else None

    @property
    def difference(self) -> str:
        return f"{self.points[1]:+.1f}".replace("-", "−") if self.points else ""

    @property
    def interval(self) -> str:
        if not self.points:
            return ""
        low, high = (f"{self.points[side]:+.1f}".replace("-", "−") for side in (0, 2))
        return _("95%% interval %(low)s to %(high)s") % {"low": low, "high": high}


def results(programs: Sequence[CareProgram], now: datetime) -> dict[int, Shown]:
    """Programme id → its result for the list; one query."""
    return {pk: _shown(result) for pk, result in selectors.results(programs, now).items()}


def context(program: CareProgram, now: datetime) -> dict[str, Any]:
    """The result part of one programme's page; two queries."""
    result = selectors.result(program, now)
    return {"result": _shown(result), "chart": _chart(program, selectors.curve(program, result, now))}


def _shown(result: Result) -> Shown:
    word, tone, sign = LOOKS[result.verdict]
    return Shown(result, str(word), tone, sign)


def _chart(program: CareProgram, curves: dict[str, list[float]]) -> Chart | None:
    if not curves:
        return None
    treated, held_out = ([round(100 * share, 2) for share in curves[arm]] for arm in (Arm.TREATED, Arm.HELD_OUT))
    says = _("By day %(day)d, %(treated)s%% of treated and %(held_out)s%% of held-out customers had bought.") % {
        "day": program.evaluation_days,
        "treated": treated[-1],
        "held_out": held_out[-1],
    }
    return Chart(
        key="effect",
        kind="line",
        says=says,
        x=[str(day) for day in range(len(treated))],
        x_name=_("Day"),
        unit="%",
        digits=1,
        extra={"every": 15},
        series=[Series(_("Treated"), treated), Series(_("Held out"), held_out, role="control")],
    )
