"""The customer list as it is shown."""

URL = "/customers/"


def shown_names(client, query: str = "") -> set[str]:
    """The names of the customers on the first page of an address."""
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, query
    return {row.display_name for row in response.context["page"].rows}
