"""Files that would come in wrong, or hang whoever takes them, are refused with the reason in words."""

import json
import tempfile
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as some

from crm.kernel.files import csv_cells
from customers.importing import file_reader
from customers.importing.models import Import

pytestmark = pytest.mark.rule("PL-51", "CU-30")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.csv"
    path.write_text(text, newline="")
    return path


@pytest.mark.parametrize("width", [501, 200_000])
def test_table_of_too_many_columns_is_refused_at_upload_and_by_the_command(client_as, tmp_path, width):
    text = ",".join(f"c{n}" for n in range(width)) + "\n" + ",".join(["x"] * width) + "\n"
    file, said = SimpleUploadedFile("wide.csv", text.encode()), StringIO()

    answer = client_as("manager").post("/imports/new/", {"kind": "customers", "file": file, "preset": ""})
    with pytest.raises(SystemExit):
        call_command("import_file", written(tmp_path, text), kind="customers", json=True, stdout=said)

    reason = f"The file has {width:,} columns, and 500 can be taken at most."
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert json.loads(said.getvalue())["detail"].startswith(reason)
    assert not Import.objects.exists()


def test_table_of_500_columns_is_taken(tmp_path):
    layout = file_reader.detect_layout(written(tmp_path, ",".join(f"c{n}" for n in range(500)) + "\n"))

    assert len(layout.columns) == 500


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(b"", "utf-16-le"), (b"", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")],
)
def test_utf16_is_read_with_and_without_its_mark(tmp_path, mark, codec):
    path = tmp_path / "file.csv"
    path.write_bytes(mark + "id,name,city\nC1,Ann Lee,Berlin\nC2,Bob,Rome\n".encode(codec))

    layout = file_reader.detect_layout(path)

    assert layout.columns == ["id", "name", "city"]
    rows = list(file_reader.read_rows(path, layout.encoding, layout.delimiter))
    assert rows == [(2, ["C1", "Ann Lee", "Berlin"]), (3, ["C2", "Bob", "Rome"])]


# Cells as an attacker, a phone book or a chemist writes them; apostrophes of their own among them.
NASTY = some.lists(
    some.one_of(
        some.sampled_from([*"'=+-@＝＋－＠\t\r\n\u00a0\u200b\u3000\ufeff \",;"]), some.characters(codec="utf-8")
    ),
    max_size=8,
).map("".join)


@pytest.mark.rule("CU-31")
@given(rows=some.lists(some.lists(NASTY, min_size=3, max_size=3), min_size=1, max_size=5))
def test_import_reads_back_what_an_export_wrote_cell_by_cell(rows):
    rows = [[cell.replace("\x00", "") for cell in row] for row in rows]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="") as file:
        csv_cells.CsvWriter(file, ["=name", "'=name", "note"]).write([["x", "y", "z"], *rows])
        file.flush()

        layout = file_reader.detect_layout(Path(file.name), delimiter=",")
        read = [cells for _line, cells in file_reader.read_rows(Path(file.name), layout.encoding, layout.delimiter)]

    assert layout.columns == ["=name", "'=name", "note"]
    assert read == [["x", "y", "z"], *(row for row in rows if any(cell.strip() for cell in row))]


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "\ufeffsep=;\n"])
def test_line_that_names_the_delimiter_is_no_row_and_counts_as_a_line(tmp_path, first):
    path = written(tmp_path, first + "id;name, full\nC1;Lin\n")

    layout = file_reader.detect_layout(path)

    assert (layout.delimiter, layout.columns) == (";", ["id", "name, full"])
    assert list(file_reader.read_rows(path, layout.encoding, layout.delimiter)) == [(3, ["C1", "Lin"])]


def test_repeated_header_gets_a_name_of_its_own(tmp_path):
    columns = file_reader.detect_layout(written(tmp_path, "Email,Name,Email,Email (4),Email\na,b,c,d,e\n")).columns

    assert columns == ["Email", "Name", "Email (3)", "Email (4)", "Email (5)"]
    assert file_reader.repeated_headers(columns) == [
        ("Email", "Email (3)"),
        ("Email", "Email (4)"),
        ("Email", "Email (5)"),
    ]


def test_blank_lines_before_the_header_are_skipped(tmp_path):
    path = written(tmp_path, "\n,,\nid,name,x\nC1,Lin,\n")

    layout = file_reader.detect_layout(path)

    assert layout.columns == ["id", "name", "x"]
    assert list(file_reader.read_rows(path, layout.encoding, layout.delimiter)) == [(4, ["C1", "Lin", ""])]


@given(some.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content):
    with tempfile.NamedTemporaryFile("wb") as file:
        file.write(content)
        file.flush()
        try:
            layout = file_reader.detect_layout(Path(file.name))
            cells = [
                cell
                for _line, row in file_reader.read_rows(Path(file.name), layout.encoding, layout.delimiter)
                for cell in row
            ]
        except file_reader.UnreadableFile:
            return

    assert not [cell for cell in [*layout.columns, *cells] if "\x00" in cell]


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook as Excel writes it, with no more than what is needed."""
    names = list(enumerate(sheets, start=1))
    files = {
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>' for number, name in names)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/s{n}.xml"/>' for n, _ in names
        )
        + "</Relationships>",
    }
    for number, name in names:
        rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in sheets[name])
        files[f"xl/worksheets/s{number}.xml"] = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value!r}</v></c>"


def test_numbers_of_a_workbook_come_as_it_holds_them(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"A": [["Phone", "Price"], [13800138000.0, 99.89999999999999]], "B": [["x"]], "C": []}
    )

    assert list(file_reader.read_rows(path, "", "")) == [(2, ["13800138000", "99.89999999999999"])]
    assert file_reader.unread_sheets(path) == ["B"]
