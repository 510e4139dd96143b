"""What a diagnosis says of options of a command, said as keys of a test file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.fixes import Fix

_OPTION: Final = re.compile(r"`--(?P<name>[a-z-]+)(?: (?P<value>[^`]*))?`")
_KEYS: Final[Mapping[str, str]] = {
    "policy": "policies",
    "trust": "trust_policy",
    "session-policy": "session_policies",
    "boundary": "permissions_boundary",
}
_NO_KEYS: Final = frozenset({"strict"})
_MAKER: Final = "give `--federated-by ARN`, the user who made the caller's session"
_NO_MAKER: Final = "a test file cannot say which user made the caller's session"


def cause_in_keys(cause: Cause) -> Cause:
    """Return a cause that speaks of keys of a test file."""
    return cause._replace(
        message=in_keys(cause.message),
        label=in_keys(cause.label),
        wanted=cause.wanted and in_keys(cause.wanted),
        help=cause.help and in_keys(cause.help),
    )


def fix_in_keys(fix: Fix) -> Fix:
    """Return a fix that speaks of keys of a test file."""
    remedies = (remedy._replace(title=in_keys(remedy.title)) for remedy in fix.remedies)
    return fix._replace(remedies=tuple(remedies))


def in_keys(text: str) -> str:
    """Return a text with every option named as the key of a test file that says the same."""
    return _OPTION.sub(_key, text.replace(_MAKER, _NO_MAKER))


def _key(found: re.Match[str]) -> str:
    name, value = found["name"], found["value"]
    if name in _NO_KEYS:
        return found[0]
    if name == "context" and value:
        key, _, text = value.partition("=")
        return f"`context: {{{key}: {_quoted(text) or 'null'}}}`"
    key = _KEYS.get(name, name.replace("-", "_"))
    return f"`{key}: {_quoted(value)}`" if value else f"`{key}`"


def _quoted(text: str) -> str:
    """Return a value as YAML and JSON both read it, as far as it needs quotes."""
    return text if text.replace("-", "").replace(".", "").isalpha() or not text else f'"{text}"'
