"""Every page of the gallery is photographed, or named here with the reason why not."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from crm.tools.shots import contact_sheet
from crm.tools.shots.page_catalog import PAGE_PICTURES
from tests.house.gallery import pages

# Steps of signing in, forms like another that is photographed, pages that are closed at first, and the page of parts.
LEFT_OUT = {
    "account_change_password", "account_inactive", "account_logout", "account_reauthenticate",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_set_password", "account_signup", "mfa_activate_totp", "mfa_authenticate", "mfa_deactivate_totp",
    "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_view_recovery_codes",
    "customers:mailbox_message", "customers:message_template_new",
    "customers:sign_up", "customers:sign_up_confirm", "feedback:survey_preview", "kernel:components",
    "kernel:key_revoke", "kernel:user_new", "loyalty:reward_new", "loyalty:rule_edit", "retention:program_start",
}  # fmt: skip


def test_every_page_of_the_gallery_has_a_picture():
    assert {page.route for page in pages()} - {motif.route for motif in PAGE_PICTURES} == LEFT_OUT


def test_pictures_have_names_of_their_own():
    assert len({motif.name for motif in PAGE_PICTURES}) == len(PAGE_PICTURES)


def test_contact_sheet_says_what_is_wrong(tmp_path: Path):
    taken = [("today", "390-light-en", "today-390-light-en.png", "status 500"), ("today", "390-dark-en", "b.png", "")]

    text = contact_sheet.write_contact_sheet(tmp_path, taken).read_text(encoding="utf-8")

    assert text.count("<section>") == 1
    assert "390-light-en <b>status 500</b>" in text


def test_real_customers_are_not_photographed(make_customer, tmp_path: Path):
    make_customer()

    with pytest.raises(CommandError, match="not the example company's"):
        call_command("shots", str(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_unknown_page_is_refused_by_name(db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("crm.tools.shots.management.commands.shots.ensure_example_company", lambda customers: None)

    with pytest.raises(CommandError, match="There are: dashboard"):
        call_command("shots", str(tmp_path), only=["no-such-page"])
