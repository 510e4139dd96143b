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

    `is_a` is what they are called, with its article; `expected` says how one is written. It is
    `certain` that there is no other where AWS writes the shapes down as what it holds values to.
    """

    is_a: str
    expected: str
    shapes: tuple[str, ...]
    characters: frozenset[str] | None = None
    certain: bool = False

    def could_be(self, template: Template, *, folded: bool = False) -> bool:
        """Whether a text of a policy could be such a value, or a pattern could fit one.

        `folded` is whether the text is in lower case and stands for all letter cases.
        """
        if folded:
            return _in_lower_case(self).could_be(template)
        literal = [part for part in template if type(part) is str]
        if self.characters is not None and not all(map(self.characters.issuperset, literal)):
            return False
        if not literal:
            return True
        if len(literal) == len(template):
            return _fitting(self.shapes)("".join(literal))
        return any(can_meet(template, shape) for shape in _read(self.shapes))


@cache
def _in_lower_case(form: Form) -> Form:
    characters = form.characters
    return form._replace(
        shapes=tuple(map(str.lower, form.shapes)),
        characters=None if characters is None else frozenset(map(str.lower, characters)),
    )


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
    certain=True,  # https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
)
_PATH: Final = Form(
    "the path of an organization",
    "a path goes from the organization down and ends with a slash:"
    " `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`",
    ("o-*/r-*/",),
    _LOWER | {"/"},
    certain=True,  # CTX-3
)
_SERVICE: Final = Form(
    "the name of a service principal",
    "a service principal is written as `cloudformation.amazonaws.com`",
    ("?*.?*",),
    _HOSTS,
)
_SESSION: Final = Form(
    "such a name",
    "it has 2 to 64 letters, digits and `_+=,.@-`",
    ("??*",),
    _NAME,
    certain=True,  # STS-21
)
_ARN: Final = Form("an ARN", "an ARN begins with `arn:` and has six parts", ("arn:*:*:*:*:*",))
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-invalid-vpc-format
_VPC: Final = Form(
    "the id of a VPC",
    "the id of a VPC is `vpc-` and 8 or 17 small letters and digits",
    ("vpc-" + "?" * 8, "vpc-" + "?" * 17),
    _LOWER,
    certain=True,
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-invalid-vpce-format
_ENDPOINT: Final = Form(
    "the id of a VPC endpoint",
    "the id of a VPC endpoint is `vpce-` and 8 or 17 small letters and digits",
    ("vpce-" + "?" * 8, "vpce-" + "?" * 17),
    _LOWER,
    certain=True,
)

FORMS: Final[dict[str, Form]] = {
    "aws:principalaccount": _ACCOUNT._replace(
        shapes=(_TWELVE, "anonymous"),
        characters=_DIGITS | set("anonymous"),
        certain=True,  # CTX-2
    ),
    # What belongs to AWS itself has the account `aws`, as its managed policies do in their ARN.
    **dict.fromkeys(
        ("aws:resourceaccount", "aws:sourceaccount", "aws:vpceaccount", "s3:resourceaccount"),
        _ACCOUNT._replace(shapes=(_TWELVE, "aws"), characters=_DIGITS | set("aws")),
    ),
    **dict.fromkeys(
        ("aws:principalorgid", "aws:resourceorgid", "aws:sourceorgid", "aws:vpceorgid"),
        _ORGANIZATION,
    ),
    **dict.fromkeys(
        ("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"),
        _PATH,
    ),
    "aws:sourcevpc": _VPC,
    "aws:sourcevpce": _ENDPOINT,
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
        certain=True,  # CTX-6
    ),
    "sts:externalid": Form(
        "an external id",
        "an external id has 2 to 1224 letters, digits and `_+=,.@:/-`",
        ("??*",),
        _NAME | set(":/"),
        certain=True,  # STS-27
    ),
    **dict.fromkeys(("sts:rolesessionname", "sts:sourceidentity", "aws:sourceidentity"), _SESSION),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
    "aws:userid": Form(
        "the id of a caller",
        "of a user it is `AIDA…`, of a session `AROA…:session-name`, of the root user its account",
        ("AIDA?*", "AROA?*:?*", _TWELVE, f"{_TWELVE}:?*", "anonymous"),
        _NAME | {":"},
    ),
    "aws:principalarn": _ARN._replace(certain=True),  # CTX-1
    **dict.fromkeys(("aws:sourcearn", "aws:sourcevpcarn"), _ARN),
}
"""By the name of the key in lower case."""
