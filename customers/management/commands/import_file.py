"""Import a file of customers or orders, by the same service as the browser's wizard."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from crm.kernel.time import clock
from customers.importing import import_report, selectors, services
from customers.importing.choices import DateOrder, DecimalSign, ImportKind
from customers.importing.column_styles import ColumnReading
from customers.importing.models import Import
from customers.importing.presets import PRESETS
from customers.orders.choices import OrderState

REFUSALS = (
    services.UnreadableFile,
    services.MissingColumns,
    services.BadImportOption,
    services.ImportAlreadyRunning,
    OSError,
    ValueError,
)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--kind", choices=ImportKind.values)
        parser.add_argument("--resume", metavar="im_…", help="go on with an import that broke off")
        parser.add_argument("--preset", choices=sorted(PRESETS), default="")
        parser.add_argument("--mapping", type=Path, help='JSON: {"target": "column of the file", …}')
        parser.add_argument(
            "--source", default="", help="the system that the numbers are of; default: the preset's, or file"
        )
        parser.add_argument("--encoding", default="", help="default: found out")
        parser.add_argument("--delimiter", default="", help="one character, or tab; default: found out")
        parser.add_argument("--date-order", choices=DateOrder.values, default="", help="default: as each column shows")
        parser.add_argument("--decimal", choices=DecimalSign.values, default="", help="default: as each column shows")
        parser.add_argument("--strict", action="store_true", help="a bad cell costs its row, not just itself")
        parser.add_argument(
            "--state",
            action="append",
            default=[],
            metavar="WORD=STATE",
            help=f"what a word for the state of an order means: {', '.join(OrderState.values)}",
        )
        parser.add_argument("--consent-wording", default="", help="the words to which people agreed, by their version")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument(
            "--live", action="store_true", help="these orders happen now: they start care, surveys and points"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["resume"] and not (options["file"] and options["kind"]):
            raise CommandError("name a file and its --kind, or --resume an import")
        try:
            batch = self._get_broken_off(options["resume"]) if options["resume"] else self._create_import(options)
            outcome = services.dry_run_import(batch=batch, at=clock.now()) if options["dry_run"] else self._run(batch)
        except REFUSALS as refusal:
            self._refuse(refusal, options)
            return
        answer = {
            **outcome,
            "rejections": outcome.get("rejections") or import_report.rejected_rows(batch),
            "warnings": outcome["warnings"] if options["dry_run"] else import_report.import_warnings(batch),
            "columns": [self._reading(reading) for reading in selectors.column_readings(batch)],
            "encoding": batch.encoding or "xlsx",
        }
        answer.pop("warned", None)
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else self._sentence(answer))

    def _reading(self, reading: ColumnReading) -> dict[str, Any]:
        """How a column of dates or numbers was read."""
        value = reading.value if reading.value is None else str(reading.value)
        return {
            "column": reading.column,
            "style": reading.style,
            "example": reading.example,
            "value": value,
            "certain": reading.is_certain,
        }

    def _get_broken_off(self, public_id: str) -> Import:
        batch = selectors.get_import(public_id)
        if batch is None or not selectors.is_broken_off(batch):
            raise ValueError(f"{public_id}: no import that broke off")
        return batch

    def _run(self, batch: Import) -> dict[str, Any]:
        """Run to the end; where it breaks off the import says so, and the command says how to go on."""
        try:
            return services.execute_import(batch=batch, at=clock.now())
        except (services.ImportAlreadyRunning, services.UnreadableFile):
            raise
        except BaseException:
            self.stderr.write(f"Broken off; what came in stays. Go on by: import_file --resume {batch.public_id}")
            self._break_off(batch)
            raise

    def _break_off(self, batch: Import) -> None:
        """Without a database nothing can be stored; the page sees by the lock that nobody runs it."""
        try:
            if not connection.is_usable():
                connection.close()
            services.mark_broken_off(batch=batch)
        except DatabaseError as error:
            self.stderr.write(str(error))

    def _create_import(self, options: dict[str, Any]) -> Import:
        with options["file"].open("rb") as stream:
            batch = services.create_import(
                file=File(stream),
                name=options["file"].name,
                kind=options["kind"],
                at=clock.now(),
                preset=options["preset"],
                encoding=options["encoding"],
                delimiter={"tab": "\t"}.get(options["delimiter"], options["delimiter"]),
            )
        mapping = json.loads(options["mapping"].read_text()) if options["mapping"] else batch.mapping
        if not isinstance(mapping, dict):
            raise ValueError("mapping: must be an object of target and column")
        return services.map_columns(
            batch=batch,
            mapping=mapping,
            source=options["source"],
            live=options["live"],
            date_order=options["date_order"],
            decimal=options["decimal"],
            strict="yes" if options["strict"] else "",
            states=dict(self._state(text) for text in options["state"]),
            consent_wording=options["consent_wording"],
        )

    def _state(self, text: str) -> tuple[str, str]:
        word, equals, state = text.rpartition("=")
        if not equals:
            raise ValueError(f"state: {text} must be WORD=STATE")
        return word.strip(), state.strip().casefold()

    def _refuse(self, refusal: Exception, options: dict[str, Any]) -> None:
        if not options["json"]:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(json.dumps({"error": type(refusal).__name__, "detail": str(refusal)}, ensure_ascii=False))
        sys.exit(1)

    def _sentence(self, answer: dict[str, Any]) -> str:
        parts = [f"{answer['rows']} rows"]
        parts += [
            f"{what}: {', '.join(f'{n} {how}' for how, n in answer[what].items())}"
            for what in ("customers", "orders", "lines", "products")
        ]
        return "\n".join(
            [
                *parts,
                f"{answer['rejected']} rejected",
                *[f"  line {r['line']}, {r['column']}: {r['reason']}" for r in answer["rejections"]],
                f"{len(answer['warnings'])} warnings",
                *[f"  line {w['line']}, {w['column']}: {w['reason']}" for w in answer["warnings"]],
                *[self._reading_sentence(reading) for reading in answer["columns"]],
            ]
        )

    def _reading_sentence(self, reading: dict[str, Any]) -> str:
        doubt = "" if reading["certain"] else " (could be read otherwise: --date-order, --decimal)"
        return f"{reading['column']}: {reading['style']}, {reading['example']} is {reading['value']}{doubt}"
