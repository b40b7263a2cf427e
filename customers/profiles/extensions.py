"""How the entries that this area writes look on the timeline."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.profiles import timeline
from customers.profiles.timeline import Kind

timeline.groups["notes"] = gettext_lazy("Notes")
timeline.register("customer_created", Kind("person-plus", lambda data: _("Customer added"), "notes"))
timeline.register("call", Kind("telephone", lambda data: _("Call"), "notes"))
timeline.register("visit", Kind("geo-alt", lambda data: _("Visit"), "notes"))
timeline.register("chat", Kind("chat-dots", lambda data: _("Chat"), "notes"))
timeline.register("note", Kind("journal-text", lambda data: _("Note"), "notes"))
timeline.register("task_finished", Kind("check2-square", lambda data: _("Task finished: %(title)s") % data, "notes"))
timeline.register("activity", Kind("activity", lambda data: _("Behaviour: %(name)s") % data, "notes"))
timeline.register("archived", Kind("archive", lambda data: _("Archived"), "notes"))
timeline.register("restored", Kind("arrow-counterclockwise", lambda data: _("Back from the archive"), "notes"))
