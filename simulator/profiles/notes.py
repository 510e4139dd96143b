"""What a profile says and botocore does not do, as far as it matters to its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.arn import ACCOUNT_ID
from simulator.catalog.names import best, likeness
from simulator.profiles.ini import KEY_ID, READ, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.profiles.model import Hop, Start
    from simulator.profiles.settings import Profiles

_OF_CALLS: Final = ("role_session_name", "external_id", "mfa_serial", "duration_seconds")
_NOT_FOR_WEB_IDENTITY: Final = (
    *("external_id", "mfa_serial", "duration_seconds", "source_profile", "credential_source"),
)
# What AssumeRole takes and no profile can give it.
_NO_SETTINGS: Final = {
    "source_identity": ", so a policy that asks for `sts:SourceIdentity` is never met by a profile",
    "tags": ", so the session carries no tags",
    "transitive_tag_keys": "",
    "policy": ", so the session is not limited",
    "policy_arns": ", so the session is not limited",
    "token_code": ": it asks for the code where `mfa_serial` is there",
}
_TOKENS: Final = {"aws_session_token", "aws_security_token"}
_ALIKE: Final = 0.65
_MEANT: Final = (*_OF_CALLS, "web_identity_token_file", "source_profile", "credential_source")
_SETTINGS: Final = READ | _TOKENS | {KEY_ID, SECRET, "credential_process", "login_session"}


def notes(profiles: Profiles, start: Start, hops: tuple[Hop, ...]) -> Iterator[str]:
    """Yield what is worth knowing, along the chain from its start."""
    if start.profile is not None:
        yield from _of_start(profiles, start, start.profile)
    for profile in _lenders(start, hops):
        yield from _of_sections(profiles, profile)
        yield from _of_lender(profiles, profile, hops)
    for hop in hops:
        yield from _of_sections(profiles, hop.profile)
        yield from _of_hop(profiles, hop)


def _of_start(profiles: Profiles, start: Start, profile: str) -> Iterator[str]:
    settings = profiles.settings(profile)
    if start.key_kind == "session" and not settings.keys() & _TOKENS:
        why = "is the key of a session and has no `aws_session_token` beside it: AWS refuses it"
        yield _at(profiles, profile, KEY_ID, why)
    for setting in ("aws_account_id", "sso_account_id"):
        given = settings.get(setting)
        if given is not None and not ACCOUNT_ID.fullmatch(given):
            why = f"is `{given}`, no account: expected 12 digits, with the zeros they begin with"
            yield _at(profiles, profile, setting, why)


def _of_sections(profiles: Profiles, profile: str) -> Iterator[str]:
    """Yield the sections of a profile that a later one of the same name displaces."""
    *displaced, last = profiles.sections.get(profile, [""])
    for section in displaced:
        why = f"is not used: `[{last}]` is the same profile, and the last wins"
        yield f"{profiles.config.place(section)}: `[{section}]` {why}"


def _lenders(start: Start, hops: tuple[Hop, ...]) -> Iterator[str]:
    """Yield the profile that lends credentials to the first call, unless the call is its own."""
    if start.profile is not None and start.profile not in {hop.profile for hop in hops}:
        yield start.profile


def _of_lender(profiles: Profiles, profile: str, hops: tuple[Hop, ...]) -> Iterator[str]:
    settings = profiles.settings(profile)
    if "role_arn" in settings:
        yield _at(profiles, profile, "role_arn", "is not used: the credentials beside it win")
        return
    taken = profiles.settings(hops[0].profile) if hops else {}
    reason = (
        "a source profile lends its credentials, not its settings"
        if hops
        else "there is no `role_arn`"
    )
    for setting in _OF_CALLS:
        if setting in settings and setting not in taken:
            yield _at(profiles, profile, setting, f"is not used: {reason}")


def _of_hop(profiles: Profiles, hop: Hop) -> Iterator[str]:
    settings = profiles.settings(hop.profile)
    if hop.role_session_name is None:
        where = f"{profiles.place(hop.profile)}: the profile `{hop.profile}`"
        made_up = "botocore makes one up, `botocore-session-<epoch>`"
        yield f"{where} has no `role_session_name`: {made_up}"
    if hop.web_identity_token_file is not None:
        for setting in _NOT_FOR_WEB_IDENTITY:
            if setting in settings:
                why = "is not used: a call with a web identity takes no such setting"
                yield _at(profiles, hop.profile, setting, why)
    elif "duration_seconds" in settings and hop.duration_seconds is None:
        given = settings["duration_seconds"]
        why = f"is `{given}`, no whole number: botocore leaves it out, and STS takes 3600"
        yield _at(profiles, hop.profile, "duration_seconds", why)
    for setting in settings:
        yield from _of_unknown(profiles, hop.profile, setting)


def _of_unknown(profiles: Profiles, profile: str, setting: str) -> Iterator[str]:
    if setting in _NO_SETTINGS:
        why = f"is no setting that botocore knows{_NO_SETTINGS[setting]}"
        yield _at(profiles, profile, setting, why)
    elif setting not in _SETTINGS:
        for near in best(likeness(setting, _MEANT, _ALIKE), 1):
            why = f"is no setting that botocore knows: did you mean `{near}`?"
            yield _at(profiles, profile, setting, why)


def _at(profiles: Profiles, profile: str, setting: str, what: str) -> str:
    place = profiles.place(profile, setting)
    return f"{place}: `{setting}` of the profile `{profile}` {what}"
