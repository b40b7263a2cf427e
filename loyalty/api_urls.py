"""The REST routes of loyalty."""

urlpatterns: list = []
