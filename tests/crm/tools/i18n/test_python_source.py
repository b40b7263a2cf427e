from crm.tools.i18n.catalog_entries import SourceMessage
from crm.tools.i18n.python_source import messages


def test_every_function_of_gettext():
    source = """
from django.utils.translation import gettext as say, gettext_lazy as _, ngettext, pgettext_lazy, npgettext
from django.utils import translation
_("lazy")
say("aliased")
translation.gettext_noop("kept")
ngettext("%(n)s day", "%(n)s days", n)
pgettext_lazy("month", "May")
npgettext("mail", "letter", "letters", 2)
_("joined "
  "text")
"""

    assert set(messages(source)) == {
        SourceMessage("lazy"),
        SourceMessage("aliased"),
        SourceMessage("kept"),
        SourceMessage("%(n)s day", "%(n)s days"),
        SourceMessage("May", context="month"),
        SourceMessage("letter", "letters", "mail"),
        SourceMessage("joined text"),
    }


def test_variables_and_other_calls_say_nothing():
    assert list(messages('_(name)\nother("text")\n_(f"{x}")\n_("")')) == []
