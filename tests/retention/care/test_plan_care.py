"""The command for scripts."""

import json
from io import StringIO

from django.core.management import call_command


def test_command_plans_once_and_tells_the_counts(at, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    make_reader(birthday=(3, 10))
    make_reader(birthday=(3, 10), agrees=False)
    turn_on("birthday")

    answers = []
    for _ in range(2):
        out = StringIO()
        call_command("plan_care", "--json", stdout=out)
        answers.append(json.loads(out.getvalue()))

    first = {"eligible": 2, "treated": 1, "held_out": 0, "skipped_late": 0, "suppressed": {"no_consent": 1}}
    assert answers[0] == {"programs": {"birthday": first}, "steps": 1}
    assert answers[1]["programs"]["birthday"]["eligible"] == 0
