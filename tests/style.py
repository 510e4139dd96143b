"""What `docs/style.md` asks of every text: what is wrong with one, and which texts the code has."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = Path(simulator.__file__).parent

#: Words that begin a sentence with a capital, because that is how they are written.
_NAMES: Final = (
    *("AWS", "Access Analyzer", "Amazon", "API", "ARN", "AROA", "AIDA", "ASCII", "CDK", "CIDR"),
    *("CloudFormation", "CloudTrail", "Cognito", "DNS", "EC2", "EKS", "Entra", "GitHub", "GitLab"),
    *(
        "Google",
        "HCL",
        "IAM",
        "ISO",
        "IP",
        "JMESPath",
        "JSON",
        "JWT",
        "Kubernetes",
        "Lambda",
        "NUL",
    ),
    *("MFA", "OIDC", "Organizations", "RCP", "S3", "SAML", "SCP", "SHA", "SSO", "STS", "Sid"),
    *("Terraform", "UTC", "UTF", "VPC", "YAML", "Identity Center", "KMS", "URL", "XML"),
    # the words of a policy, by which what has them is meant
    *("Allow", "Deny", "Principal", "NotPrincipal", "NotAction", "NotResource", "Condition"),
    *("Bool", "IfExists", "ForAllValues", "ForAnyValue"),
)
_BEGINS: Final = re.compile(rf"(?:{'|'.join(_NAMES)})s?(?![a-z])|[^A-Z]")
_UNWANTED: Final = re.compile(r"(?i)\bplease\b|\bsorry\b|\boops\b|\binvalid input\b|!\s*$")
_QUOTED: Final = re.compile(r"`[^`]*`")
# What is a user's or AWS's, and reads as plain words only to those who know it.
_NAKED: Final = {
    "an ARN": re.compile(r"\barn:"),
    "an account": re.compile(r"\b\d{12}\b"),
    "an action or a key": re.compile(r"\b[a-z][a-z0-9-]*:[A-Z][A-Za-z]+\b"),
    "a variable": re.compile(r"\$\{"),
    "an option": re.compile(r"(?<!\w)--[a-z]"),
}


def faults(text: str) -> list[str]:
    """Return what is wrong with a text that is told to users, in words."""
    found = list(of_form(text))
    bare = _QUOTED.sub("", text)
    if "`" in bare:
        found.append("a backtick without its other")
    return found + [
        f"{what} outside backticks" for what, seen in _NAKED.items() if seen.search(bare)
    ]


def of_form(text: str) -> Iterator[str]:
    """Yield what is wrong with how a text begins and ends, and with its words."""
    if not text.strip():
        yield "empty"
    elif not _BEGINS.match(text):
        yield "begins with a capital"
    if text.rstrip().endswith(".") and not text.rstrip().endswith(("...", "`.")):
        yield "ends with a full stop"
    if _UNWANTED.search(text):
        yield "a word that is not used"


# What only a regular expression has.
_PATTERN: Final = re.compile(r"\(\?|\\[SsWwdb]")
_PROSE: Final = re.compile(r"[a-z]{2,},? [a-z]{2,}")
#: Calls whose texts are help of the command line, which is written as in other commands.
_HELP: Final = frozenset({"help", "epilog", "short_help"})


def texts_in(module: Path) -> Iterator[tuple[int, str]]:
    """Yield the sentences in a module, each with its line; `_` stands for what is filled in."""
    tree = ast.parse(module.read_text("utf-8"))
    silent = {id(part) for node in ast.walk(tree) for part in _silent(node)}
    for node in ast.walk(tree):
        text = _text(node)
        if text is None or id(node) in silent or _PATTERN.search(text):
            continue
        if _PROSE.search(text):
            yield node.lineno, text  # type: ignore[attr-defined]


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the texts under a node that are no messages: documentation, and parts of others."""
    if isinstance(node, ast.Expr):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from node.values
    elif isinstance(node, ast.keyword) and node.arg in _HELP:
        yield from ast.walk(node.value)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "_" for p in node.values)
    return None
