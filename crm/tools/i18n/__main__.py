"""The command line: `python -m crm.tools.i18n extract | missing | apply | compile | merge`."""

import argparse
import json
import sys
from pathlib import Path

from crm.tools.i18n import catalog_paths, compilation, merge_driver
from crm.tools.i18n.catalog_entries import CONTEXT_SEPARATOR
from crm.tools.i18n.catalog_store import CatalogStore
from crm.tools.i18n.extraction import UnreadableSource


def extract_command(options: argparse.Namespace) -> int:
    store = CatalogStore.load()
    store.update(options.catalogues or list(store.wanted))
    for path in store.save():
        print(f"written {path.relative_to(catalog_paths.PROJECT_ROOT)}")
    return 0


def missing_command(options: argparse.Namespace) -> int:
    store = CatalogStore.load()
    names = options.catalogues or list(store.wanted)
    findings = store.findings(names)
    if options.json:
        lacking = {found.message.key: list(found.translations) for found in findings if found.translations}
        print(json.dumps(lacking, ensure_ascii=False, indent=1))
        return int(bool(findings))
    for found in findings:
        text = found.message.key.replace(CONTEXT_SEPARATOR, " | ")
        print(f"{found.catalogue}: {text!r}: {'; '.join(found.problems)}")
    for name, key in store.unused(names):
        print(f"{name}: {key!r} is no longer used (extract drops it)")
    print(f"{sum(len(store.wanted[name]) for name in names)} messages, {len(findings)} not ready")
    return int(bool(findings))


def apply_command(options: argparse.Namespace) -> int:
    source = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
    translations = json.loads(source)
    store = CatalogStore.load()
    store.update(list(store.wanted))
    unwanted = store.apply(translations, replacing=options.replace)
    for path in store.save():
        print(f"written {path.relative_to(catalog_paths.PROJECT_ROOT)}")
    for key in unwanted:
        print(f"no source says {key!r}", file=sys.stderr)
    return int(bool(unwanted))


def compile_command(options: argparse.Namespace) -> int:
    for path in compilation.compile_catalogs():
        print(f"compiled {path.relative_to(catalog_paths.PROJECT_ROOT)}")
    return 0


def merge_command(options: argparse.Namespace) -> int:
    merge_driver.merge_catalogs(ancestor=Path(options.ancestor), ours=Path(options.ours), theirs=Path(options.theirs))
    return 0


def build_parser() -> argparse.ArgumentParser:
    commands = argparse.ArgumentParser(prog="python -m crm.tools.i18n", description=__doc__)
    subs = commands.add_subparsers(required=True)
    names = list(catalog_paths.translation_catalogs())

    sub = subs.add_parser("extract", help="bring the catalogues up to date with the sources")
    sub.add_argument("catalogues", nargs="*", choices=[*names, []])
    sub.set_defaults(run=extract_command)

    sub = subs.add_parser("missing", help="say what is not translated or translated badly; exit 1 when anything is")
    sub.add_argument("catalogues", nargs="*", choices=[*names, []])
    sub.add_argument("--json", action="store_true", help='as {"English": ["简体", "繁體"]}, the form that apply reads')
    sub.set_defaults(run=missing_command)

    sub = subs.add_parser(
        "apply", help='add translations from a JSON file {"English": ["简体", "繁體"]}; - reads stdin'
    )
    sub.add_argument("file")
    sub.add_argument("--replace", action="store_true", help="replace translations that stand there already")
    sub.set_defaults(run=apply_command)

    sub = subs.add_parser("compile", help="write the .mo files that Django reads")
    sub.set_defaults(run=compile_command)

    sub = subs.add_parser("merge", help="three-way merge of a catalogue, for git: ANCESTOR OURS THEIRS")
    for argument in ("ancestor", "ours", "theirs"):
        sub.add_argument(argument)
    sub.set_defaults(run=merge_command)
    return commands


def main() -> int:
    options = build_parser().parse_args()
    try:
        return int(options.run(options))
    except UnreadableSource as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
