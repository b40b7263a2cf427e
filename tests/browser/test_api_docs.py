"""The pages that describe the API: drawn from our own files, and the console has nothing to complain of."""

import pytest
from playwright.sync_api import expect


@pytest.mark.rule("PL-20", "PL-53")
def test_documentation_is_drawn_under_the_content_security_policy(live_server, page):
    said = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto(f"{live_server.url}/api/docs/")
    page.get_by_role("button", name="POST /api/v1/orders/{order}/refunds/", exact=True).click()

    expect(page.get_by_text("Idempotency-Key", exact=True).first).to_be_visible()
    assert said == []
