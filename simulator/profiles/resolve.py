"""From the name of a profile to the calls of STS that it makes."""

from __future__ import annotations

from simulator.profiles.model import ProfileError, Resolved


def resolve(
    name: str, config_file: str, credentials_file: str | None = None, *, presumed: bool = False
) -> Resolved:
    """Return what botocore would do to get the credentials of a profile.

    Nobody is called, nothing is run, and of all files only these two are opened; a credentials
    file that is not there is none. Where access keys are `presumed`, a source profile that holds no
    credentials is taken to have some in a file that was not read.

    Raises:
        ProfileError: a file cannot be read, the profile yields no credentials, or botocore is not
            installed.
    """
    try:
        # botocore is an extra, and takes longer to import than all the rest of a start.
        from simulator.profiles import chain, notes, refusals, settings  # noqa: PLC0415
    except ImportError as error:
        raise ProfileError(
            "a profile is read by botocore, which is missing or too old: install `iamsim[aws]`"
        ) from error
    profiles = settings.read_profiles(config_file, credentials_file, presumed=presumed)
    if name not in profiles.names:
        raise refusals.refuse_missing(profiles, name)
    start, hops = chain.follow(profiles, name)
    told = tuple(notes.notes(profiles, start, hops))
    return Resolved(start, hops, told, profiles.settings(name).get("region"))
