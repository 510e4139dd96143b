"""A flowchart as mermaid draws it: all texts are there as texts, and nothing in them acts.

`IAMSIM_MERMAID` names mermaid's own `mermaid.min.js`, which is no part of the project.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulator.rendering.mermaid import flowchart
from tests.property.test_pictures import HOSTILE, drawn, picture

if TYPE_CHECKING:
    from tests.browser.conftest import Opened

_MERMAID = Path(os.environ.get("IAMSIM_MERMAID", ""))
_DRAW = """
const [text, done] = arguments;
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
mermaid.render("drawn", text).then(
  ({ svg }) => { document.getElementById("here").innerHTML = svg; done(null); },
  error => done(String(error)),
);
"""
_LABELS = "return [...document.querySelectorAll('.nodeLabel')].map(e => e.innerText)"

pytestmark = pytest.mark.skipif(
    not _MERMAID.is_file(), reason="IAMSIM_MERMAID names no mermaid.min.js"
)


def labels(browser: Opened, chart: str) -> list[str]:
    """Return the texts of the nodes of a chart, as they are shown."""
    page = (
        "<!doctype html><meta charset='utf-8'><title>t</title><div id='here'></div>"
        f"<script src='{_MERMAID.as_uri()}'></script>"
    )
    driver = browser.open(page)
    assert driver.execute_async_script(_DRAW, chart) is None
    assert driver.title == "t"
    assert driver.find_elements("css selector", "#here :is(script, img, a, iframe, i)") == []
    assert [url for url in browser.requested() if url.startswith("http")] == []
    return [str(label) for label in driver.execute_script(_LABELS)]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_drawn_as_text(browser: Opened, text: str) -> None:
    found = labels(browser, flowchart([picture(text, text, text, text)]))
    plain = labels(browser, flowchart([picture("S", "k", "v", "p.json")]))
    assert len(found) == len(plain)
    shown = drawn(f"arn:aws:s3:::b/{text}")
    assert " ".join(shown.split()) in " ".join("".join(found).split())


def test_a_flowchart_has_an_arrow_to_the_answer(browser: Opened) -> None:
    found = labels(browser, flowchart([picture("S", "k", "v", "p.json")]))
    assert found[-1] == "denied (implicitDeny)"
    thick = browser.driver.find_elements("css selector", ".edge-thickness-thick")
    assert len(thick) == 1
