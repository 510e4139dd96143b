"""Why a profile yields no credentials: what botocore refuses, said with its place and a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import (
    InfiniteLoopConfigError,
    InvalidConfigError,
    PartialCredentialsError,
)

from simulator.catalog.names import best, likeness
from simulator.profiles.ini import KEY_ID, SECRET
from simulator.profiles.model import ProfileError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.profiles.settings import Profiles

_SOURCES: Final = ("Environment", "Ec2InstanceMetadata", "EcsContainer")
_GRANTING: Final = (
    "expected access keys, `role_arn` with `source_profile` or `credential_source`,"
    " `sso_session` with `sso_account_id` and `sso_role_name`, or `credential_process`"
)
_SSO: Final = ("sso_account_id", "sso_role_name")
_SSO_NEEDS: Final = (*_SSO, "sso_start_url", "sso_region")


def refuse_missing(profiles: Profiles, name: str) -> ProfileError:
    """Return the error that there is no profile of that name."""
    if name in profiles.config.sections:
        place = profiles.config.place(name)
        wanted = f'"{name}"' if " " in name else name
        return ProfileError(
            f"{place}: the section `[{name}]` is no profile: call it `[profile {wanted}]`"
        )
    if not profiles.names:
        return ProfileError(f"`{profiles.config.name}` holds no profile{_unread(profiles)}")
    advice = _meant(name, profiles.names) or f": expected {_listed(profiles.names)}"
    return ProfileError(
        f"`{profiles.config.name}` holds no profile `{name}`{advice}{_unread(profiles)}"
    )


def explain(
    error: Exception, profiles: Profiles, path: list[str], *, is_lending: bool
) -> ProfileError:
    """Return an error of botocore's in our words, for the profile that was looked at last.

    `path` has all that were looked at; the last one `is_lending` where its credentials were wanted,
    and no longer its role.
    """
    match error:
        case InfiniteLoopConfigError():
            return _loop(profiles, path, error.kwargs["source_profile"])
        case PartialCredentialsError() if is_lending:
            return _partial(profiles, path[-1])
        case PartialCredentialsError():
            return _no_source(profiles, path[-1])
        case InvalidConfigError() if is_lending:
            return refuse_no_credentials(profiles, path)
        case InvalidConfigError():
            return _no_such_source(profiles, path[-1])
        case _:  # there is none as yet, and none could quote what botocore was not given
            place = profiles.place(path[-1])
            return ProfileError(f"{place}: the profile `{path[-1]}`: {error}")


def refuse_no_credentials(profiles: Profiles, path: list[str]) -> ProfileError:
    """Return the error that the profile that was looked at last has no credentials to lend."""
    profile = path[-1]
    settings = profiles.settings(profile)
    if "web_identity_token_file" in settings and not settings.get("role_arn"):
        setting, why = "web_identity_token_file", "has no `role_arn` beside it"
        return _at(profiles, profile, setting, f"{why}: expected the role that the token is for")
    if "sso_session" in settings or any(setting in settings for setting in _SSO):
        return _sso(profiles, profile, settings)
    if SECRET in settings:
        return _partial(profiles, profile)
    lends = f", and `{path[-2]}` takes its own from it" if path[:-1] else ""
    what = f"the profile `{profile}` holds no credentials{lends}"
    return ProfileError(f"{profiles.place(profile)}: {what}: {_GRANTING}{_unread(profiles)}")


def _loop(profiles: Profiles, path: list[str], source: str) -> ProfileError:
    cycle = " → ".join(f"`{profile}`" for profile in [*path[path.index(source) :], source])
    return _at(
        profiles,
        path[-1],
        "source_profile",
        f"leads in a circle, {cycle}: one of them must take its credentials from elsewhere",
    )


def _partial(profiles: Profiles, profile: str) -> ProfileError:
    there, missing = (KEY_ID, SECRET) if KEY_ID in profiles.settings(profile) else (SECRET, KEY_ID)
    return _at(
        profiles, profile, there, f"has no `{missing}` beside it: an access key is made of both"
    )


def _no_source(profiles: Profiles, profile: str) -> ProfileError:
    wanted = "expected `source_profile` or `credential_source` beside it"
    return _at(
        profiles, profile, "role_arn", f"has no credentials to assume the role with: {wanted}"
    )


def _no_such_source(profiles: Profiles, profile: str) -> ProfileError:
    settings = profiles.settings(profile)
    source, credential_source = settings.get("source_profile"), settings.get("credential_source")
    if source is not None and credential_source is not None:
        why = "stands beside `source_profile`: keep one of the two"
        return _at(profiles, profile, "credential_source", why)
    if credential_source is not None:
        return _unknown_source(profiles, profile, credential_source)
    names = f"names `{source}`, and there is no such profile"
    advice = _meant(source or "", profiles.names) + _unread(profiles)
    return _at(profiles, profile, "source_profile", names + advice)


def _unknown_source(profiles: Profiles, profile: str, given: str) -> ProfileError:
    same = next((known for known in _SOURCES if known.lower() == given.lower()), None)
    advice = f"write `{same}`, letter case counts" if same else f"expected {_listed(_SOURCES)}"
    return _at(profiles, profile, "credential_source", f"has no source `{given}`: {advice}")


def _sso(profiles: Profiles, profile: str, settings: dict[str, str]) -> ProfileError:
    session, sessions = settings.get("sso_session"), profiles.full["sso_sessions"]
    if session is not None and session not in sessions:
        names = f"names `{session}`, and there is no section `[sso-session {session}]`"
        return _at(profiles, profile, "sso_session", names + _meant(session, sessions))
    shared: dict[str, Any] = sessions.get(session, {})
    unlike = next((s for s in shared if settings.get(s, shared[s]) != shared[s]), None)
    if unlike:
        why = f"differs from that of `[sso-session {session}]`: keep the one there"
        return _at(profiles, profile, unlike, why)
    missing = [s for s in _SSO_NEEDS if s not in settings and s not in shared]
    why = f"is not enough for a sign-on: {_listed(missing, 'and')} must be there too"
    there = next(s for s in (*_SSO, "sso_session") if s in settings)
    return _at(profiles, profile, there, why)


def _at(profiles: Profiles, profile: str, setting: str, what: str) -> ProfileError:
    place = profiles.place(profile, setting)
    return ProfileError(f"{place}: `{setting}` of the profile `{profile}` {what}")


def _meant(name: str, known: Iterable[str]) -> str:
    near = best(likeness(name, known), 3)
    return f": did you mean {_listed(near)}?" if near else ""


def _listed(names: Iterable[str], last: str = "or") -> str:
    *others, one = [f"`{name}`" for name in names]
    return f"{', '.join(others)} {last} {one}" if others else one


def _unread(profiles: Profiles) -> str:
    """Return the reminder that profiles may stand in a file that nobody asked to be read."""
    hint = " (no credentials file was read: `--credentials FILE` names one)"
    return "" if profiles.credentials else hint
