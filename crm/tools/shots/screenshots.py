"""The studio: a web server over the database at hand, one browser, and a session for somebody of the staff."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from crm.kernel.auth.models import User
from crm.launcher import chromium as browsers

BROWSER_LOCALES = {"en": "en-GB", "zh-hans": "zh-CN", "zh-hant": "zh-TW"}
SCREEN_SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
MAX_HEIGHT = 3000
# The shell scrolls inside its frame: how much of the page lies below the first screen there.
HIDDEN_HEIGHT_JS = """Math.max(0, ...[...document.querySelectorAll("main, main *, .eg-main, body")].filter(each =>
  each.clientHeight > innerHeight / 2 && ["auto", "scroll"].includes(getComputedStyle(each).overflowY))
  .map(each => each.scrollHeight - each.clientHeight))"""


@dataclass(frozen=True)
class ScreenView:
    """How a page is looked at."""

    width: int
    theme: str
    language: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{self.language}"


STAFF_VIEWS = [
    ScreenView(width, theme, language)
    for width in SCREEN_SIZES
    for language in ("en", "zh-hans")
    for theme in ("light", "dark")
]
PUBLIC_VIEWS = [*STAFF_VIEWS, *(ScreenView(width, "light", "zh-hant") for width in SCREEN_SIZES)]


class QuietRequestHandler(WSGIRequestHandler):
    """Says nothing of what it serves."""

    def log_message(self, format: str, *args: Any) -> None:
        return None


@contextmanager
def run_product_server() -> Iterator[str]:
    """The product at a free port, in threads of this process."""
    web = ThreadedWSGIServer(("127.0.0.1", 0), QuietRequestHandler)
    web.set_app(StaticFilesHandler(get_wsgi_application()))
    Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{web.server_port}"
    finally:
        web.shutdown()


@contextmanager
def open_chromium() -> Iterator[Any]:
    """One browser for all pictures."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browsers.find_chromium() or None, args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()


def open_tab(browser: Any, address: str, view: ScreenView, user: User | None) -> Any:
    """A page of a fresh context: signed in as the user, in a language and a theme."""
    locale, size = BROWSER_LOCALES[view.language], SCREEN_SIZES[view.width]
    context = browser.new_context(viewport=size, color_scheme=view.theme, locale=locale, reduced_motion="reduce")
    cookies = {settings.LANGUAGE_COOKIE_NAME: view.language}
    if user is not None:
        User.objects.filter(pk=user.pk).update(language=view.language, theme="auto")
        cookies[settings.SESSION_COOKIE_NAME] = create_session(user)
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    return context.new_page()


def create_session(user: User) -> str:
    """The key of a session in which the user has just signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    store.save()
    return str(store.session_key)


def photograph_page(page: Any, url: str, path: Path) -> str:
    """The whole page as a picture; returns what was wrong with it, or nothing."""
    from playwright.sync_api import Error

    try:
        answer = page.goto(url, wait_until="load")
    except Error as error:
        return str(error).splitlines()[0]
    page.wait_for_function("!document.querySelector('.htmx-request')")
    page.wait_for_timeout(120)  # charts draw in the next frames
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    size = dict(page.viewport_size)
    if below := min(page.evaluate(HIDDEN_HEIGHT_JS), MAX_HEIGHT - size["height"]):
        page.set_viewport_size({**size, "height": size["height"] + below})
        page.wait_for_timeout(120)
    page.screenshot(path=str(path), full_page=True)
    page.set_viewport_size(size)
    status = answer.status if answer else 0
    return f"status {status}" if status != 200 else "wider than the screen" if wide else ""
