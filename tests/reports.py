"""Reports of `iamsim check` about texts, as its renderings are given them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.check.check import check
from simulator.check.detect import kind_of
from simulator.check.report import Report
from simulator.policy.envelope import unwrap
from simulator.source import Source

if TYPE_CHECKING:
    from simulator.check.check import Checked

Json = dict[str, Any]


def policy(*statements: Json, **elements: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a policy as text; a statement allows everything that it does not say otherwise."""
    whole = [{"Effect": "Allow", **_action(s), "Resource": "*", **s} for s in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": whole, **elements}, indent=2)


def _action(statement: Json) -> Json:
    return {} if "NotAction" in statement else {"Action": "s3:GetObject"}


def checked(text: str, file: str = "p.json", name: str = "", *, only: str = "IAM") -> Checked:
    """Return what is found in a text, only the findings whose code begins so."""
    document = unwrap(Source(file, text)).document
    found = check(document, kind_of(document), name=name)
    return found._replace(
        diagnostics=tuple(each for each in found.diagnostics if each.code.startswith(only))
    )


def report_on(*texts: str, only: str = "IAM") -> Report:
    """Return what is found in texts: the files `0.json`, `1.json` and so on."""
    return Report(tuple(checked(t, f"{n}.json", only=only) for n, t in enumerate(texts)))
