"""A synchronised Superset on a release, and people who sign in to it with a real browser.

``CHISO_TEST_HOME`` names a data folder with ``published/mart.duckdb`` to look at; without it a small release is made.
"""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from indicator_specs.home import Home
from superset_config import serving
from superset_config.credentials import passwords
from tests.browser.sample_release import build

CHROMIUM = Path(os.environ.get("CHISO_CHROMIUM", "/usr/bin/chromium"))
# The flags keep the browser from calling out by itself.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_SECONDS = 120
SignIn = Callable[[str], BrowserContext]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder with a release."""
    if not CHROMIUM.exists():
        pytest.skip(f"Chromium is missing ({CHROMIUM}): apt-get install chromium")
    try:
        serving.interpreter()
    except serving.SupersetMissingError as missing:
        pytest.skip(str(missing))
    given = os.environ.get("CHISO_TEST_HOME")
    if given:
        return Home(Path(given).resolve())
    made = Home(tmp_path_factory.mktemp("home"))
    build(made)
    return made


@pytest.fixture(scope="session")
def address(home: Home) -> Iterator[str]:
    """The address of a server that shows the release."""
    synchronised = serving.sync(home)
    assert synchronised.returncode == 0, synchronised.stderr[-4000:]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serving.serve(home, port)
    try:
        _wait(f"http://127.0.0.1:{port}/health", server, home)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(url: str, server: "subprocess.Popen[bytes]", home: Home) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, (home.superset / "server.log").read_text()[-3000:]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError(f"no answer within {PATIENCE_SECONDS} s")


@pytest.fixture
def mart(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release itself, read beside Superset."""
    with duckdb.connect(str((home.published / "mart.duckdb").resolve()), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def sign_in(browser: Browser, address: str, home: Home) -> Iterator[SignIn]:
    """Sign a user in through the login page, once a session; every page opened in the context is theirs."""
    signed: dict[str, BrowserContext] = {}
    secrets = passwords(home.root)

    def enter(user: str) -> BrowserContext:
        if user not in signed:
            context = browser.new_context(
                base_url=address,
                viewport={"width": 1440, "height": 900},
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
            )
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.goto("/login/")
            page.fill("#username", user)
            page.fill("#password", secrets[user])
            page.keyboard.press("Enter")
            page.wait_for_url("**/superset/dashboard/tong-quan/**")
            page.close()
            signed[user] = context
        return signed[user]

    yield enter
    for context in signed.values():
        context.close()
