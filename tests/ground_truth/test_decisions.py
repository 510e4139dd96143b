"""What AWS decided, or says in its documentation that it decides, is what we decide.

Every case of the three files is asked, or it stands in a table with the reason why not. Where we
disagree `docs/reference/disagreements.md` says why; as soon as we agree the entry has to go.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import explain_level
from simulator.simulate import simulate
from simulator.source import Place, Source
from simulator.syntax import locate
from tests import worlds
from tests.ground_truth.recorded import NEEDED, Case, is_published, read_cases, texts, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.evaluation.evaluate import Evaluation

pytestmark = NEEDED
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "disagreements.md"
FILES = (
    "simulation_localstack.json",
    "simulation_and_denied_recordings.json",
    "manual_docs_and_reports.json",
)
ACCOUNT, USER = "123456789012", "arn:aws:iam::123456789012:user/alice"
ROLE, SESSION = f"arn:aws:iam::{ACCOUNT}:role/R", f"arn:aws:sts::{ACCOUNT}:assumed-role/R/s"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
WEB = "sts:AssumeRoleWithWebIdentity"

#: Kinds of cases that are not about a decision on a request.
OTHER_KINDS: Final = {
    "access_denied_message": "a text, without the policies behind it",
    "api_error": "an error of the API of AWS's simulator",
    "document_validation": "what may be written is for the tests of documents",
    "sts_parameter": "parameters of STS: test_recordings.py",
    "trust_document_validation": "what may be written is for the tests of documents",
}
#: Cases that cannot be asked.
NOT_ASKED: Final = {
    "rep-ghoidc-branch-exact": "the report tells neither the token nor the cause",
}
#: Cases in which we answer otherwise; docs/reference/disagreements.md has the reasons.
DISAGREEMENTS: Final = frozenset(
    {
        "doc-cond-orgpaths-1",
        "doc-cond-orgpaths-2",
        "doc-cond-orgpaths-3",
        "doc-cond-arnall-3",
        "rep-sourceidentity-wrong",
    }
)
#: What a case tells in words, as the world that it means.
TOLD: Final[dict[str, worlds.World]] = {
    # the account field of the ARN is not what the star is allowed to be
    "rep-sim-arn-account-star": {"resource": "arn:aws:dynamodb:us-east-1:1:2:table/orders"},
    "rep-self-assume": {"trusted": {"Service": "ec2.amazonaws.com"}},
    "rep-target-is-a-user": {"trusted": {"AWS": "672112570000"}, "exists": False},
    "rep-live2026-00": {"trusted": {"AWS": "121774052880"}},
    "rep-live2026-01": {"trusted": {"AWS": "121774052880"}},
}
#: The callers of AWS's table of resource policies, by how the table calls them.
CALLERS: Final[dict[str, worlds.World]] = {
    "IAM user": {"arn": USER},
    "role session": {"arn": SESSION},
    "federated user session": {"arn": FEDERATED, "user_arn": USER},
}
NAMED: Final = {
    "role ARN": ROLE,
    "role session ARN": SESSION,
    "user ARN": USER,
    "IAM user ARN": USER,
    "federated user session ARN": FEDERATED,
}

CASES = read_cases(*FILES)


def policy(**elements: object) -> dict[str, object]:
    """Return a policy of one statement that allows."""
    statement = {"Effect": "Allow", "Action": "*", **elements}
    return {"Version": "2012-10-17", "Statement": [statement]}


def why_not_asked(case: Case) -> str | None:
    """Return why a case cannot be asked, or nothing."""
    if case["kind"] in OTHER_KINDS:
        return OTHER_KINDS[case["kind"]]
    if not is_published(case):
        return "a policy was not published"
    return NOT_ASKED.get(case["id"])


def asked() -> Iterator[Any]:
    """Yield the cases, marked where they cannot be asked."""
    for case in CASES:
        reason = why_not_asked(case)
        marks = [pytest.mark.skip(reason=reason)] if reason else []
        yield pytest.param(case, id=case["id"], marks=marks)


@pytest.mark.parametrize("case", list(asked()))
def test_decision(case: Case) -> None:
    agrees = recorded(case) in ours(case)
    assert agrees is (case["id"] not in DISAGREEMENTS), (recorded(case), ours(case))


def test_the_tables_name_cases_that_are_there() -> None:
    ids = {case["id"] for case in CASES}
    assert {*NOT_ASKED, *DISAGREEMENTS, *TOLD} <= ids
    assert set(OTHER_KINDS) <= {case["kind"] for case in CASES}


def test_the_page_tells_of_every_disagreement() -> None:
    assert set(re.findall(r"`((?:doc|rep|ls|tf|c7n)-[\w-]+)`", PAGE.read_text())) == DISAGREEMENTS


def recorded(case: Case) -> str:
    """Return the decision of a case and, where it tells it, the action that was refused."""
    expected = case["expected"]
    decision = {"match": "allowed", "no-match": "implicitDeny"}.get(
        expected["decision"], expected["decision"]
    )
    refused = re.search(r"not authorized to perform: (\S+)", expected["error_message"] or "")
    return f"{decision} {refused[1]}" if refused else str(decision)


def ours(case: Case) -> set[str]:
    """Return our decision, in the words that recordings have for it."""
    if case["action"] == WEB:
        return _worded("allowed" if _trust_conditions_hold(case) else "implicitDeny", WEB)
    if case["kind"] == "assume_role":
        answer = worlds.answer(_assume_role_world(case), _parameters(case), values(case))
        return _worded(answer.outcome, worlds.action(answer))
    return _worded(_simulated(case).decision.outcome, case["action"] or "")


def _worded(outcome: str, action: str) -> set[str]:
    words = {outcome} if outcome == "allowed" else {outcome, "denied"}
    return words | {f"{word} {action}" for word in words}


def _simulated(case: Case) -> Evaluation:
    in_matrix = case["kind"] == "evaluation_matrix"
    world = _matrix_world(case["request"], case["principal"]) if in_matrix else _world(case)
    resource = TOLD.get(case["id"], case)["resource"] or "*"
    request: worlds.World = {"action": case["action"] or "sqs:SendMessage", "resource": resource}
    # AWS's simulator asks nothing of a resource without a policy: it is taken to be the caller's
    request["resource_account"] = world["caller"]["arn"].split(":")[4]
    return simulate(worlds.question(world, request, _context(case)))


def _context(case: Case) -> dict[str, object]:
    """Return the context: in a table about operators what is not given is not there."""
    if case["kind"] != "condition_operator":
        return values(case)
    return dict.fromkeys(_condition_keys(case)) | values(case)


def _condition_keys(case: Case) -> Iterator[str]:
    for document in _identity(case):
        for statement in _statements(document):
            for tests in statement["Condition"].values():
                yield from tests


def _statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def _identity(case: Case) -> list[dict[str, Any]]:
    """Return the identity policies; of a test of an operator, one with its condition."""
    condition = (case["request"] or {}).get("condition")
    if condition:
        return [policy(Resource="*", Condition=condition)]
    return [json.loads(text) for text in texts(case, "identity")]


def _world(case: Case) -> worlds.World:
    boundary = texts(case, "permissions_boundary")
    return {
        "caller": {"arn": _caller(case)},
        "identity": _identity(case),
        "boundary": json.loads(boundary[0]) if boundary else None,
        "session_policies": [json.loads(text) for text in texts(case, "session")],
    }


def _caller(case: Case) -> str:
    """Return who calls: of a role a session, of a group a user, and somebody where nobody is."""
    principal = case["principal"] or (SESSION if case["kind"] == "authorization" else USER)
    role = re.fullmatch(r"arn:aws:iam::(\d+):role/(\w+)", principal)
    if role:
        return f"arn:aws:sts::{role[1]}:assumed-role/{role[2]}/s"
    return str(principal.replace(":group/", ":user/"))


def _matrix_world(row: dict[str, str], who: str) -> worlds.World:
    """Return the world of a row of AWS's table of resource policies."""
    nothing = policy(Action="iam:ListUsers", Resource="*")
    named = NAMED[row["resource_policy_grants"]]
    return {
        "caller": CALLERS[who],
        "identity": [nothing],
        "boundary": nothing if row["permissions_boundary"] == "implicit deny" else None,
        "session_policies": [nothing] if row["session"] == "implicit deny" else [],
        "resource_policy": policy(Principal={"AWS": named}, Resource="*"),
    }


