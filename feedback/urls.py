"""The pages of feedback, area by area."""

app_name = "feedback"
urlpatterns: list = []
