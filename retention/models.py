"""The models of every area, for Django."""

from retention.metrics.models import MetricCell
from retention.reports.models import AtRiskDay

__all__ = ["AtRiskDay", "MetricCell"]
