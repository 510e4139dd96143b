"""botocore's own search for credentials, at the end of which nobody is called, and nothing is run.

botocore decides which profile lends what, and what each call carries. What stands here takes the
place of STS, of the person who types an MFA code, and of all that would read, run or call something
for the credentials that a chain starts from.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from botocore.credentials import (
    AssumeRoleProvider,
    AssumeRoleWithWebIdentityProvider,
    CanonicalNameCredentialSourcer,
    ContainerProvider,
    CredentialProvider,
    CredentialResolver,
    Credentials,
    EnvProvider,
    InstanceMetadataProvider,
    LoginProvider,
    ProcessProvider,
    ProfileProviderBuilder,
    SharedCredentialProvider,
    SSOProvider,
)
from botocore.credentials import ConfigProvider as ConfigFileProvider
from botocore.exceptions import BotoCoreError

from simulator.arn import ACCOUNT_ID
from simulator.profiles.model import Hop, Start
from simulator.profiles.refusals import explain, refuse_no_credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.profiles.settings import Profiles

_NOBODY: Final = {"AccessKeyId": "nobody", "SecretAccessKey": "nothing", "SessionToken": "nothing"}
_SESSION: Final = {"Credentials": {**_NOBODY, "Expiration": "9999-01-01T00:00:00Z"}}
_PROCESS: Final = json.dumps({**_NOBODY, "Version": 1}).encode()
_CODE: Final = "000000"
_MADE_UP: Final = re.compile(r"botocore-session-\d+")

_KINDS: Final = {
    SharedCredentialProvider.METHOD: "static",
    ConfigFileProvider.METHOD: "static",
    ProcessProvider.METHOD: "process",
    SSOProvider.METHOD: "sso",
    LoginProvider.METHOD: "login",
    AssumeRoleWithWebIdentityProvider.METHOD: "web_identity",
}
_SOURCES: Final = {
    EnvProvider.CANONICAL_NAME: "environment",
    ContainerProvider.CANONICAL_NAME: "ecs",
    InstanceMetadataProvider.CANONICAL_NAME: "ec2",
}


def follow(profiles: Profiles, name: str) -> tuple[Start, tuple[Hop, ...]]:
    """Return where botocore starts to get the credentials of a profile, and which calls follow.

    Raises:
        ProfileError: it gets none.
    """
    trace = Trace(profiles)
    builder = _Builder(trace)
    sourcer = CanonicalNameCredentialSourcer([_Source(trace, source) for source in _SOURCES])
    assume_role = _AssumeRole(
        load_config=lambda: profiles.full,
        client_creator=lambda _, **__: _Sts(trace.calls_as),
        cache={},
        profile_name=name,
        prompter=lambda _: _CODE,
        credential_sourcer=sourcer,
        profile_provider_builder=builder,
    )
    assume_role.trace = trace
    # What botocore asks after these (the container, the instance) knows nothing of profiles.
    resolver = CredentialResolver([assume_role, *builder.providers(name, disable_env_vars=True)])
    try:
        credentials = resolver.load_credentials()
    except BotoCoreError as error:
        raise explain(error, profiles, trace.path, is_lending=trace.is_lending) from None
    if credentials is None or trace.start is None:
        raise refuse_no_credentials(profiles, trace.path)
    credentials.get_frozen_credentials()  # only now are the calls made
    return trace.start, tuple(trace.hops)


class Trace:
    """What was seen of the search: the profiles in the order of looking, the start, the calls."""

    def __init__(self, profiles: Profiles) -> None:
        self.profiles = profiles
        self.path: list[str] = []
        self.is_lending = False
        self.start: Start | None = None
        self.hops: list[Hop] = []
        self._roles: list[str] = []

    def looks_at(self, profile: str, *, for_credentials: bool) -> None:
        """Note that botocore looks at a profile, for a role to assume or for credentials."""
        if self.path[-1:] != [profile]:
            self.path.append(profile)
        self.is_lending = for_credentials
        if not for_credentials:
            self._roles.append(profile)

    def starts_at(self, kind: str, own_account: str | None, method: str = "") -> None:
        """Note which credentials the chain starts from: those of the profile looked at last."""
        profile = self.path[-1]
        in_file = {
            SharedCredentialProvider.METHOD: self.profiles.key_in_credentials,
            ConfigFileProvider.METHOD: self.profiles.key_in_config,
        }
        key = in_file[method](profile) if method in in_file else None
        account = (key and key.account) or own_account
        is_account = account is not None and ACCOUNT_ID.fullmatch(account)
        self.start = Start(kind, profile, account if is_account else None, key and key.kind)

    def calls_as(self, operation: str, sent: dict[str, Any]) -> None:
        """Note a call of the role that was looked at last and has not been called yet."""
        self.calls(operation, self._roles.pop(), sent)

    def calls(self, operation: str, profile: str, sent: dict[str, Any]) -> None:
        """Note a call that is made for a profile."""
        name = sent["RoleSessionName"]
        self.hops.append(
            Hop(
                operation=operation,
                profile=profile,
                role_arn=sent["RoleArn"],
                role_session_name=None if _MADE_UP.fullmatch(name) else name,
                external_id=sent.get("ExternalId"),
                serial_number=sent.get("SerialNumber"),
                duration_seconds=sent.get("DurationSeconds"),
                web_identity_token_file=sent.get("WebIdentityToken"),
            )
        )


class _Sts:
    """Takes the place of a client of STS: it notes the call, and lends credentials of nobody."""

    def __init__(self, note: Callable[[str, dict[str, Any]], None]) -> None:
        self._note = note

    def assume_role(self, **sent: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore's own
        self._note("AssumeRole", sent)
        return _SESSION

    def assume_role_with_web_identity(self, **sent: Any) -> dict[str, Any]:  # noqa: ANN401 - likewise
        self._note("AssumeRoleWithWebIdentity", sent)
        return _SESSION


class _AssumeRole(AssumeRoleProvider):  # type: ignore[misc] # botocore has no types
    trace: Trace

    def _get_role_config(self, profile_name: str) -> Any:  # noqa: ANN401 - likewise
        self.trace.looks_at(profile_name, for_credentials=False)
        return super()._get_role_config(profile_name)


class _Builder(ProfileProviderBuilder):  # type: ignore[misc] # likewise
    """Makes botocore's providers for a profile, with all that reaches out of them replaced."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(session=None)
        self._trace = trace
        self._load = lambda: trace.profiles.full

    def providers(self, profile_name: str, *, disable_env_vars: bool = True) -> list[_Watched]:
        made = super().providers(profile_name, disable_env_vars=disable_env_vars)
        return [_Watched(provider, profile_name, self._trace) for provider in made]

    def _create_web_identity_provider(self, profile_name: str, disable_env_vars: bool) -> Any:  # noqa: ANN401, FBT001 - botocore's own
        def note(operation: str, sent: dict[str, Any]) -> None:
            self._trace.calls(operation, profile_name, sent)

        return AssumeRoleWithWebIdentityProvider(
            load_config=self._load,
            client_creator=lambda _, **__: _Sts(note),
            profile_name=profile_name,
            cache={},
            disable_env_vars=disable_env_vars,
            token_loader_cls=lambda path: lambda: path,
        )

    def _create_sso_provider(self, profile_name: str) -> Any:  # noqa: ANN401 - likewise
        return _Sso(self._load, None, profile_name, cache={}, token_cache={})

    def _create_login_provider(self, profile_name: str) -> Any:  # noqa: ANN401 - likewise
        return _Login(self._load, None, profile_name, token_cache={})

    def _create_process_provider(self, profile_name: str) -> Any:  # noqa: ANN401 - likewise
        return ProcessProvider(profile_name, self._load, popen=_Process)

    def _create_shared_credential_provider(self, profile_name: str) -> Any:  # noqa: ANN401 - likewise
        found = self._trace.profiles.credentials
        sections = found.sections if found else {}
        return SharedCredentialProvider(None, profile_name, ini_parser=lambda _: sections)

    def _create_config_provider(self, profile_name: str) -> Any:  # noqa: ANN401 - likewise
        own = {"profiles": self._trace.profiles.own}
        return ConfigFileProvider(None, profile_name, config_parser=lambda _: own)


