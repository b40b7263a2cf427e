"""The schema says of every call how it refuses, what a repetition does and which headers come with the answer."""

import pytest
from drf_spectacular.generators import SchemaGenerator

WITHOUT_EFFECT = {"/api/v1/points/{customer}/quote/", "/api/v1/coupons/check/"}


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def calls(schema):
    """(path, method) → operation."""
    return {(path, method): each for path, methods in schema["paths"].items() for method, each in methods.items()}


@pytest.mark.rule("PL-20")
def test_every_call_says_how_it_refuses(calls):
    for (path, method), call in calls.items():
        expected = {"401", "403", "429", "503"}
        expected |= {"400", "413", "415"} if method != "get" else set()
        expected |= {"404"} if "{" in path else set()

        assert expected <= call["responses"].keys(), path
        for status in expected:
            (media_type,) = call["responses"][status]["content"]
            assert media_type == "application/problem+json"


@pytest.mark.rule("PL-20")
def test_problem_is_described_as_it_is_answered(schema, client, db):
    answer = client.get("/api/v1/orders/").json()
    described = schema["components"]["schemas"]

    assert described["Problem"]["properties"].keys() == answer.keys()
    assert described["Reason"]["properties"].keys() == answer["errors"][0].keys()


@pytest.mark.rule("PL-20")
def test_every_post_with_an_effect_takes_an_idempotency_key(calls):
    posts = {path: call for (path, method), call in calls.items() if method == "post"}

    taking = {
        path
        for path, call in posts.items()
        if "Idempotency-Key" in [each["name"] for each in call.get("parameters", []) if each["in"] == "header"]
    }

    assert len(posts) > 10
    assert taking == posts.keys() - WITHOUT_EFFECT
    assert all("409" in posts[path]["responses"] for path in taking)


@pytest.mark.rule("PL-20")
def test_every_answer_but_those_to_strangers_tells_the_quota(calls):
    for call in calls.values():
        for status, answer in call["responses"].items():
            told = {name for name in answer.get("headers", {}) if name.startswith("RateLimit-")}
            assert len(told) == (0 if status in ("401", "403", "503") else 3)
