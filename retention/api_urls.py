"""The REST routes of retention."""

urlpatterns: list = []
