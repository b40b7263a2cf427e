"""Import a file of customers or orders, by the same service as the browser's wizard."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel import clock
from customers.importing import reporting, services
from customers.importing.choices import ImportKind
from customers.importing.models import Import
from customers.importing.presets import PRESETS


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=ImportKind.values, required=True)
        parser.add_argument("--preset", choices=sorted(PRESETS), default="")
        parser.add_argument("--mapping", type=Path, help='JSON: {"target": "column of the file", …}')
        parser.add_argument("--encoding", default="")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument(
            "--live", action="store_true", help="these orders happen now: they start care, surveys and points"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batch = self._take(options)
            outcome = (
                services.check(batch=batch, at=clock.now())
                if options["dry_run"]
                else services.run(batch=batch, at=clock.now())
            )
        except (services.Unreadable, services.MissingColumns, services.BadOption, OSError, ValueError) as refusal:
            self._refuse(refusal, options)
            return
        answer = {
            **outcome,
            "rejections": outcome.get("rejections") or reporting.rejections(batch),
            "encoding": batch.encoding or "xlsx",
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else self._sentence(answer))

    def _take(self, options: dict[str, Any]) -> Import:
        with options["file"].open("rb") as stream:
            batch = services.take_file(
                file=File(stream),
                name=options["file"].name,
                kind=options["kind"],
                at=clock.now(),
                preset=options["preset"],
                encoding=options["encoding"],
            )
        mapping = json.loads(options["mapping"].read_text()) if options["mapping"] else batch.mapping
        if not isinstance(mapping, dict):
            raise ValueError("mapping: must be an object of target and column")
        return services.map_columns(batch=batch, mapping=mapping, live=options["live"])

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
            ]
        )