class _Watched(CredentialProvider):  # type: ignore[misc] # likewise
    """A provider of a profile, and a note of the profile if credentials are found there."""

    def __init__(self, provider: Any, profile: str, trace: Trace) -> None:  # noqa: ANN401 - likewise
        self.METHOD = provider.METHOD
        self._provider, self._profile, self._trace = provider, profile, trace

    def load(self) -> Any:  # noqa: ANN401 - likewise
        self._trace.looks_at(self._profile, for_credentials=True)
        found = self._provider.load()
        if found is not None:
            # What is fetched only when it is wanted has no account before, and none after.
            account = found.account_id if type(found) is Credentials else None
            self._trace.starts_at(_KINDS[self.METHOD], account, self.METHOD)
        return found


class _Source(CredentialProvider):  # type: ignore[misc] # likewise
    """Takes the place of a `credential_source`: the environment, a container, an instance."""

    def __init__(self, trace: Trace, name: str) -> None:
        self.CANONICAL_NAME = name
        self._trace = trace

    def load(self) -> Any:  # noqa: ANN401 - likewise
        self._trace.starts_at(_SOURCES[self.CANONICAL_NAME], None)
        return _nobody()


class _Sso(SSOProvider):  # type: ignore[misc] # likewise
    def load(self) -> Any:  # noqa: ANN401 - likewise
        """Return credentials where the profile has all that a sign-on needs; nobody signs on."""
        config = self._load_sso_config()
        return config and _nobody(config["sso_account_id"])


class _Login(LoginProvider):  # type: ignore[misc] # likewise
    def load(self) -> Any:  # noqa: ANN401 - likewise
        """Return credentials where the profile has a login; the real one reads its cached token."""
        profile = self._load_config()["profiles"].get(self._profile_name, {})
        return _nobody() if "login_session" in profile else None


class _Process:
    """Takes the place of the process of `credential_process`, which is not run."""

    returncode = 0

    def __init__(self, *_: object, **__: object) -> None: ...

    def communicate(self) -> tuple[bytes, bytes]:
        return _PROCESS, b""


def _nobody(account: str | None = None) -> Any:  # noqa: ANN401 - likewise
    return Credentials("nobody", "nothing", "nothing", account_id=account)
