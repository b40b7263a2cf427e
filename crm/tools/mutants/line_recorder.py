"""A pytest plugin: which lines of the watched modules each test runs over, and how long it takes.

`CRM_WATCHED` names the modules, one path a line; `CRM_RECORD` the file in which the record is written.
"""

import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

Tracer = Callable[[FrameType, str, Any], Any]


class LineRecorder:
    """Lines by module for one test at a time."""

    def __init__(self, watched: set[str]) -> None:
        self.watched = watched
        self.lines: dict[str, set[int]] = defaultdict(set)
        self.record: dict[str, dict[str, Any]] = {}

    def trace_calls(self, frame: FrameType, event: str, argument: Any) -> Tracer | None:
        """Watch the lines of functions that stand in a watched module, of no others."""
        path = frame.f_code.co_filename
        if path not in self.watched:
            return None
        lines = self.lines[path]
        lines.add(frame.f_lineno)

        def trace_lines(frame: FrameType, event: str, argument: Any) -> Tracer:
            lines.add(frame.f_lineno)
            return trace_lines

        return trace_lines

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.lines = defaultdict(set)
        started = time.monotonic()
        sys.settrace(self.trace_calls)
        threading.settrace(self.trace_calls)
        try:
            result = yield
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
        seconds = time.monotonic() - started
        if lines := {path: sorted(numbers) for path, numbers in self.lines.items()}:
            self.record[item.nodeid] = {"seconds": round(seconds, 3), "lines": lines}
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.record.setdefault(report.nodeid, {"seconds": 0, "lines": {}})["failed"] = True

    def pytest_sessionfinish(self) -> None:
        Path(os.environ["CRM_RECORD"]).write_text(json.dumps(self.record))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LineRecorder(set(os.environ["CRM_WATCHED"].split("\n"))))
