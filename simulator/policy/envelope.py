"""Finding the policy document in what people have: the bare document, or what the CLI printed.

Accepted: a policy; a policy as a JSON string; a URL-encoded policy, as the raw API answers; the
output of `aws iam get-role`, `get-role-policy`, `get-user-policy`, `get-group-policy`,
`get-policy-version` and `aws organizations describe-policy`, and of the commands that print the
policy of a resource, such as `aws s3api get-bucket-policy`; whole or cut down with `--query`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import Arn, parse_arn
from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.policy import codes
from simulator.policy.model import Attachment, Document
from simulator.policy.session_maximum import KEY, maximum_of, no_maximum
from simulator.policy.vocabulary import ELEMENTS, STATEMENT_ELEMENTS
from simulator.source import Range, Source, Span
from simulator.syntax import Number, decode, locate, percent_decode, unescape, within_quotes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.syntax import JsonValue, Path

# The places at which the outputs of the aws CLI carry a document, the longest first.
_PLACES: tuple[Path, ...] = (
    ("Role", "AssumeRolePolicyDocument"),
    ("PolicyVersion", "Document"),
    ("Policy", "Content"),
    ("AssumeRolePolicyDocument",),
    ("PolicyDocument",),
    ("Document",),
    ("Content",),
    # s3api get-bucket-policy, kms get-key-policy, lambda get-policy
    ("Policy",),
    # sqs get-queue-attributes, sns get-topic-attributes
    ("Attributes", "Policy"),
    # secretsmanager get-resource-policy
    ("ResourcePolicy",),
    # ecr get-repository-policy
    ("policyText",),
)
# What only a text under these names can be: elsewhere they name what is known about a policy.
_TEXTS = frozenset({"Policy", "ResourcePolicy", "policyText"})


class RoleFacts(NamedTuple):
    """What the output of `aws iam get-role` says about the role besides its trust policy.

    When it was created is a text as AWS prints it.
    """

    arn: Arn
    unique_id: str | None
    tags: Mapping[str, str]
    max_session_duration: int | None
    created: str | None = None


class Unwrapped(NamedTuple):
    """A document, what stood around it, and what was odd about that."""

    document: Document
    role: RoleFacts | None
    warnings: tuple[Diagnostic, ...]


def unwrap(source: Source) -> Unwrapped:
    """Return the policy document in a text.

    Raises:
        DocumentError: the text is not JSON, or there is no document in it.
    """
    if _is_encoded(source.text):
        inner, warning = _decoded(source, Range(0, len(source.text)))
        return Unwrapped(_inner_document(inner), None, (warning,))
    value = decode(source)
    path = next((place for place in _PLACES if _is_there(value, place)), ())
    found = _at(value, path)
    role, attachment = _role_facts(source, value, path), _attachment(value, path)
    if path == () and isinstance(found, dict) and not _looks_like_policy(found):
        raise DocumentError((_no_document(source),))
    if isinstance(found, str) and not isinstance(found, Number):
        inner, warning = _decoded(source, locate(source).value(path))
        document = _inner_document(inner)._replace(attachment=attachment)
        return Unwrapped(document, role, (warning,))
    return Unwrapped(Document(source, path, found, attachment), role, ())


def _is_there(value: JsonValue, path: Path) -> bool:
    found = _at(value, path)
    return isinstance(found, str) if path[-1] in _TEXTS else found is not None


def _is_encoded(text: str) -> bool:
    # `{`, `"` or, where that was encoded once more, `%`
    return text.lstrip()[:3].lower() in {"%7b", "%22", "%25"}


def _at(value: JsonValue, path: Path) -> JsonValue:
    for step in path:
        if not isinstance(value, dict) or _is_policy(value):
            return None
        value = value.get(str(step))
    return value


def _attachment(value: JsonValue, path: Path) -> Attachment | None:
    """Return whose policy a command of the aws CLI printed."""
    around = _at(value, path[:-1])
    if not path or not isinstance(around, dict):
        return None
    if path[-1] == "Document":
        return Attachment("managed")
    summary = around.get("PolicySummary")
    if path[-1] == "Content" and isinstance(summary, dict):
        name = "Arn" if summary.get("AwsManaged") is True else "Id"
        return Attachment("managed", None, _text(summary.get(name)))
    for kind, name in (("user", "UserName"), ("role", "RoleName"), ("group", "GroupName")):
        if path[-1] == "PolicyDocument" and name in around:
            return Attachment(kind, _text(around[name]), _text(around.get("PolicyName")))
    return None


def _is_policy(value: dict[str, JsonValue]) -> bool:
    return "Statement" in value


def _looks_like_policy(value: dict[str, JsonValue]) -> bool:
    known = {name.casefold() for name in (*ELEMENTS, *STATEMENT_ELEMENTS)}
    return not value or any(name.casefold() in known for name in value)


def _no_document(source: Source) -> Diagnostic:
    start = len(source.text) - len(source.text.lstrip())
    return Diagnostic(
        codes.NO_DOCUMENT,
        Severity.ERROR,
        "there is no policy document in this file",
        (Label(Span(source, Range(start, start + 1)), "expected a policy"),),
        "give a policy, or what `aws iam get-role`, `get-role-policy`, `get-user-policy` or"
        " `get-policy-version` prints",
    )


def _decoded(source: Source, place: Range) -> tuple[Source, Diagnostic]:
    """Return the text of a document that stands as a string, and a note that it does."""
    text = source.text[place.start : place.end]
    encoded, quoted = _is_encoded(text.lstrip('"')), text.startswith('"')
    if encoded:
        inner = percent_decode(source, within_quotes(place) if quoted else place)
    else:
        inner = unescape(source, place)
    how = "URL-encoded" if encoded else "a JSON string"
    label = Label(Span(source, Range(place.start, min(place.start + 1, place.end))), how)
    warning = Diagnostic(
        codes.UNWRAPPED,
        Severity.WARNING,
        f"the document is {how}, and was decoded once",
        (label,),
    )
    return inner, warning


def _inner_document(source: Source) -> Document:
    if _is_encoded(source.text):
        raise DocumentError((_encoded_twice(source),))
    value = decode(source)
    if isinstance(value, str):
        raise DocumentError((_encoded_twice(source),))
    return Document(source, (), value)


def _encoded_twice(source: Source) -> Diagnostic:
    return Diagnostic(
        codes.ENCODED_TWICE,
        Severity.ERROR,
        "the document is encoded twice",
        (Label(Span(source, Range(0, len(source.text))), "still encoded after decoding once"),),
        "decode it once more before giving it",
    )


def _role_facts(source: Source, value: JsonValue, path: Path) -> RoleFacts | None:
    if not path or path[-1] != "AssumeRolePolicyDocument":
        return None
    role = _at(value, path[:-1])
    if not isinstance(role, dict) or "Arn" not in role:
        return None
    arn = parse_arn(str(role["Arn"]))
    if arn is None:
        raise DocumentError((_bad_arn(source, (*path[:-1], "Arn")),))
    maximum = _maximum(source, role.get(KEY), (*path[:-1], KEY))
    unique_id, created = (_text(role.get(name)) for name in ("RoleId", "CreateDate"))
    return RoleFacts(arn, unique_id, _tags(role.get("Tags")), maximum, created)


def _bad_arn(source: Source, path: Path) -> Diagnostic:
    return Diagnostic(
        codes.NO_DOCUMENT,
        Severity.ERROR,
        "the role's `Arn` is not an ARN",
        (Label(Span(source, locate(source).value(path)), "expected `arn:aws:iam::…:role/…`"),),
    )


def _text(value: JsonValue) -> str | None:
    return str(value) if isinstance(value, str) else None


def _maximum(source: Source, value: JsonValue, path: Path) -> int | None:
    """Return the maximum that stands at a path; of none there, nothing is known."""
    seconds = maximum_of(value) if isinstance(value, Number) else None
    if seconds is None and value is not None:
        raise DocumentError((no_maximum(Span(source, locate(source).value(path))),))
    return seconds


def _tags(value: JsonValue) -> Mapping[str, str]:
    # get-role leaves `Tags` out where there are none.
    items = value if isinstance(value, list) else []
    return {
        str(item["Key"]): str(item["Value"])
        for item in items
        if isinstance(item, dict) and "Key" in item and "Value" in item
    }
