"""From the JSON of a document to a policy that AWS would store, or everything it would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnostic import Access, Severity
from simulator.policy import codes
from simulator.policy.characters import check_characters
from simulator.policy.conditions import read_conditions
from simulator.policy.elements import (
    is_string,
    read_actions,
    read_resources,
    read_sid,
    type_name,
    wrong_type,
)
from simulator.policy.findings import Findings
from simulator.policy.kinds import Need, PolicyKind
from simulator.policy.model import (
    DEFAULT_VERSION,
    VERSIONS,
    Document,
    Effect,
    Patterns,
    PolicyDocument,
    PrincipalPattern,
    Statement,
)
from simulator.policy.principals import read_principal
from simulator.policy.vocabulary import ELEMENTS, STATEMENT_ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnostic import Edit
    from simulator.syntax import JsonValue, Path

    Object = dict[str, JsonValue]

_EFFECTS = {str(effect): effect for effect in Effect}
_KNOWN: dict[tuple[str, ...], frozenset[str]] = {
    names: frozenset(names) for names in (ELEMENTS, STATEMENT_ELEMENTS)
}


def build(document: Document, kind: PolicyKind) -> PolicyDocument:
    """Return the policy of a document.

    Raises:
        DocumentError: AWS would refuse to store it; every reason is in it.
    """
    findings = Findings(document)
    if not isinstance(document.value, dict):
        findings.error(
            codes.NOT_AN_OBJECT,
            (),
            f"a policy is a JSON object, not {type_name(document.value)}",
            'expected `{"Version": …, "Statement": …}`',
        )
        findings.result()
    value = document.value if isinstance(document.value, dict) else {}
    _check_names(findings, (), value, ELEMENTS)
    if "Id" in value and not is_string(value["Id"]):  # POL-6
        wrong_type(findings, ("Id",), value["Id"], "a string")
    version = _read_version(findings, value, kind)
    _refuse_other_kind(findings, value, kind)
    statements = tuple(_read_statements(findings, value, kind, version))
    _check_sids(findings, value)
    check_characters(findings)
    return PolicyDocument(document, statements, findings.result(), kind)


def _refuse_other_kind(findings: Findings, value: Object, kind: PolicyKind) -> None:
    """Refuse a document that is plainly of another kind, instead of naming all it lacks for this.

    Raises:
        DocumentError: it is.
    """
    found = value.get("Statement")
    statements = [s for s in (found if isinstance(found, list) else [found]) if isinstance(s, dict)]
    if not statements or kind.only_everyone:
        return
    other = _other_kind(statements, wants_principal=kind.principal is Need.REQUIRED)
    if other is None:
        return
    findings.error(
        codes.OTHER_KIND,
        ("Statement",),
        f"this is {other}, and {kind.article} {kind.name} is wanted",
        "statements with a `Principal` belong to a role or resource, those without to callers",
        on_key=True,
        help="were two files swapped?",
    )
    findings.result()


def _other_kind(statements: list[Object], *, wants_principal: bool) -> str | None:
    if wants_principal and "Principal" in statements[0]:
        return None
    with_principal = (_has(s, "Principal") for s in statements)
    with_resource = (_has(s, "Resource") for s in statements)
    if wants_principal:
        is_other = not any(with_principal) and all(with_resource)
        return "an identity-based policy" if is_other else None
    is_other = all(with_principal) and not any(with_resource)
    return "a trust policy" if is_other else None


def _has(statement: Object, word: str) -> bool:
    return any(word in name for name in statement)  # also misspelt, and with `Not` before it


def _check_names(findings: Findings, path: Path, value: Object, known: tuple[str, ...]) -> None:
    if value.keys() <= _KNOWN[known]:
        return
    for name in value:
        if name in known:  # POL-10: letter case counts
            continue
        meant = findings.nearest(name, known)
        findings.error(  # POL-7
            codes.UNKNOWN_ELEMENT,
            (*path, name),
            f"`{name}` is not an element of a {'statement' if path else 'policy'}",
            "AWS knows no element of this name",
            on_key=True,
            help=f"did you mean `{meant}`?" if meant else f"the elements are {', '.join(known)}",
            replacement=None if meant in value else meant,
        )


def _read_version(findings: Findings, value: Object, kind: PolicyKind) -> str:
    if "Version" not in value:
        _old_language(findings, (), "no `Version`", 'add `"Version": "2012-10-17"`', kind)  # POL-3
        return DEFAULT_VERSION
    version = value["Version"]
    if not isinstance(version, str) or version not in VERSIONS:
        quoted = is_string(version)
        findings.error(  # POL-3
            codes.UNKNOWN_WORD,
            ("Version",),
            f"{f'`{version}`' if quoted else type_name(version)} is not a version of the policy"
            " language",
            "expected `2012-10-17` or `2008-10-17`",
            replacement=VERSIONS[0] if quoted else f'"{VERSIONS[0]}"',
        )
        return VERSIONS[0]
    if version == DEFAULT_VERSION and (not kind.old_language or _has_variables(findings.document)):
        title = f"`Version` is `{version}`"
        _old_language(findings, ("Version",), title, "expected `2012-10-17`", kind)  # POL-5
    return version


def _has_variables(document: Document) -> bool:
    return "${" in document.source.text and "${" in document.whole().text


def _old_language(findings: Findings, path: Path, title: str, label: str, kind: PolicyKind) -> None:
    document = findings.document
    unchanged = not document.unknown and "${" not in str(document.value)
    answer = "AWS answers `Policy document must be version 2012-10-17 or greater.`"
    meaning = (
        "in the language of 2012 each `${…}` is a variable, so the policy would mean another thing"
    )
    findings.error(  # POL-4, POL-5
        codes.OLD_LANGUAGE,
        path,
        f"{title}: the policy is read by the rules of 2008, and `${{…}}` is plain text",
        label,
        help=answer if kind.only_new_language else None if unchanged else meaning,
        replacement=VERSIONS[0] if path else None,
        severity=Severity.WARNING,
        # What a variable then stands for may be allowed that was not before.
        access=Access.UNCHANGED if unchanged else Access.WIDENED,
        edits=None if path else lambda: _with_version(document),
    )


def _with_version(document: Document) -> tuple[Edit, ...]:
    from simulator.policy.edits import add_first  # noqa: PLC0415 - needs json, which takes 5 ms

    return (add_first(document, "Version", VERSIONS[0]),) if document.value else ()


def _read_statements(
    findings: Findings, value: Object, kind: PolicyKind, version: str
) -> Iterator[Statement]:
    if "Statement" not in value:
        findings.error(  # POL-2
            codes.MISSING_ELEMENT,
            (),
            "the policy has no `Statement`",
            'expected `"Statement": […]`',
        )
        return
    found = value["Statement"]
    path: Path = ("Statement",)
    items = found if isinstance(found, list) else [found]
    if not items:
        findings.error(  # POL-2
            codes.MISSING_ELEMENT, path, "the list of statements is empty", "expected a statement"
        )
    for index, item in enumerate(items):
        place = (*path, index) if isinstance(found, list) else path
        if isinstance(item, dict):
            statement = _read_statement(findings, place, index + 1, item, kind, version)
            if statement is not None:
                yield statement
        else:
            wrong_type(findings, place, item, "an object")  # POL-2


def _read_statement(  # noqa: PLR0913, PLR0917 - where it stands and how it is to be read
    findings: Findings, path: Path, number: int, value: Object, kind: PolicyKind, version: str
) -> Statement | None:
    _check_names(findings, path, value, STATEMENT_ELEMENTS)
    sid = read_sid(findings, (*path, "Sid"), value["Sid"], kind) if "Sid" in value else ""
    effect = _read_effect(findings, path, value, kind)
    actions = _read_actions(findings, path, value, kind)
    variables = version == VERSIONS[0]  # POL-4
    resources = _read_resources(findings, path, value, kind, variables=variables)
    principals = _read_principals(findings, path, value, kind)
    conditions = (
        read_conditions(findings, (*path, "Condition"), value["Condition"], variables=variables)
        if "Condition" in value
        else ()
    )
    if effect is None or actions is None:
        return None
    return Statement(
        findings.document,
        path,
        number,
        sid,
        effect,
        variables,
        actions,
        resources,
        principals,
        conditions,
    )


def _read_effect(findings: Findings, path: Path, value: Object, kind: PolicyKind) -> Effect | None:
    found = value.get("Effect")
    effect = _EFFECTS.get(found) if type(found) is str else None
    if effect is None:
        _check_effect(findings, path, value)
    elif kind.only_deny and effect is Effect.ALLOW and not _is_full_access(value):
        findings.error(  # EVAL-50, EVAL-53
            codes.UNKNOWN_WORD,
            (*path, "Effect"),
            f"{kind.article} {kind.name} can only deny",
            "expected `Deny`",
        )
    return effect


def _check_effect(findings: Findings, path: Path, value: Object) -> None:
    if "Effect" not in value:
        _missing(findings, path, value, "Effect", '`"Effect": "Allow"` or `"Deny"`')  # POL-11
        return
    effect = value["Effect"]
    meant = findings.nearest(effect, tuple(Effect)) if isinstance(effect, str) else None
    findings.error(  # POL-11
        codes.UNKNOWN_WORD,
        (*path, "Effect"),
        f"`{effect}` is not an effect" if isinstance(effect, str) else "this is not an effect",
        "expected `Allow` or `Deny`, in these letters",
        replacement=meant,
    )


def _is_full_access(value: Object) -> bool:
    # RCPFullAWSAccess, which AWS itself attaches, is the one RCP that allows.
    return value.get("Action") in ("*", ["*"]) and value.get("Resource") in ("*", ["*"])


def _missing(findings: Findings, path: Path, value: Object, name: str, wanted: str) -> None:
    unknown = (other for other in value if other not in STATEMENT_ELEMENTS)
    if any(findings.nearest(other, STATEMENT_ELEMENTS) == name for other in unknown):
        return  # misspelt, and told as that
    article = "an" if name[0] in "AEIOU" else "a"
    message = f"a statement needs {article} `{name}`"
    findings.error(codes.MISSING_ELEMENT, path, message, f"expected {wanted} in here")


def _choose(findings: Findings, path: Path, value: Object, name: str) -> str | None:
    """Return which of an element and its `Not` form is there; both is an error."""
    negated = f"Not{name}"
    if negated not in value:
        return name if name in value else None
    if name not in value:
        return negated
    findings.error(  # POL-12, POL-13, POL-15, POL-16
        codes.CONTRADICTING_ELEMENTS,
        (*path, negated),
        f"a statement has either `{name}` or `{negated}`, not both",
        "the second of the two",
        on_key=True,
    )
    return name


def _read_actions(
    findings: Findings, path: Path, value: Object, kind: PolicyKind
) -> Patterns | None:
    name = _choose(findings, path, value, "Action")
    if name is None:
        _missing(findings, path, value, "Action", '`"Action": "service:Name"`')  # POL-12
        return None
    return read_actions(findings, (*path, name), value[name], kind)


def _read_resources(
    findings: Findings, path: Path, value: Object, kind: PolicyKind, *, variables: bool
) -> Patterns | None:
    name = _choose(findings, path, value, "Resource")
    if name is None:
        if kind.resource is Need.REQUIRED:  # POL-13
            _missing(findings, path, value, "Resource", '`"Resource": "arn:…"`')
        return None
    if kind.resource is Need.FORBIDDEN:  # POL-14
        findings.error(
            codes.FORBIDDEN_ELEMENT,
            (*path, name),
            f"{kind.article} {kind.name} has no `{name}`: it always speaks of its own role",
            "remove this element",
            on_key=True,
            help="AWS answers `Has prohibited field Resource`",
        )
        return None
    return read_resources(findings, (*path, name), value[name], kind, variables=variables)


def _read_principals(
    findings: Findings, path: Path, value: Object, kind: PolicyKind
) -> PrincipalPattern | None:
    name = _choose(findings, path, value, "Principal")
    need = kind.not_principal if name == "NotPrincipal" else kind.principal
    if name is None:
        if kind.principal is Need.REQUIRED:  # POL-15
            wanted = '"*"' if kind.only_everyone else '{"AWS": "…"}'
            _missing(findings, path, value, "Principal", f'`"Principal": {wanted}`')
        return None
    if need is Need.FORBIDDEN:  # POL-15, POL-16
        findings.error(
            codes.FORBIDDEN_ELEMENT,
            (*path, name),
            f"{kind.article} {kind.name} has no `{name}`",
            "remove this element",
            on_key=True,
            help=_principal_help(kind),
        )
        return None
    return read_principal(findings, (*path, name), value[name], kind)


def _principal_help(kind: PolicyKind) -> str:
    if kind.principal is Need.FORBIDDEN:
        return (
            "it speaks of whoever it is attached to; AWS answers"
            " `Policy document should not specify a principal.`"
        )
    return "deny everyone and exempt some with `ArnNotEquals` on `aws:PrincipalArn`"


def _check_sids(findings: Findings, value: Object) -> None:
    # Among the statements as they are written: one that could not be read may have a Sid too.
    found = value.get("Statement")
    seen: set[str] = set()
    for index, statement in enumerate(found if isinstance(found, list) else ()):
        sid = statement.get("Sid") if isinstance(statement, dict) else None
        if not is_string(sid) or not sid:
            continue
        if sid in seen:  # POL-17
            findings.error(
                codes.SID_FORM,
                ("Statement", index, "Sid"),
                f"two statements are called `{sid}`",
                "the second one",
                help="AWS answers `Statement IDs (SID) in a single policy must be unique.`",
            )
        seen.add(str(sid))
