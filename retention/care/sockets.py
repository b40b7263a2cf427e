"""What evaluation shows on the pages of care; `crm/config/composition.py` fills it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retention.care.models import CareProgram


@dataclass
class EvaluationSocket:
    """Results of many programmes (id → result) and the context of one programme's result."""

    results_of_programs: Callable[[Sequence[CareProgram], datetime], dict[int, Any]] | None = None
    context_of_program: Callable[[CareProgram, datetime], dict[str, Any]] | None = None


evaluation_socket = EvaluationSocket()


def evaluation_results(programs: Sequence[CareProgram], now: datetime) -> dict[int, Any]:
    """Programme id → result; empty where nothing is plugged in."""
    return evaluation_socket.results_of_programs(programs, now) if evaluation_socket.results_of_programs else {}


def evaluation_context(program: CareProgram, now: datetime) -> dict[str, Any]:
    """What the result part of a programme's page shows."""
    return evaluation_socket.context_of_program(program, now) if evaluation_socket.context_of_program else {}
