"""The REST routes of customers."""

urlpatterns: list = []
