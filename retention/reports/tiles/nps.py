"""The net promoter score."""

from django.utils.translation import gettext as _

from crm.kernel.ui.key_figures import KeyFigure
from feedback.surveys import rules as scores
from retention.reports.tiles.figures import FEW_CUSTOMERS, UNDEFINED, change_direction, change_verdict, format_count
from retention.reports.tiles.registry import TileInputs, register_tile


@register_tile(order=50)
def nps_tile(inputs: TileInputs) -> KeyFigure:
    """How many more customers recommend us than do not; the change is judged where it is beyond the margin."""
    score, before = inputs.nps
    within = score.value is None or before.value is None or not (score.low > before.value or score.high < before.value)
    written, earlier, low, high = (
        None if points is None else scores.round_score(points)
        for points in (score.value, before.value, score.low, score.high)
    )
    moved = None if written is None or earlier is None else written - earlier
    interval = f", {low:+} … {high:+}" if written is not None else ""
    return KeyFigure(
        label=_("NPS"),
        value=UNDEFINED if written is None else f"{written:+}",
        unit="",
        url=inputs.links.nps(inputs.window) if score.n else "",
        meaning=_("Promoters (9–10) less detractors (0–6), in points; everybody counts once, with the latest answer."),
        trend=[],
        change="" if moved is None else f"{abs(moved)}" if moved else _("unchanged"),
        direction=change_direction(moved),
        verdict="" if within else change_verdict(moved, 1),
        note=_("from %(score)s") % {"score": f"{earlier:+}"} if moved else "",
        detail=_("%(n)s answers") % {"n": format_count(score.n, inputs)} + interval,
        few=score.n < FEW_CUSTOMERS,
    )
