"""A shop at work: the real server on PostgreSQL, mail handed to a local SMTP sink, people in Chromium."""

import email
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from django.conf import settings as product
from django.core.cache import cache
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.background import scheduler
from crm.kernel.ops import defaults
from crm.tools.proofs.smtp_sink import SmtpSink
from tests.browser.conftest import DESK, LOCALES, PHONE
from tests.house.gallery import Page, session_of


@dataclass
class Shop:
    """What a story is told with; every tab is a device of its own."""

    url: str
    sink: SmtpSink
    browser: Browser
    tabs: list[Tab] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def phone(self, language: str = "zh-hans") -> Tab:
        """A stranger's phone, 390 px wide."""
        return self._tab(viewport=PHONE, locale=LOCALES[language], has_touch=True, is_mobile=True)

    def desk(self, user: User) -> Tab:
        """A browser at work, in which this person has signed in."""
        tab = self._tab(viewport=DESK, locale=LOCALES[user.language], reduced_motion="reduce")
        key = session_of(Page("accounts"), user)
        tab.context.add_cookies([{"name": product.SESSION_COOKIE_NAME, "value": str(key), "url": self.url}])
        return tab

    def work(self, *names: str) -> None:
        """What worker and beat would do now: these sweeps, or everything of the five seconds."""
        for name in names or [each.name for each in scheduler.scheduled_tasks.values() if each.rhythm == "sweep"]:
            assert scheduler.run_scheduled_task(name) != scheduler.NOT_RUN, name

    def mail_to(self, address: str) -> list[EmailMessage]:
        """What the mail server took for this address, in order."""
        raw = [taken.raw for taken in self.sink.taken if taken.recipient == address]
        return [email.message_from_bytes(each, policy=modern) for each in raw]

    def _tab(self, **options: Any) -> Tab:
        tab = self.browser.new_context(**options).new_page()
        tab.set_default_timeout(15_000)
        tab.on("pageerror", lambda error: self.said.append(str(error)))
        tab.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        self.tabs.append(tab)
        return tab


def link_in(mail: EmailMessage, path: str) -> str:
    """The first address in the text of the mail that goes on with this path, as in `/s/`."""
    found = re.search(rf"http://[^\s<>()]+{path}[^\s<>()\]]+", text_of(mail))
    assert found, text_of(mail)
    return found[0]


def text_of(mail: EmailMessage) -> str:
    """The plain text of the mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def fits(tab: Tab) -> bool:
    """True where the page needs no sideways scroll, as soon as it is laid out."""
    tab.wait_for_load_state()
    return bool(tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.fixture
def shop(live_server: Any, browser: Browser, settings: Any, at: Callable[..., Any]) -> Iterator[Shop]:
    """Ten in the morning in Shanghai on 10 March 2026, everything as after a first start, the company's address set."""
    cache.clear()
    settings.SITE_URL = live_server.url
    at("2026-03-10T10:00:00+08:00")
    defaults.ensure_defaults()
    company.change_settings(company.CompanySettings, {"postal_address": "1 Evergreen Road, Shanghai"}, by=None)
    with SmtpSink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        told = Shop(live_server.url, sink, browser)
        yield told
        for tab in told.tabs:
            tab.context.close()
    cache.clear()
    assert told.said == []
