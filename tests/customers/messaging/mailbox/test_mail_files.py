"""The embedded mailbox: real SMTP into files, read in the browser, never beyond its folder."""

import smtplib
import socket
from email.message import EmailMessage

import pytest

from customers.messaging.mailbox import mail_files, server
from tests.markup import read_markup


@pytest.fixture
def box(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.EMBEDDED_MAILBOX = True


@pytest.fixture
def post(box):
    """Hand a mail in by SMTP, as the outbox does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = server.create_mailbox_server("127.0.0.1", port)
    running.start()

    def hand_in(to="anna@shop.example", subject="生日快乐", html="<p>Hi <script>alert(1)</script></p>"):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "care@evergreen.example", to, subject
        mail.set_content("Good day, see http://127.0.0.1/u/abc/")
        mail.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.send_message(mail)

    yield hand_in
    running.stop()


@pytest.mark.rule("CU-43")
def test_mail_by_smtp_is_listed_searched_and_shown(post, client_as):
    post()
    post(to="ben@shop.example", subject="Hello")
    client = client_as("admin")

    everything = client.get("/mailbox/").content.decode()
    bens = client.get("/mailbox/?q=BEN@").content.decode()
    page = read_markup(client.get(f"/mailbox/{mail_files.newest_mails('anna')[0].name}/"))

    assert everything.index("Hello") < everything.index("生日快乐")
    assert "ben@shop.example" in bens
    assert "anna@shop.example" not in bens
    assert '<a href="http://127.0.0.1/u/abc/"' in page
    assert "<dt>Subject</dt><dd>生日快乐</dd>" in page


@pytest.mark.rule("PL-53")
def test_html_part_is_served_where_nothing_runs(post, client_as):
    post()

    response = client_as("admin").get(f"/mailbox/{mail_files.newest_mails()[0].name}/html/")

    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:")
    assert b"Hi" in response.content


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize("name", ["..", "nothing", "1" * 19 + "-" + "g" * 8, "%2e%2e%2fsettings"])
def test_mailbox_knows_no_other_names(box, client_as, name):
    client = client_as("admin")

    assert [client.get(f"/mailbox/{name}/").status_code, client.get(f"/mailbox/{name}/html/").status_code] == [404, 404]


@pytest.mark.rule("CU-43")
def test_there_is_no_mailbox_where_mail_leaves_the_house(settings, client_as):
    settings.EMBEDDED_MAILBOX = False

    assert client_as("admin").get("/mailbox/").status_code == 404
