"""The effect of a programme as pages of care show it: the verdict in words, and the curve of both arms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import money
from crm.kernel.ui.charts import Chart, ChartSeries
from retention.care.choices import HoldoutArm
from retention.care.models import CareProgram
from retention.evaluation import selectors
from retention.evaluation.rules import EffectVerdict
from retention.evaluation.selectors import ProgramResult

# Label, tone and icon of each verdict; grey where we do not know.
VERDICT_BADGES: dict[EffectVerdict, tuple[Any, str, str]] = {
    EffectVerdict.TOO_EARLY: (gettext_lazy("Too early"), "", "hourglass-split"),
    EffectVerdict.WORKS: (gettext_lazy("Works"), "good", "check-circle"),
    EffectVerdict.DOES_HARM: (gettext_lazy("Does harm"), "bad", "exclamation-triangle"),
    EffectVerdict.NO_EFFECT_SEEN: (gettext_lazy("No effect seen"), "", "dash"),
    EffectVerdict.NOT_ENOUGH_DATA: (gettext_lazy("Not enough data"), "", "question-circle"),
}


@dataclass(frozen=True)
class ResultDisplay:
    """A result as pages show it; the interval is (low, difference, high) in percentage points."""

    result: ProgramResult
    verdict_label: str
    tone: str
    icon: str

    @property
    def interval_in_points(self) -> tuple[float, float, float] | None:
        effect = self.result.effect
        return (100 * effect.low, 100 * effect.difference, 100 * effect.high) if effect else None

    @property
    def difference(self) -> str:
        return _signed(self.interval_in_points[1]) if self.interval_in_points else ""

    @property
    def interval_text(self) -> str:
        if not self.interval_in_points:
            return ""
        low, _middle, high = map(_signed, self.interval_in_points)
        return _("95%% interval %(low)s to %(high)s") % {"low": low, "high": high}


def result_displays(programs: Sequence[CareProgram], now: datetime) -> dict[int, ResultDisplay]:
    """Programme id → its result for the list; one query."""
    return {pk: _result_display(result) for pk, result in selectors.program_results(programs, now).items()}


def result_page_context(program: CareProgram, now: datetime) -> dict[str, Any]:
    """The result part of one programme's page; two queries."""
    result = selectors.get_program_result(program, now)
    return {
        "result": _result_display(result),
        "chart": _effect_chart(program, selectors.goal_curves(program, result, now)),
    }


def _signed(points: float) -> str:
    """`+1.2` or `−1.2`."""
    return f"{money.round_half_up(points, 1):+}".replace("-", "−")


def _result_display(result: ProgramResult) -> ResultDisplay:
    label, tone, icon = VERDICT_BADGES[result.verdict]
    return ResultDisplay(result, str(label), tone, icon)


def _effect_chart(program: CareProgram, curves: dict[str, list[float]]) -> Chart | None:
    if not curves:
        return None
    treated, held_out = ([100 * share for share in curves[arm]] for arm in (HoldoutArm.TREATED, HoldoutArm.HELD_OUT))
    summary_text = _(
        "By day %(day)d, %(treated)s%% of treated and %(held_out)s%% of held-out customers had bought."
    ) % {
        "day": program.evaluation_days,
        "treated": money.round_half_up(treated[-1], 1),
        "held_out": money.round_half_up(held_out[-1], 1),
    }
    return Chart(
        key="effect",
        kind="line",
        summary=summary_text,
        x_labels=[str(day) for day in range(len(treated))],
        x_name=_("Day"),
        unit="%",
        digits=1,
        extra={"every": 15},
        series=[ChartSeries(_("Treated"), treated), ChartSeries(_("Held out"), held_out, role="control")],
    )
