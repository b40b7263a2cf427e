"""Views that query tables or write down acts are found; fetching with permission is theirs."""

from pathlib import Path

import pytest

from crm.tools.check import view_altitude


@pytest.fixture
def house(tmp_path: Path):
    def build(code: str, name: str = "loyalty/points/views.py") -> Path:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code)
        return tmp_path

    return build


def found(base: Path) -> list[str]:
    return [str(finding) for finding in view_altitude.low_views(base)]


def test_fetching_with_permission_is_left_alone(house):
    code = (
        "def lot(request, pk):\n    access.get_visible_or_404(Lot.objects.select_related('x'), request.user, pk=pk)\n"
    )

    assert found(house(code)) == []


def test_a_query_in_a_view_is_found_wherever_views_stand(house):
    code = "def lots(request):\n    return Lot.objects.all()\n"
    line = "2: .objects in a view: a selector or a service does it"

    assert found(house(code)) == [f"loyalty/points/views.py:{line}"]
    assert f"loyalty/points/views/lists.py:{line}" in found(house(code, "loyalty/points/views/lists.py"))
    assert found(house("x = 1\n", "loyalty/points/views/lists.py")) == [f"loyalty/points/views.py:{line}"]


def test_the_query_that_only_helps_to_fetch_is_found(house):
    code = "def lot(request, pk):\n    access.get_own_or_404(Lot.objects, request.user, pk=Other.objects.get())\n"

    assert len(found(house(code))) == 1


def test_an_audit_row_written_by_a_view_is_found(house):
    code = "def lots(request):\n    audit.record_audit_entry('lots.seen')\n"

    assert found(house(code)) == [
        "loyalty/points/views.py:2: an audit row written in a view: the service that acts writes it"
    ]


def test_services_may_query(house):
    assert found(house("def lots():\n    return Lot.objects.all()\n", "loyalty/points/selectors.py")) == []
