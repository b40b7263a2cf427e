"""Surveys as the API gives them."""

from feedback.surveys.serializers import SurveyOut, SurveyResponseOut, SurveyResultsOut


def test_survey_is_named_by_public_id(surveys):
    body = SurveyOut(surveys["nps"]).data

    assert (body["id"], body["key"], body["kind"], body["is_active"]) == (surveys["nps"].public_id, "nps", "nps", True)


def test_response_tells_score_scale_and_group(make_response):
    response = make_response(4, survey="csat", text="Good")

    body = SurveyResponseOut(response).data
    assert (body["score"], body["scale"], body["group"], body["comment"]) == (4, "stars", "positive", "Good")
    assert body["customer"] == response.customer.public_id


def test_kinds_of_results_follow_the_registry():
    assert list(SurveyResultsOut().fields["kind"].choices) == ["nps", "csat"]
