"""The kinds of surveys, a module each: which answers count, how they make a score, and how it is written.

Every module of this package registers its kind; nothing else has to name it.
"""

import pkgutil
from importlib import import_module

from feedback.surveys.survey_kinds.registry import (
    BAD,
    GOOD,
    NEUTRAL,
    AnswerGroup,
    SurveyKind,
    answer_group_choices,
    get_answer_group,
    get_survey_kind,
    group_keys,
    is_answer_group,
    registered_survey_kinds,
    survey_kind_choices,
)

__all__ = [
    "BAD",
    "GOOD",
    "NEUTRAL",
    "AnswerGroup",
    "SurveyKind",
    "answer_group_choices",
    "get_answer_group",
    "get_survey_kind",
    "group_keys",
    "is_answer_group",
    "registered_survey_kinds",
    "survey_kind_choices",
]

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

# For the names of enumerations in the description of the API.
SURVEY_KIND_CHOICES = survey_kind_choices()