def _assume_role_world(case: Case) -> worlds.World:
    told = TOLD.get(case["id"], {})
    trust = [json.loads(text) for text in texts(case, "trust")]
    trusted = {"Effect": "Allow", "Principal": told.get("trusted"), "Action": "sts:AssumeRole"}
    return {
        "caller": {"arn": case["principal"]},
        "role": {"arn": case["resource"] or ROLE, "exists": told.get("exists", True)},
        "trust": trust[0] if trust else {"Version": "2012-10-17", "Statement": [trusted]},
    }


def _parameters(case: Case) -> dict[str, object]:
    source_identity = (case["request"] or {}).get("SourceIdentity")
    return {"source_identity": source_identity} if source_identity else {}


def _trust_conditions_hold(case: Case) -> bool:
    """Whether the conditions of a trust policy hold, which decides a call with a web identity.

    That call is not decided yet; what its conditions say is asked of an identity policy.
    """
    (trust,) = (json.loads(text) for text in texts(case, "trust"))
    (statement,) = trust["Statement"]
    identity = [policy(Resource="*", Condition=statement["Condition"])]
    world: worlds.World = {"caller": {"arn": USER}, "identity": identity}
    question = worlds.question(world, {"action": "sqs:SendMessage"}, values(case))
    return simulate(question).decision.outcome == "allowed"


def with_matches() -> Iterator[Any]:
    """Yield the cases for which AWS's simulator named the statements that apply."""
    for case in CASES:
        found = (case["expected"].get("result") or {}).get("MatchedStatements")
        if found is not None and why_not_asked(case) is None:
            yield pytest.param(case, found, id=case["id"])


@pytest.mark.parametrize(("case", "found"), list(with_matches()))
def test_statements_that_apply(case: Case, found: list[dict[str, Any]]) -> None:
    ends = {Place(end["Line"], end["Column"]) for end in (each["EndPosition"] for each in found)}
    assert set(_ends(case)) == ends


def _ends(case: Case) -> Iterator[Place]:
    """Yield where the statements that apply end in the policy, as AWS counts."""
    evaluation = _simulated(case)
    (text,) = texts(case, "identity")
    source = Source("recorded", text)
    (level,) = evaluation.policies.levels(Layer.IDENTITY)
    for match in explain_level(evaluation, level):
        if match.applies:
            yield source.place(locate(source).value(match.statement.path).end)
