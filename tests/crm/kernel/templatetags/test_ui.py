"""Tags of the parts: what they say, and that what people typed stays text."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation


def draw(source, query="", **context):
    request = RequestFactory().get(f"/list/{query}")
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    "source",
    [
        "{% avatar name %}",
        "{% badge name 'good' %}",
        "{% tier name 2 %}",
        "{% risk 'high' name %}",
        "{% delta name 'up' 'good' %}",
        "{% meter 1 2 name %}",
        "{% interval 1 2 3 0 4 name %}",
        "{% sort_header '-a' 'a' name %}",
        "{% icon 'people' name %}",
        "{% crumbs '/rewards/' name %}",
    ],
)
def test_what_people_typed_stays_text(source):
    drawn = draw(source, name='<script>"&')

    assert "<script>" not in drawn
    assert '"&"' not in drawn


def test_icon_is_hidden_unless_it_says_something():
    assert 'aria-hidden="true"' in draw("{% icon 'people' %}")
    assert 'role="img" aria-label="Customers"' in draw("{% icon 'people' 'Customers' %}")


def test_risk_is_said_in_words():
    with translation.override("zh-hant"):
        assert 'aria-label="高風險"' in draw("{% risk 'high' '78%' 4 %}")


@pytest.mark.parametrize(
    ("current", "key", "first", "expected"),
    [
        ("name", "name", "asc", "?q=x&amp;sort=-name"),
        ("-name", "name", "asc", "?q=x&amp;sort=name"),
        ("name", "spend", "asc", "?q=x&amp;sort=spend"),
        ("name", "spend", "desc", "?q=x&amp;sort=-spend"),
    ],
)
def test_sort_header_turns_the_order_and_begins_at_the_first_page(current, key, first, expected):
    drawn = draw(
        "{% sort_header current key 'K' first %}", "?q=x&sort=a&cursor=z", current=current, key=key, first=first
    )

    assert f'href="{expected}"' in drawn


@pytest.mark.parametrize(("current", "said"), [("name", "ascending"), ("-name", "descending"), ("spend", "none")])
def test_aria_sort(current, said):
    assert draw("{% aria_sort current 'name' %}", current=current) == f'aria-sort="{said}"'


def test_query_changes_and_takes_away():
    assert draw("{% query tier='gold' cursor=None %}", "?cursor=z&q=%E6%9E%97") == "?q=%E6%9E%97&amp;tier=gold"


def test_address_of_a_page_that_is_not_there_is_empty():
    assert draw("{% url_if 'moon:landing' %}|{% url_if 'kernel:profile' %}") == "|/profile/"


def test_heat_of_no_value_is_bare():
    assert draw("{{ a|heat:span }}|{{ b|heat:span }}", a=None, b=43, span=(20, 43)) == "|eg-h9"


@pytest.mark.parametrize(
    ("cookies", "said"),
    [
        ({}, 'data-theme="auto" data-bs-theme="light" data-density="standard" data-sidebar=""'),
        (
            {"eg_theme": "dark", "eg_density": "compact", "eg_sidebar": "collapsed"},
            'data-theme="dark" data-bs-theme="dark" data-density="compact" data-sidebar="collapsed"',
        ),
        (
            {"eg_theme": '"><script>', "eg_density": "x", "eg_sidebar": "x"},
            'data-theme="auto" data-bs-theme="light" data-density="standard" data-sidebar=""',
        ),
    ],
)
def test_page_attributes_of_a_stranger_come_from_cookies(cookies, said):
    request = RequestFactory().get("/")
    request.COOKIES = cookies

    drawn = Template("{% load ui %}{% page_attributes %}").render(Context({"request": request}))

    assert drawn == said


def test_crumbs_lead_to_the_pages_above():
    drawn = draw("{% crumbs 'customers:order_list' 'Orders' way name %}", way="/orders/or_1/", name="W-1")

    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', drawn) == [("/orders/", "Orders"), ("/orders/or_1/", "W-1")]
    assert 'aria-label="Where you are"' in drawn


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (["a", "b"], "a, b"),
        (True, "true"),
        (None, "–"),
        ({"amount": 5, "to": ["x", "y"]}, "amount 5, to x, y"),
        (12, "12"),
    ],
)
def test_values_of_json_are_written_for_people(value, written):
    assert Template("{% load crm %}{{ value|plain }}").render(Context({"value": value})) == written


@pytest.mark.parametrize(("language", "written"), [("en", "E-mail, SMS"), ("zh-hans", "E-mail、SMS")])
def test_words_are_listed_as_the_language_writes_them(language, written):
    with translation.override(language):
        assert Template("{% load crm %}{{ words|listed }}").render(Context({"words": ["E-mail", "SMS"]})) == written
