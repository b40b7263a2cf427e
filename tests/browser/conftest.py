"""One Chromium for all tests in a browser, and a server with the whole gallery of pages behind it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from crm.kernel.auth.models import Team, User
from crm.kernel.ops import defaults
from crm.launcher import chromium as browsers
from tests.house.gallery import Page, pages, person, session_of

# Playwright's synchronous interface runs a loop of its own in this thread; Django takes it for ours.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

LOCALES = {"en": "en-GB", "zh-hans": "zh-CN", "zh-hant": "zh-TW"}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
DESK = {"width": 1440, "height": 900}
MISFITS = Path(__file__).with_name("misfits.js").read_text(encoding="utf-8")
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The machine's own Chromium, without the parts that a server lacks."""
    path = browsers.find_chromium()
    return {"args": ARGUMENTS, **({"executable_path": path} if path else {})}


@dataclass
class Stage:
    """A running server whose database holds what every page of the gallery shows."""

    server: str
    browser: Browser
    team: Team
    visitors: dict[str, User] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    tabs: dict[tuple[object, ...], Tab] = field(default_factory=dict)

    def set_up(self) -> None:
        for page in pages():
            self.urls[str(page)] = page.url(self.visitor(page))
            if page.more:
                page.more(self.visitor(page), 3)

    def visitor(self, page: Page) -> User:
        """Whoever sees the page, and whose are the records on it; one person for each role."""
        role = "admin" if page.is_public else page.by
        if role not in self.visitors:
            self.visitors[role] = person(role, self.team)
        return self.visitors[role]

    def open(self, page: Page, *, theme: str = "light", language: str = "en", size: dict[str, int] = DESK) -> Tab:
        """The page in a tab that earlier pages of the same kind have used; `tab.mishaps` is what its console said."""
        tab = self._tab(page, theme, language, size)
        tab.mishaps.clear()  # type: ignore[attr-defined]
        response = tab.goto(self.server + self.urls[str(page)], wait_until="load")
        assert response is not None
        assert response.status == 200, f"{page}: {response.status}"
        expect(tab.locator(".htmx-request")).to_have_count(0)  # a function to wait for would be eval to the policy
        return tab

    def _tab(self, page: Page, theme: str, language: str, size: dict[str, int]) -> Tab:
        key = (page.by, page.session and str(page), theme, language, size["width"])
        User.objects.filter(pk=self.visitor(page).pk).update(language=language)
        if key not in self.tabs:
            context = self.browser.new_context(
                viewport=size, color_scheme=theme, locale=LOCALES[language], reduced_motion="reduce"
            )
            cookies = {settings.LANGUAGE_COOKIE_NAME: language}
            if session := session_of(page, self.visitor(page)):
                cookies[settings.SESSION_COOKIE_NAME] = session
            context.add_cookies([{"name": name, "value": cookies[name], "url": self.server} for name in cookies])
            tab = self.tabs[key] = context.new_page()
            tab.set_default_timeout(15_000)
            tab.mishaps = []  # type: ignore[attr-defined]
            tab.on("console", lambda said: tab.mishaps.append(said.text) if said.type == "error" else None)
            tab.on("pageerror", lambda error: tab.mishaps.append(str(error)))
        return self.tabs[key]

    def close(self) -> None:
        for tab in self.tabs.values():
            tab.context.close()


@pytest.fixture(scope="session")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker, django_db_keepdb: bool) -> Iterator[None]:
    """The test database; pytest-django makes it only for tests that ask for it by themselves."""
    if connection.settings_dict["NAME"].startswith(TEST_DATABASE_PREFIX):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(0, False, aliases={"default"}, keepdb=django_db_keepdb)
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, 0)


@pytest.fixture(scope="module")
def stage(browser: Browser, database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """The stage, set up once for a module; afterwards the database is as empty as before."""
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        defaults.ensure_defaults()
        found = Stage(server.url, browser, Team.objects.create(name="Gallery"))
        try:
            found.set_up()
            yield found
        finally:
            found.close()
            server.stop()
            call_command("flush", interactive=False, allow_cascade=True, inhibit_post_migrate=False, verbosity=0)
            connections.close_all()
