"""What a message quotes is set as code, and whatever a user wrote stays text."""

from __future__ import annotations

import htpy as h
import pytest

from simulator.rendering.page.prose import prose


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("no key is passed", "no key is passed"),
        ("`sts:ExternalId` is absent", "<code>sts:ExternalId</code> is absent"),
        ("pass `a` or `b`", "pass <code>a</code> or <code>b</code>"),
        ("the value `x is cut", "the value `x is cut"),
        ("the value ``` is theirs", "the value ``` is theirs"),
        ("`<b>` is text", "<code>&lt;b&gt;</code> is text"),
        ("`\x1b[2J` is shown", "<code>\\x1b[2J</code> is shown"),
    ],
)
def test_prose(text: str, html: str) -> None:
    assert str(h.p[prose(text)]) == f"<p>{html}</p>"
