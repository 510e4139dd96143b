"""Where the files of profiles are, as AWS's own tools look for them."""

from __future__ import annotations

import os
from string import Template
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONFIG: Final = ("AWS_CONFIG_FILE", "~/.aws/config")
_CREDENTIALS: Final = ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")


def find_config(given: str | None, environment: Mapping[str, str]) -> str:
    """Return the name of the config file: the given one, else that of the environment, else home's.

    Nothing else of the environment is looked at.
    """
    return given or _find(*_CONFIG, environment)


def find_credentials(environment: Mapping[str, str]) -> str:
    """Return the name of the credentials file: that of the environment, else home's."""
    return _find(*_CREDENTIALS, environment)


def _find(variable: str, usual: str, environment: Mapping[str, str]) -> str:
    name = environment.get(variable) or usual
    return os.path.expanduser(Template(name).safe_substitute(environment))  # noqa: PTH111 - pathlib costs 5 ms at every start
