"""The pages of retention, area by area."""

app_name = "retention"
urlpatterns: list = []
