"""How a serial number of a call can be that of the caller's MFA device but for one thing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import Arn, parse_arn
from simulator.catalog.access_key import read_access_key
from simulator.diagnosis.near.callers import digits_apart
from simulator.diagnosis.near.miss import Miss
from simulator.diagnosis.near.slips import likeness, slip
from simulator.request.principal import User

if TYPE_CHECKING:
    from simulator.sts.call import Call

_NOTHING: Final = Arn("", "", "", "", "")
_MOST_DIGITS: Final = 3


class Pair(NamedTuple):
    """A serial number beside the ARN of the caller and a device that the caller has."""

    serial: str
    caller: Arn | None
    device: str

    @property
    def arn(self) -> Arn:
        """The serial number as an ARN, of empty parts if it is none."""
        return parse_arn(self.serial) or _NOTHING

    @property
    def slip(self) -> str | None:
        """In what little the serial number and the device differ."""
        return slip(self.serial, self.device)


def pair(call: Call, serial: str) -> Pair:
    """Return a serial number beside the one that was probably meant."""
    caller = call.principal.arn if isinstance(call.principal, User) else None
    return Pair(serial, caller, nearest_device(call, serial) or "")


def nearest_device(call: Call, serial: str) -> str | None:
    """Return the device that was probably meant: of those that are known the likest.

    Where none is known, it is the virtual device of this name, or of the caller's, which is the
    usual one; none where the caller can have no device.
    """
    if not isinstance(call.principal, User):
        return None  # CTX-42
    if call.mfa_devices is not None:
        return max(sorted(call.mfa_devices), key=lambda d: likeness(d, serial), default=None)
    arn, own = parse_arn(serial), call.principal.arn
    resource = arn.resource if arn is not None and arn.kind == "mfa" else f"mfa/{own.name}"
    return str(own._replace(resource=resource))


def _no_user(pair: Pair) -> bool:
    return pair.caller is None


def _of_user(pair: Pair) -> bool:
    return pair.arn.kind == "user"


def _of_role(pair: Pair) -> bool:
    return pair.arn.kind in ("role", "assumed-role")


def _security_key(pair: Pair) -> bool:
    return pair.arn.kind == "u2f"


def _access_key(pair: Pair) -> bool:
    return read_access_key(pair.serial).kind is not None


def _no_whole_arn(pair: Pair) -> bool:
    return pair.serial.startswith("arn:") and pair.arn == _NOTHING


def _digits(pair: Pair) -> int:
    return digits_apart(pair.arn.account, pair.caller.account if pair.caller else "")


def _slip_of_account(pair: Pair) -> bool:
    return pair.arn.kind == "mfa" and 0 < _digits(pair) <= _MOST_DIGITS


def _other_account(pair: Pair) -> bool:
    return pair.arn.kind == "mfa" and _digits(pair) > 0


def _little(pair: Pair) -> bool:
    return pair.slip is not None


def _hardware(pair: Pair) -> bool:
    return pair.arn == _NOTHING


#: The ways in which a serial number is not that of a device of the caller.
MISSES: Final[tuple[Miss[Pair], ...]] = (
    Miss("only a user has devices, and a code is passed with a user's credentials", _no_user),
    Miss(
        "this is the ARN of a user: that of a device has `mfa/` in the place of `user/`", _of_user
    ),
    Miss("this is the ARN of a role, and only a user has devices", _of_role),
    Miss(
        "this is a security key, and none can be used with AssumeRole: pass the ARN of an"
        " authenticator app",
        _security_key,
    ),
    Miss("this is the id of an access key, and no serial number of a device", _access_key),
    Miss(
        "this is no whole ARN: a virtual device has `arn:aws:iam::ACCOUNT:mfa/NAME`", _no_whole_arn
    ),
    Miss(
        "the device is of account `{0.arn.account}`, and the caller of `{0.caller.account}`:"
        " probably a slip of the pen",
        _slip_of_account,
    ),
    Miss(
        "the device is of account `{0.arn.account}`, and the caller of `{0.caller.account}`: a user"
        " has devices in its own account",
        _other_account,
    ),
    Miss("{0.slip}", _little),
    Miss("a device has one serial number, and this is none of a device of the caller", _hardware),
    Miss("a virtual device has the ARN `arn:aws:iam::ACCOUNT:mfa/NAME`", lambda _: True),
)
