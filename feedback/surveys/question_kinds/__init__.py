"""The kinds of questions, a module each: the scale and its groups, the form field, the words, the mail.

Every module of this package registers its kind; nothing else has to name it (docs/checklists/add-a-question-kind.md).
"""

import pkgutil
from importlib import import_module

from feedback.surveys.question_kinds.registry import (
    QuestionKind,
    ScoredQuestionKind,
    get_question_kind,
    get_scale,
    question_kind_choices,
    registered_question_kinds,
    registered_scales,
)

__all__ = [
    "QuestionKind",
    "ScoredQuestionKind",
    "get_question_kind",
    "get_scale",
    "question_kind_choices",
    "registered_question_kinds",
    "registered_scales",
]

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
