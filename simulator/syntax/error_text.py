"""Errors of AWS out of whatever surrounds them: a log, a traceback, a box of Terraform.

The pages from which the forms of each client are known stand in the grammar.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from simulator.syntax.grammar import parser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lark.parsers.lalr_interactive_parser import InteractiveParser

_MOST_ERRORS: Final = 100
_MOST_WORDS: Final = 2000
_WORDS_OF_A_DENIAL: Final = 120
_WORDS_OF_A_ROLE: Final = 5
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]{0,20}m")
_SPACE: Final = re.compile(r"[\s\u2500-\u257f]+")
_AROUND: Final = "\"'`{}[]>"
_NUMBER: Final = re.compile(r"[0-9]{3}", re.ASCII)
_HEADS: Final = frozenset({"AN_ERROR", "GO_ERROR", "CODE_TAG", "NAMED"})
_SENTENCES: Final = frozenset(
    {"UNAUTHORIZED", "USER", "NOT_AUTHORIZED", "BECAUSE_NO", "DENY_IN", "EXPLICIT_DENY"}
)
_HEAD: Final = ("message", "code", "operation", "service", "status", "request_id")
#: Classes whose name is the code of an error; others stand for all errors of a service.
_CODE: Final = re.compile(
    r"(?:AccessDenied|ExpiredToken|Expired\w*|InvalidIdentityToken|PackedPolicyTooLarge"
    r"|MalformedPolicyDocument|RegionDisabled|IDPRejectedClaim|IDPCommunicationError"
    r"|Throttling|NoSuchEntity|InvalidAuthorizationMessage|UnrecognizedClient|NotAuthorized|Unauthorized\w*)(?:Exception)?"
)


class ErrorText(NamedTuple):
    """An error as a client printed it, taken apart; what it does not say is nothing.

    `layer` and `through` are types of policies by AWS's names. `is_denial` is whether it says in
    AWS's words that something is not authorized. `role` is the one that a client, and not AWS, says
    was to be assumed.
    """

    message: str
    code: str | None = None
    operation: str | None = None
    service: str | None = None
    status: int | None = None
    request_id: str | None = None
    is_denial: bool = False
    caller: str | None = None
    action: str | None = None
    resource: str | None = None
    layer: str | None = None
    explicit: bool = False
    policy: str | None = None
    through: str | None = None
    encoded: str | None = None
    role: str | None = None


def read_errors(text: str) -> tuple[ErrorText, ...]:
    """Return the errors in a text, in its order; a hundred at most."""
    plain = _COLOURS.sub("", text)
    if "<Code>" in plain:
        plain = unescape(plain)
    tokens = list(parser("errors").lex(plain))
    found: list[ErrorText] = []
    role: str | None = None
    at = 0
    while at < len(tokens) and len(found) < _MOST_ERRORS:
        tree, end = _report(tokens, at)
        if tree is not None and tree.data == "assuming":
            role = _plain(_word(tree, "role"))
        elif tree is not None:
            error = _with_sentence(_taken_apart(tree, plain), tokens[at:end], plain)
            found.append(error._replace(role=role))
            role = None
        at = end
    return tuple(found)


def _with_sentence(error: ErrorText, tokens: Sequence[Token], text: str) -> ErrorText:
    """Return an error with the denial that stands within its message, behind other words."""
    if error.is_denial:
        return error
    for at, token in enumerate(tokens):
        if token.type in _SENTENCES:
            tree, _ = _longest("denied", tokens, at, at + _WORDS_OF_A_DENIAL)
            if tree is not None:
                head = error._asdict()
                return _taken_apart(tree, text)._replace(**{name: head[name] for name in _HEAD})
    return error


def _report(tokens: Sequence[Token], at: int) -> tuple[Tree[Token] | None, int]:
    """Return the report that begins at a token, if one does, and where to look on."""
    kind = tokens[at].type
    if kind == "ASSUMING":
        tree, end = _longest("assuming", tokens, at, at + _WORDS_OF_A_ROLE)
        return (tree, end) if tree is not None else (None, at + 1)
    if kind in _HEADS | _SENTENCES:
        tree, end = _longest("denied", tokens, at, at + _WORDS_OF_A_DENIAL)
        if tree is None and kind in _HEADS:
            tree, end = _longest("failed", tokens, at, at + _MOST_WORDS)
        if tree is not None:
            return tree, end
    return None, at + 1


def _longest(
    start: str, tokens: Sequence[Token], at: int, limit: int
) -> tuple[Tree[Token] | None, int]:
    """Return the tree of as many tokens as the grammar takes, and where they end."""
    reading, end = parser("errors").parse_interactive(start=start), at
    ends: list[int] = []
    while end < min(limit, len(tokens)):
        if _may_end(reading):
            ends.append(end)
        try:
            reading.feed_token(tokens[end])
        except UnexpectedInput:
            break
        end += 1
    if _may_end(reading):
        ends.append(end)
    return (_tree(start, tokens[at : ends[-1]]), ends[-1]) if ends else (None, at)


def _may_end(reading: InteractiveParser) -> bool:
    return "$END" in reading.choices()  # type: ignore[no-untyped-call]


def _tree(start: str, tokens: Sequence[Token]) -> Tree[Token] | None:
    reading = parser("errors").parse_interactive(start=start)
    try:
        for token in tokens:
            reading.feed_token(token)
        tree = reading.feed_eof(tokens[-1])  # type: ignore[no-untyped-call]
    except UnexpectedInput:
        return None
    return tree if isinstance(tree, Tree) else None


def _taken_apart(tree: Tree[Token], text: str) -> ErrorText:
    operation, service = _called(tree)
    status = _word(tree, "status")
    found = _NUMBER.match(status or "")
    return ErrorText(
        _sentence(tree, text),
        _code(tree),
        operation,
        service,
        int(found[0]) if found else None,
        _plain(_word(tree, "request_id")),
        tree.data == "denied",
        _plain(_words(tree, "caller", text)),
        _plain(_word(tree, "action")),
        _resource(tree, text),
        *_reason(tree),
        _encoded(tree),
    )


_BODIES: Final = ("denial", "unsigned", "encoded_alone", "missing", "denying")


def _sentence(tree: Tree[Token], text: str) -> str:
    """Return AWS's sentence on one line."""
    if tree.data == "failed":
        return _between([t for node in tree.find_data("any") for t in _tokens(node)], text)
    body = next(node for node in (_first(tree, rule) for rule in _BODIES) if node is not None)
    tokens = _tokens(body)
    found = _between(tokens, text)
    return found if tokens[-1].type == "QUOTED" else found.rstrip(_AROUND)


