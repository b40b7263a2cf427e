"""The models of every area, for Django."""

from retention.care.models import CareProgram, Enrollment, ProgramRun, ProgramVersion, Step
from retention.metrics.models import MetricCell
from retention.reports.models import AtRiskDay
from retention.risk.models import CompanyRhythm, RiskScore

__all__ = [
    "AtRiskDay",
    "CareProgram",
    "CompanyRhythm",
    "Enrollment",
    "MetricCell",
    "ProgramRun",
    "ProgramVersion",
    "RiskScore",
    "Step",
]
