"""What the values of some condition keys look like.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import string
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.matcher.glob import compile_globs, read_glob
from simulator.matcher.meeting import can_meet

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.matcher.glob import Glob
    from simulator.policy.variables import Template


class Form(NamedTuple):
    """What all values of a key look like: one of some shapes, of certain characters, if not any.

    `is_a` is what they are called, with its article; `expected` says how one is written. Where AWS
    does not list all shapes, it is not `certain` that there is no other.
    """

    is_a: str
    expected: str
    shapes: tuple[str, ...]
    characters: frozenset[str] | None = None
    certain: bool = True

    def could_be(self, template: Template) -> bool:
        """Whether a text of a policy could be such a value, or a pattern could fit one."""
        literal = [part for part in template if type(part) is str]
        if self.characters is not None and not all(map(self.characters.issuperset, literal)):
            return False
        if not literal:
            return True
        if len(literal) == len(template):
            return _fitting(self.shapes)("".join(literal))
        return any(can_meet(template, shape) for shape in _read(self.shapes))


@cache
def _fitting(shapes: tuple[str, ...]) -> Callable[[str], bool]:
    return compile_globs(_read(shapes))


@cache
def _read(shapes: tuple[str, ...]) -> tuple[Glob, ...]:
    return tuple(map(read_glob, shapes))


_LOWER: Final = frozenset(string.ascii_lowercase + string.digits + "-")
_DIGITS: Final = frozenset(string.digits)
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
_NAME: Final = frozenset(string.ascii_letters + string.digits + "_+=,.@-")
_HOSTS: Final = frozenset(string.ascii_letters + string.digits + ".-_")

_TWELVE: Final = "?" * 12
_ACCOUNT: Final = Form("an account id", "an account id has 12 digits", (_TWELVE,), _DIGITS)
_ORGANIZATION: Final = Form(
    "the id of an organization",
    "the id of an organization is `o-` and 10 to 32 small letters and digits",
    ("o-" + "?" * 10 + "*",),
    _LOWER,
)
_PATH: Final = Form(
    "the path of an organization",
    "a path goes from the organization down and ends with a slash:"
    " `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`",
    ("o-*/r-*/",),
    _LOWER | {"/"},
)
_SERVICE: Final = Form(
    "the name of a service principal",
    "a service principal is written as `cloudformation.amazonaws.com`",
    ("?*.?*",),
    _HOSTS,
)
_SESSION: Final = Form(
    "such a name", "it has 2 to 64 letters, digits and `_+=,.@-`", ("??*",), _NAME
)
_ARN: Final = Form("an ARN", "an ARN begins with `arn:` and has six parts", ("arn:*:*:*:*:*",))

FORMS: Final[dict[str, Form]] = {
    # PRN-3: of callers without credentials it is `anonymous`
    "aws:principalaccount": _ACCOUNT._replace(
        shapes=(_TWELVE, "anonymous"), characters=_DIGITS | set("anonymous")
    ),
    **dict.fromkeys(
        ("aws:resourceaccount", "aws:sourceaccount", "aws:vpceaccount", "s3:resourceaccount"),
        _ACCOUNT,
    ),
    **dict.fromkeys(
        ("aws:principalorgid", "aws:resourceorgid", "aws:sourceorgid", "aws:vpceorgid"),
        _ORGANIZATION,
    ),
    **dict.fromkeys(
        ("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"),
        _PATH,
    ),
    "aws:sourcevpc": Form(
        "the id of a VPC",
        "the id of a VPC is `vpc-` and 8 or 17 small letters and digits",
        ("vpc-" + "?" * 8, "vpc-" + "?" * 17),
        _LOWER,
    ),
    "aws:sourcevpce": Form(
        "the id of a VPC endpoint",
        "the id of a VPC endpoint is `vpce-` and 8 or 17 small letters and digits",
        ("vpce-" + "?" * 8, "vpce-" + "?" * 17),
        _LOWER,
    ),
    **dict.fromkeys(
        (
            *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
            *("aws:principalservicename", "aws:principalservicenameslist"),
            *("iam:passedtoservice", "iam:awsservicename"),
        ),
        _SERVICE,
    ),
    "kms:viaservice": _SERVICE._replace(
        is_a="a service with its Region",
        expected="a service is written with its Region here: `s3.eu-west-1.amazonaws.com`",
        shapes=("?*.?*.?*.?*",),
    ),
    "aws:username": Form(
        "the name of a user",
        "the name of a user comes without its path and without an ARN",
        ("?*",),
        _NAME,
    ),
    "sts:externalid": Form(
        "an external id",
        "an external id has 2 to 1224 letters, digits and `_+=,.@:/-`",
        ("??*",),
        _NAME | set(":/"),
    ),
    **dict.fromkeys(("sts:rolesessionname", "sts:sourceidentity", "aws:sourceidentity"), _SESSION),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
    "aws:userid": Form(
        "the id of a caller",
        "of a user it is `AIDA…`, of a session `AROA…:session-name`, of the root user its account",
        ("AIDA?*", "AROA?*:?*", _TWELVE, f"{_TWELVE}:?*", "anonymous"),
        _NAME | {":"},
        certain=False,
    ),
    **dict.fromkeys(("aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn"), _ARN),
}
"""By the name of the key in lower case."""
