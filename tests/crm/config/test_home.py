"""The front page leads each role to where its day begins."""

import pytest

from crm.kernel.auth.choices import StaffRole


@pytest.mark.parametrize("role", StaffRole.values)
def test_front_page_leads_every_role_to_a_page_it_may_see(client_as, role):
    response = client_as(role).get("/", follow=True)

    assert response.status_code == 200
    assert response.redirect_chain[0][0] in ("/retention/", "/today/")
