"""A headless Chromium, as a user would open a page in; without one these tests skip."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Opened(NamedTuple):
    """A browser, and the folder its pages are written to."""

    driver: Chrome
    folder: Path

    def open(self, page: str) -> Chrome:
        """Open a page from a file, as somebody who was sent it would."""
        file = self.folder / "page.html"
        file.write_text(page, encoding="utf-8")
        self.driver.get(file.as_uri())
        return self.driver

    def media(self, media: str = "screen", **features: str) -> None:
        """Set what the page is shown on: `prefers_color_scheme="dark"`."""
        named = [{"name": k.replace("_", "-"), "value": v} for k, v in features.items()]
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"media": media, "features": named}
        )

    def requested(self) -> list[str]:
        """Return the addresses that were asked for since this was asked last.

        Those are left out that the policy of the page kept from being asked for, and what Chromium
        asks of itself for pages of its own.
        """
        log = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        sent: dict[str, str] = {}
        for entry in log:
            message = json.loads(entry["message"])["message"]
            about = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                sent[about["requestId"]] = about["request"]["url"]
            if about.get("blockedReason") == "csp":
                sent.pop(about["requestId"], None)
        return [url for url in sent.values() if not url.startswith(("chrome:", "data:"))]


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Return a browser with a profile of its own."""
    selenium = pytest.importorskip("selenium", reason="selenium is not installed")
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    service = shutil.which("chromedriver")
    if browser is None or service is None:
        pytest.skip("no Chromium here, or no chromedriver: Debian has both as packages")
    assert selenium
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService  # noqa: PLC0415

    options = ChromeOptions()
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    preferences: dict[str, Any] = {"performance": "ALL", "browser": "ALL"}
    options.set_capability("goog:loggingPrefs", preferences)
    found = Chrome(options=options, service=ChromeService(service))
    found.set_page_load_timeout(20)
    yield found
    found.quit()


@pytest.fixture
def browser(driver: Chrome, tmp_path: Path) -> Opened:
    """Return the browser as it is at first: a screen of usual size, in light colours."""
    opened = Opened(driver, tmp_path)
    driver.set_window_size(1100, 900)
    opened.media(prefers_color_scheme="light")
    opened.requested()
    driver.get_log("browser")  # type: ignore[no-untyped-call]
    return opened
