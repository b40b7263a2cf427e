"""From a number to the customers whom it counts: what the list says it shows, and what addresses it refuses."""

import pytest

from customers.workspace.sockets import BadDrilldownArguments
from retention.reports import drilldown

SOURCES = {source.key: source for source in drilldown.DRILLDOWNS}


@pytest.mark.rule("RM-7")
@pytest.mark.parametrize(
    ("behind", "said"),
    [
        ("behind=lost&start=2025-12-01&end=2026-12-01", "1 Dec 2025 – 30 Nov 2026"),
        ("behind=cohort&month=2026-03&months=2", "First order in March 2026, bought again 2 months later"),
    ],
)
def test_list_behind_a_number_says_its_days_as_people_do(client_as, behind, said):
    assert said in client_as("manager").get(f"/customers/?{behind}").content.decode()


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("key", "params", "named"),
    [
        ("lost", {"start": "2026-01-01", "end": "soon"}, "end"),
        ("lost", {"start": "2026-01-01", "end": "2026-02-01", "active_days": "0"}, "active_days"),
        ("cohort", {"month": "2026-13"}, "month"),
        ("cohort", {"month": "2026-03", "months": "-1"}, "months"),
        ("nps", {"start": "2026-01-01", "end": "2026-02-01", "group": "fans"}, "group"),
    ],
)
def test_wrong_address_is_refused_by_the_name_of_its_parameter(make_user, key, params, named):
    with pytest.raises(BadDrilldownArguments, match=f"^{named}"):
        SOURCES[key].ids(params, make_user())
