"""The audit log as a page: newest first, narrowed by act, person and the reader's day."""

import pytest

from crm.kernel import audit
from customers.messaging.models import Suppression
from tests.markup import read_markup


def acts(client, **filters):
    page = client.get("/settings/audit/", filters)
    assert page.status_code == 200
    return [entry.action for entry in page.context["page"].rows]


@pytest.fixture
def logged(at, make_user):
    """Two people, three acts; the last one is of the next day in Shanghai and of the same day in UTC."""
    first, second = make_user("admin", time_zone="Asia/Shanghai"), make_user("manager")
    at("2026-03-10T10:00:00+08:00")
    audit.record_audit_entry("customer.changed", first, by=first, after={"name": "Li Nan"})
    audit.record_audit_entry("tier.set", first, by=second)
    at("2026-03-11T01:00:00+08:00")
    audit.record_audit_entry("customer.created", first, by=second)
    return first, second


@pytest.mark.rule("PL-11")
def test_log_is_narrowed_by_act_person_and_local_day(client_as, logged):
    first, second = logged
    client = client_as(first)

    assert acts(client) == ["customer.created", "tier.set", "customer.changed"]
    assert acts(client, action="customer.") == ["customer.created", "customer.changed"]
    assert acts(client, person=second.public_id) == ["customer.created", "tier.set"]
    assert acts(client, day="2026-03-10") == ["tier.set", "customer.changed"]
    assert acts(client, day="2026-03-11", action="tier") == []


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("query", "named"), [({"day": "2026-13-01"}, "day"), ({"person": "x\x00"}, "person"), ({"cursor": "no"}, "")]
)
def test_bad_filter_is_named(client_as, logged, query, named):
    page = client_as(logged[0]).get("/settings/audit/", query)

    assert page.status_code == 400
    assert named in page.content.decode()


def test_personal_data_stays_masked(client_as, logged):
    text = client_as(logged[0]).get("/settings/audit/").content.decode()

    assert "Li Nan" not in text
    assert "L•••(6)" in text


@pytest.mark.parametrize(("language", "field"), [("en", "State"), ("zh-hans", "状态"), ("zh-hant", "狀態")])
def test_fields_are_called_in_the_language_of_the_reader(client_as, make_user, language, field):
    reader = make_user("admin", language=language)
    audit.record_audit_entry(
        "ticket.state", reader, by=reader, before={"state": "open"}, after={"state": "pending", "odd_one": 3}
    )

    text = read_markup(client_as(reader).get("/settings/audit/"))

    assert f'<b data-tip="state">{field}</b><span>open' in text
    assert f'<b data-tip="state">{field}</b><span>pending' in text
    assert "<b>odd_one</b><span>3" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Address put on the suppression list", "Suppressed address", "Unsubscribed from everything", "No", "System")),
        ("zh-hans", ("地址已列入禁发名单", "禁发地址", "已退订全部消息", "否", "系统")),
        ("zh-hant", ("地址已列入停發名單", "停發地址", "已取消訂閱所有訊息", "否", "系統")),
    ],
)  # fmt: skip
def test_acts_things_values_and_the_system_are_words_and_codes_stay_at_hand(client_as, make_user, language, words):
    reader = make_user("admin", language=language)
    after = {"reason": "unsubscribed_all", "shared": False}
    audit.record_audit_entry("suppression.added", Suppression(pk=1), after=after)
    audit.record_audit_entry("odd.done", reader, by=reader)
    act, thing, reason, no, system = words

    text = read_markup(client_as(reader).get("/settings/audit/"))

    assert f'<span data-tip="suppression.added">{act}</span>' in text
    assert f'<span data-tip="customers.suppression">{thing}</span>' in text
    assert f'<span data-tip="unsubscribed_all">{reason}</span>' in text
    assert f'<span data-tip="false">{no}</span>' in text
    assert f'<td class="is-tight">{system}</td>' in text
    assert f'<option value="suppression.added">{act}</option>' in text
    assert "<code>odd.done</code>" in text
