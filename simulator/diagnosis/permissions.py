"""What the rules on missing permissions share: where to look, and the statement that is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Place, Remedy
from simulator.diagnosis.edits import add_statement
from simulator.diagnosis.words import LAYER_NAMES
from simulator.diagnostic import Access
from simulator.source import Source

if TYPE_CHECKING:
    from simulator.diagnosis.findings import Shortfall
    from simulator.request.request import Request


def statements_place(finding: Shortfall) -> Place | None:
    """Return the place of the statements of the first document, if there is one."""
    if not finding.level:
        return None
    return Place(finding.level[0].policy.document, ("Statement",), on_key=True)


def allow_statement(finding: Shortfall) -> Remedy:
    """Return the remedy that adds the narrowest statement that allows the request."""
    request = finding.evaluation.request
    statement = _statement(request)
    allows = f"`{request.action}` on `{request.resource}`"
    if not finding.level:
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
        source = Source("the new policy", text)
        title = f"give the caller an identity-based policy that allows {allows}"
        return Remedy(title, Access.WIDENED, attached=source)
    document = finding.level[0].policy.document
    return Remedy(
        f"allow {allows} in the {LAYER_NAMES[finding.layer]}",
        Access.WIDENED,
        edits=(add_statement(document, statement),),
    )


def _statement(request: Request) -> dict[str, object]:
    return {"Effect": "Allow", "Action": request.action, "Resource": str(request.resource)}
