"""The pages of feedback, area by area."""

from feedback.loops import urls as loops
from feedback.surveys import urls as surveys
from feedback.tickets import urls as tickets

app_name = "feedback"
urlpatterns = [*surveys.urlpatterns, *tickets.urlpatterns, *loops.urlpatterns]
