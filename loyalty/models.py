"""The models of every area, for Django."""

from loyalty.points.models import Allocation, EarningRule, LedgerEntry, LedgerProof, PointsAccount, PointsLot

__all__ = ["Allocation", "EarningRule", "LedgerEntry", "LedgerProof", "PointsAccount", "PointsLot"]