def _between(tokens: Sequence[Token], text: str) -> str:
    """Return the text from the first of some tokens to the last."""
    ends = sorted((token.start_pos or 0, token.end_pos or 0) for token in tokens)
    return collapsed(text[ends[0][0] : ends[-1][1]])


def _rule(node: Tree[Token] | Token) -> str:
    return str(node.data) if isinstance(node, Tree) else ""


def _tokens(node: Tree[Token]) -> list[Token]:
    found = node.scan_values(lambda value: isinstance(value, Token))
    return sorted(found, key=lambda token: token.start_pos or 0)


def collapsed(text: str) -> str:
    """Return a text on one line, each run of white space and lines of boxes one space."""
    return _SPACE.sub(" ", text).strip()


def _first(tree: Tree[Token], rule: str) -> Tree[Token] | None:
    # The nodes come from the leaves up; of a rule that stands twice the first in the text counts.
    found = sorted(tree.find_data(rule), key=lambda node: _tokens(node)[0].start_pos or 0)
    return found[0] if found else None


def _words(tree: Tree[Token], rule: str, text: str) -> str | None:
    node = _first(tree, rule)
    return None if node is None else _between(_tokens(node), text)


def _word(tree: Tree[Token], rule: str) -> str | None:
    node = _first(tree, rule)
    return None if node is None else str(node.children[0])


def _plain(text: str | None) -> str | None:
    """Return a word without the punctuation of a client around it."""
    return text and (text.strip(_AROUND + ",;") or None)


def _resource(tree: Tree[Token], text: str) -> str | None:
    found = _words(tree, "resource", text)
    if found is None:
        return None
    found = found.strip(_AROUND)
    # A name may end in a full stop, but not before another sentence.
    return found.removesuffix(".") if _first(tree, "encoded") is not None else found


def _code(tree: Tree[Token]) -> str | None:
    code = _plain(_word(tree, "code"))
    named = _first(tree, "named")
    if code is not None or named is None:
        return code and code.rstrip(":")
    name = str(named.children[-1]).partition(":")[0].removesuffix("(client)").strip()
    last = name.rpartition(".")[2]
    return last if last == name or _CODE.fullmatch(last) else None


def _called(tree: Tree[Token]) -> tuple[str | None, str | None]:
    """Return the operation and the service, as far as a client says them."""
    operation, go = _plain(_word(tree, "operation")), _first(tree, "go")
    if operation is not None or go is None:
        return operation, None
    words = next(each for each in go.children if _rule(each) == "words")
    told = " ".join(map(str, words.children)) if isinstance(words, Tree) else ""
    service, _, rest = told.partition(":")
    return rest.partition(",")[0].strip() or None, service


def _reason(tree: Tree[Token]) -> tuple[str | None, bool, str | None, str | None]:
    """Return the type of the policy that denies, whether it says so, which it is, and through."""
    denying = _first(tree, "denying")
    node = denying or _first(tree, "missing")
    layers = [collapsed(token) for token in _tokens(node) if token.type == "LAYER"] if node else []
    layer, through = (*layers, None, None)[:2]
    policy = _plain(_word(tree, "policy"))
    return layer, denying is not None, policy and policy.rstrip("."), through


def _encoded(tree: Tree[Token]) -> str | None:
    node = _first(tree, "encoded")
    return None if node is None else _plain(str(node.children[-1]))


def client_of(text: str) -> str | None:
    """Return which client printed an error, as far as its form tells."""
    return next((name for name, form in _CLIENTS if form.search(text)), None)


_CLIENTS: Final = tuple(
    (name, re.compile(form, re.ASCII))
    for name, form in (
        ("aws CLI v2", r"aws: \[ERROR\]:"),
        ("boto3", r"\bbotocore\.|\bboto3\b"),
        ("aws CLI or boto3", r"An error occurred \("),
        (
            "Terraform",
            "[│╷╵]|registry\\.terraform\\.io|(?<![/\\w])[Tt]erraform\\b|IAM Role \\(arn:",
        ),
        ("AWS SDK for Go v2", r"operation error "),
        ("AWS SDK for Go v1", r"status code: \d{3}, request id:"),
        ("AWS SDK for Java 1", r"\(Service: [^;()]{1,80}; Status Code:"),
        ("AWS SDK for Java 2", r"\(Service: [^,()]{1,80}, Status Code:"),
        ("AWS SDK for .NET", r"\bAmazon\.[A-Z]\w{1,80}\."),
        ("AWS SDK for PHP", r"AWS HTTP error:"),
        ("AWS SDK for JavaScript", r"\$metadata|\$fault|node:internal|\.[cm]?js:\d"),
        ("answer of AWS", r"<Code>"),
    )
)
