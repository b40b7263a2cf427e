"""Files that would come in wrong, or hang whoever takes them, are refused with the reason in words."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

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
