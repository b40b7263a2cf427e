"""The pages of loyalty, area by area."""

app_name = "loyalty"
urlpatterns: list = []
