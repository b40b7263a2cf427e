"""The pages of customers, area by area."""

app_name = "customers"
urlpatterns: list = []
