"""The REST routes of feedback."""

urlpatterns: list = []
