"""What services answer to the policy of a resource, or an endpoint, that they do not store.

They share a grammar, and have a code and texts of their own; most of them one text for all. Which
of several faults is told is not known: here it is the first in the order below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.policy.kinds import ENDPOINT
from simulator.policy.model import VERSIONS, Effect
from simulator.policy.vocabulary import PRINCIPAL_TYPES
from simulator.storing import shape, trust
from simulator.storing.permission import all_texts
from simulator.storing.principals import is_entity
from simulator.storing.refusal import Text
from simulator.storing.submitted import chosen, first

if TYPE_CHECKING:
    from simulator.storing.refusal import Refusal
    from simulator.storing.submitted import Object, Submitted
    from simulator.syntax import JsonValue, Path


class Words(NamedTuple):
    """How a service says what is wrong with a policy; `needs_resource` where each statement does.

    `{}` is an element in `missing`, and a text of the document in `effect`.
    """

    syntax: Text
    json: Text
    version: Text
    empty: Text
    missing: Text
    effect: Text
    no_principal: Text
    principal: Text
    action: Text
    resource: Text
    needs_resource: bool = False


def _one(words: str, code: str) -> Words:
    """Return the words of a service that has one text for nearly all."""
    text = Text(words, recorded=False, code=code)
    return Words(text, text, text, text, text, text, text, text, text, text)


def _of_s3(words: str, *, recorded: bool = False) -> Text:
    return Text(words, recorded, "MalformedPolicy")


_S3: Final = Words(
    syntax=_of_s3("Invalid policy syntax."),
    json=_of_s3("Policies must be valid JSON and the first byte must be '{{'", recorded=True),
    version=_of_s3(trust.VERSION.words),
    empty=_of_s3(trust.EMPTY.words),
    missing=_of_s3(trust.MISSING.words, recorded=True),
    effect=_of_s3(trust.EFFECT.words),
    no_principal=_of_s3("Missing required field Principal"),
    principal=_of_s3("Invalid principal in policy"),
    action=_of_s3("Policy has invalid action"),
    resource=_of_s3("Policy has invalid resource"),
    needs_resource=True,
)
_KMS_CODE: Final = "MalformedPolicyDocumentException"
# Of services that are not here no text is known: theirs are those of trust policies.
_ANY: Final = Words(
    syntax=trust.SYNTAX,
    json=trust.SYNTAX,
    version=trust.VERSION,
    empty=trust.EMPTY,
    missing=trust.MISSING,
    effect=trust.EFFECT,
    no_principal=trust.MISSING,
    principal=Text("Invalid principal in policy", recorded=False),
    action=trust.SYNTAX,
    resource=trust.SYNTAX,
)
_ENDPOINT: Final = _one("The Policy Document is not valid.", "InvalidPolicyDocument")
_BY_SERVICE: Final = {
    "s3": _S3,
    "sqs": _one("Invalid value for the parameter Policy.", "InvalidAttributeValue"),
    "sns": _one("Invalid parameter: Policy Error: null", "InvalidParameter")._replace(
        action=Text(
            "Invalid parameter: Policy statement action out of service scope!",
            recorded=False,
            code="InvalidParameter",
        ),
    ),
    "kms": _one(
        "The request was rejected because the specified policy is not syntactically or"
        " semantically correct.",
        _KMS_CODE,
    )._replace(
        no_principal=Text(
            "Policy contains a statement with no principal.", recorded=False, code=_KMS_CODE
        ),
        principal=Text(
            "Policy contains a statement with one or more invalid principals.",
            recorded=False,
            code=_KMS_CODE,
        ),
        needs_resource=True,
    ),
    "ecr": _one(
        "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository"
        " policy provided'",
        "InvalidParameterException",
    ),
    "secretsmanager": _one("This policy has invalid syntax.", _KMS_CODE),
}


def refusal(submitted: Submitted) -> Refusal | None:
    """Return the answer to the policy of a resource or an endpoint that AWS does not store."""
    return first(_STAGES, submitted)


def words_of(submitted: Submitted) -> Words:
    """Return the words of the service that a policy is for, which its actions may tell."""
    if submitted.kind == ENDPOINT:
        return _ENDPOINT
    return _BY_SERVICE.get(submitted.service or service_of(submitted) or "", _ANY)


def service_of(submitted: Submitted) -> str | None:
    """Return the service whose actions alone a policy speaks of, if there is one."""
    vendors = {text.partition(":")[0].lower() for _, text in _actions_of(submitted)}
    return vendors.pop() if len(vendors) == 1 else None


def _actions_of(submitted: Submitted) -> list[tuple[Path, str]]:
    return list(all_texts(submitted, "Action"))


def _document(submitted: Submitted) -> Refusal | None:
    value, words = submitted.value, words_of(submitted)
    if not isinstance(value, dict):
        return words.json.about(())
    wrong = shape.unknown_element(submitted, value) or shape.no_text(submitted, (), value, "Id")
    if wrong is not None:
        return words.syntax.about(wrong)
    version = value.get("Version", VERSIONS[0])  # POL-5: either will do
    if not submitted.is_open(version) and (type(version) is not str or version not in VERSIONS):
        return words.version.about(("Version",))
    if "Statement" not in value:
        return words.missing.about((), "Statement")
    return words.empty.about(("Statement",)) if value["Statement"] == [] else None


def _statements(submitted: Submitted) -> Refusal | None:
    words = words_of(submitted)
    for path, item in submitted.places:
        if not isinstance(item, dict):
            return words.syntax.about(path)
        answer = _statement(submitted, path, item, words)
        if answer is not None:
            return answer
    return None


def _statement(submitted: Submitted, path: Path, statement: Object, words: Words) -> Refusal | None:
    wrong = (
        shape.unknown_in_statement(submitted, path, statement)
        or shape.no_text(submitted, path, statement, "Sid")
        or shape.contradiction(submitted, path, statement, "Action", "Resource", "Principal")
    )
    if wrong is not None:
        return words.syntax.about(wrong)
    return (
        _effect(submitted, path, statement, words)
        or _principals(submitted, path, statement, words)
        or _elements(submitted, path, statement, words)
        or _condition(submitted, path, statement, words)
    )


def _effect(submitted: Submitted, path: Path, statement: Object, words: Words) -> Refusal | None:
    if "Effect" not in statement:  # POL-11
        return words.missing.about(path, "Effect")
    effect = statement["Effect"]
    if submitted.is_open(effect) or effect in tuple(Effect):
        return None
    place = (*path, "Effect")
    return words.effect.about(place, effect) if type(effect) is str else words.syntax.about(place)


def _principals(
    submitted: Submitted, path: Path, statement: Object, words: Words
) -> Refusal | None:
    name = chosen(statement, "Principal")
    if name is None:  # POL-15
        return words.no_principal.about(path, "Principal")
    value = statement[name]
    if submitted.is_open(value) or type(value) is str:
        return None
    if not isinstance(value, dict):
        return words.syntax.about((*path, name))
    for kind, inner in value.items():
        answer = _typed(submitted, (*path, name, kind), inner, words)
        if answer is not None:
            return answer
    return None


def _typed(submitted: Submitted, path: Path, value: JsonValue, words: Words) -> Refusal | None:
    if submitted.is_open(value):
        return None
    if path[-1] not in PRINCIPAL_TYPES:  # PRN-1
        return words.principal.about(path)
    wrong = shape.no_texts(path, value)
    if wrong is not None:
        return words.syntax.about(wrong)
    for place, text in submitted.texts(path, value) if path[-1] == "AWS" else ():
        if not is_entity(text):  # PRN-2
            return words.principal.about(place)
    return None


def _elements(submitted: Submitted, path: Path, statement: Object, words: Words) -> Refusal | None:
    if chosen(statement, "Action") is None:  # POL-12
        return words.missing.about(path, "Action")
    no_resource = chosen(statement, "Resource") is None
    if no_resource and submitted.service is not None and words.needs_resource:
        return words.missing.about(path, "Resource")
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if name in statement and not submitted.is_open(statement[name]):
            wrong = shape.no_texts((*path, name), statement[name])
            if wrong is not None:
                return words.syntax.about(wrong)
    return None


def _condition(submitted: Submitted, path: Path, statement: Object, words: Words) -> Refusal | None:
    if "Condition" not in statement:
        return None
    wrong = shape.bad_condition(submitted, (*path, "Condition"), statement["Condition"])
    return words.syntax.about(wrong) if wrong is not None else None


def _actions(submitted: Submitted) -> Refusal | None:
    for path, action in _actions_of(submitted):
        if action != "*" and action.count(":") != 1:  # ACT-3
            return words_of(submitted).action.about(path)
    return None


def _own_names(submitted: Submitted) -> Refusal | None:
    """Refuse actions and resources of others, where the service is known for certain."""
    words = words_of(submitted)
    if submitted.service in {"s3", "sns"}:
        for path, action in _actions_of(submitted):
            if action != "*" and action.partition(":")[0].lower() != submitted.service:
                return words.action.about(path)
    if submitted.service == "s3":
        for path, resource in all_texts(submitted, "Resource"):
            if not resource.startswith("arn:") or resource.split(":")[2:3] != ["s3"]:
                return words.resource.about(path)
    return None


_STAGES: Final = (_document, _statements, _actions, _own_names)
