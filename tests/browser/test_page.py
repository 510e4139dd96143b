"""A page as a user sees it: what it says, in which colours; and what it never does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import allowing, ask, denying, trusting
from tests.property.test_pictures import HOSTILE, picture

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

    from tests.browser.conftest import Opened

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
QUESTIONS: dict[str, dict[str, Any]] = {
    "allowed": {},
    "denied": {"trust": trusting("111111111111", Condition=MFA)},
    "undecided": {"policy": None},
    "refused": {"caller": "arn:aws:iam::111111111111:root"},
}
#: Each text of a page with its contrast to what is behind it, where that is too low.
_POOR_CONTRAST = """
const light = c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
const parts = color => color.match(/[0-9.]+/g).map(Number);
const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
const behind = element => {
  for (let e = element; e; e = e.parentElement) {
    const found = parts(getComputedStyle(e).backgroundColor);
    if (found.length === 3 || found[3] === 1) return found;
  }
  return [255, 255, 255];
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const poor = []; let count = 0;
for (let node; (node = walker.nextNode());) {
  if (!node.data.trim()) continue;
  const element = node.parentElement;
  if (!element.checkVisibility()) continue;
  const color = parts(getComputedStyle(element).color);
  const [one, two] = [luminance(color), luminance(behind(element))];
  const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  count += 1;
  if (contrast < 4.5) poor.push([node.data.trim().slice(0, 40), contrast]);
}
return [count, poor];
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def asked(**question: Any) -> str:  # noqa: ANN401 - see `asked` of the command line
    """Return the page of a question."""
    return ask("--format", "html", **question).out


def hostile() -> str:
    """Return a page of what others wrote to do harm, wherever they can."""
    from simulator.rendering.page.document import page  # noqa: PLC0415 - drawn only here

    return page([picture(text, text, text, text) for text in HOSTILE])


def one(driver: Chrome, selector: str) -> WebElement:
    (found,) = driver.find_elements("css selector", selector)
    return found


def hue(element: WebElement, name: str) -> str:
    """Return which of red, green and blue is strongest in a colour, or that it is grey or amber."""
    color = element.value_of_css_property(name)
    red, green, blue = map(int, re.findall(r"\d+", color)[:3])
    if max(red, green, blue) - min(red, green, blue) < 40:
        return "grey"
    if red > green > blue and green > red / 2 and blue < green - 40:
        return "amber"
    return {red: "red", green: "green", blue: "blue"}[max(red, green, blue)]


HUES = {"allowed": "green", "denied": "red", "undecided": "amber", "refused": "red"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("verdict", QUESTIONS)
def test_the_verdict_is_read_off_the_page(browser: Opened, verdict: str, scheme: str) -> None:
    browser.media(prefers_color_scheme=scheme)
    driver = browser.open(asked(**QUESTIONS[verdict]))
    heading = one(driver, "main .verdict h2")
    assert heading.is_displayed()
    assert heading.text.lower() == verdict
    assert hue(heading, "color") == HUES[verdict]
    assert heading.location["y"] < 200
    answer = one(driver, ".flow .answer")
    assert answer.text.startswith(verdict)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_layer_has_the_colour_of_what_it_says(browser: Opened, scheme: str) -> None:
    browser.media(prefers_color_scheme=scheme)
    question = {
        "trust": trusting("111111111111", Condition=MFA),
        "boundary": allowing(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
    }
    driver = browser.open(asked(**question))
    found = {
        station.get_dom_attribute("data-layer"): (
            hue(station.find_element("css selector", ".said"), "color"),
            " ".join(station.find_element("css selector", ".head").text.split()),
        )
        for station in driver.find_elements("css selector", "[data-layer]")
    }
    assert found == {
        "rcp": ("grey", "resource control policy there is none"),
        "scp": ("grey", "service control policy there is none"),
        "endpoint": ("grey", "VPC endpoint policy there is none"),
        "trust": ("red", "trust policy does not allow"),
        "identity": ("green", "identity-based policy allows"),
        "boundary": (
            "amber",
            "permissions boundary may or may not allow, which makes no difference",
        ),
        "session": ("grey", "session policy there is none"),
    }


def test_the_layer_at_which_the_answer_fell_is_open_and_others_unfold(browser: Opened) -> None:
    driver = browser.open(asked(trust=trusting("111111111111", Condition=MFA)))
    trust = one(driver, "[data-layer=trust] .statement")
    assert trust.is_displayed()
    (failed, _) = trust.find_elements("css selector", "mark.fails")
    assert failed.text == '"aws:MultiFactorAuthPresent"'
    assert hue(failed, "color") == "red"
    identity = one(driver, "[data-layer=identity] .statement")
    assert not identity.is_displayed()
    one(driver, "[data-layer=identity] summary").click()
    assert identity.is_displayed()


def test_a_cause_is_reached_from_its_headline(browser: Opened) -> None:
    driver = browser.open(asked(trust=trusting("111111111111", Condition=MFA), scp=denying()))
    one(driver, ".headlines li:last-child a").click()
    assert one(driver, ".cause:target").text.startswith("IAM312")


def test_a_page_of_hostile_texts_does_nothing(browser: Opened) -> None:
    driver = browser.open(hostile())
    requested = browser.requested()
    assert requested == [driver.current_url]
    assert driver.title == "denied: a decision of iamsim"
    assert driver.execute_script("return document.scripts.length") == 0
    assert driver.find_elements("css selector", "img, iframe, object, form, base, link") == []
    assert driver.get_log("browser") == []  # type: ignore[no-untyped-call]
    body = one(driver, "body").text  # would fail were there a dialog
    assert "<script>alert(1)</script>" in body


def test_markup_that_got_through_would_still_do_nothing(browser: Opened) -> None:
    # What the policy of the page is for: a mistake of ours in making it.
    attack = (
        "<script>document.title = 'pwned'</script><img src='https://example.com/x.png'"
        " onerror=\"document.title = 'pwned'\"><p id='x' style='color: red'>x</p>"
        "<style>body { background: url(https://example.com/y.png) }</style>"
        "<iframe src='https://example.com'></iframe>"
    )
    driver = browser.open(asked().replace("</main>", f"{attack}</main>"))
    assert driver.title == "allowed: a decision of iamsim"
    assert browser.requested() == [driver.current_url]
    assert hue(one(driver, "#x"), "color") == "grey"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("verdict", [*QUESTIONS, "hostile"])
def test_every_text_stands_out_from_what_is_behind_it(
    browser: Opened, verdict: str, scheme: str
) -> None:
    browser.media(prefers_color_scheme=scheme)
    driver = browser.open(hostile() if verdict == "hostile" else asked(**QUESTIONS[verdict]))
    driver.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")
    count, poor = driver.execute_script(_POOR_CONTRAST)
    assert count > 20
    assert poor == []


@pytest.mark.parametrize("width", [360, 1600])
def test_nothing_is_wider_than_the_window(browser: Opened, width: int) -> None:
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    driver = browser.open(hostile())
    driver.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")
    widths = driver.execute_script(
        "return [...document.querySelectorAll('*')].map(e => e.getBoundingClientRect().right)"
    )
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert max(widths) <= width


def test_paper_has_what_is_folded_on_a_screen(browser: Opened) -> None:
    driver = browser.open(asked())
    folded = one(driver, "[data-layer=identity] .statement")
    assert not folded.is_displayed()
    browser.media("print")
    height = "return arguments[0].checkVisibility() && arguments[0].offsetHeight"
    assert driver.execute_script(height, folded) > 50


def test_ids_are_each_there_once(browser: Opened) -> None:
    driver = browser.open(hostile())
    ids = driver.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    named = driver.execute_script(
        "return [...document.querySelectorAll('[aria-labelledby]')]"
        ".map(e => document.getElementById(e.getAttribute('aria-labelledby')).textContent)"
    )
    assert set(named) == {"denied"}
