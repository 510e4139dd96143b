"""The profiles of a config file, and of the credentials file where it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.configloader import build_profile_map

from simulator.profiles.ini import KEY_ID, SECRET, Ini, read_ini
from simulator.profiles.model import ProfileError

if TYPE_CHECKING:
    from simulator.catalog.access_key import AccessKey


#: What stands for an access key that is taken to be in a file nobody read.
PRESUMED: Final = "presumed"
_GRANTING: Final = frozenset(
    {
        *(KEY_ID, SECRET, "role_arn", "credential_process", "web_identity_token_file"),
        *("sso_session", "sso_account_id", "sso_role_name", "login_session"),
    }
)


class Profiles(NamedTuple):
    """All profiles as botocore has them, and the files they are from.

    `full` has both files joined, `own` the profiles of the config file alone, and `sections` all
    sections that say to be one of these, of which botocore takes the last.
    """

    config: Ini
    credentials: Ini | None
    full: dict[str, Any]
    own: dict[str, dict[str, str]]
    sections: dict[str, list[str]]

    def settings(self, profile: str) -> dict[str, str]:
        """Return the settings of a profile from both files."""
        found: dict[str, str] = self.full["profiles"].get(profile, {})
        return found

    def key_in_config(self, profile: str) -> AccessKey | None:
        """Return the access key of a profile in the config file."""
        return self.config.keys.get(self._section(profile))

    def key_in_credentials(self, profile: str) -> AccessKey | None:
        """Return the access key of a profile in the credentials file."""
        return None if self.credentials is None else self.credentials.keys.get(profile)

    def place(self, profile: str, setting: str = "") -> str:
        """Return file and line of a setting of a profile."""
        if self.credentials is not None:
            # What stands in the credentials file goes before what stands in the config file.
            lent = self.credentials.sections.get(profile, {})
            if setting in lent or profile not in self.sections:
                return self.credentials.place(profile, setting)
        return self.config.place(self._section(profile), setting)

    def _section(self, profile: str) -> str:
        return self.sections.get(profile, [""])[-1]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all profiles."""
        return tuple(self.full["profiles"])


def read_profiles(
    config_file: str, credentials_file: str | None, *, presumed: bool = False
) -> Profiles:
    """Return the profiles of a config file, and of a credentials file if one is named and there."""
    config = read_ini(config_file)
    credentials = None if credentials_file is None else _read_credentials(credentials_file)
    if presumed:
        _presume(config, credentials)
    full = build_profile_map(config.sections)
    # A session of botocore joins the files like this, see `Session.full_config`.
    for name, settings in ({} if credentials is None else credentials.sections).items():
        full["profiles"].setdefault(name, {}).update(settings)
    own = build_profile_map(config.sections)["profiles"]
    sections: dict[str, list[str]] = {}
    for section in config.sections:
        for name in build_profile_map({section: {}})["profiles"]:
            sections.setdefault(name, []).append(section)
    return Profiles(config, credentials, full, own, sections)


def _presume(config: Ini, credentials: Ini | None) -> None:
    """Put access keys where a source profile of the config file has no credentials at all."""
    profiles = build_profile_map(config.sections)["profiles"]
    lenders = {settings.get("source_profile") for settings in profiles.values()}
    lent = {} if credentials is None else credentials.sections
    for section in (*config.sections, "default"):
        name = next(iter(build_profile_map({section: {}})["profiles"]), "")
        settings = config.sections.get(section, {})
        found = {**settings, **lent.get(name, {})}
        if name in lenders and not found.keys() & _GRANTING:
            config.sections[section] = {**settings, KEY_ID: PRESUMED, SECRET: PRESUMED}


def _read_credentials(name: str) -> Ini | None:
    try:
        return read_ini(name)
    except ProfileError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise
