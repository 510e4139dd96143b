"""Config files of AWS's tools: sections of settings with their lines, and nothing secret."""

from __future__ import annotations

import configparser
import re
from io import StringIO
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.access_key import AccessKey, read_access_key
from simulator.diagnostic import DocumentError
from simulator.profiles.model import ProfileError
from simulator.source import open_source
from simulator.syntax import SIZE_LIMIT, decode_text

if TYPE_CHECKING:
    from collections.abc import Iterator

# Whatever else stands in a file may be secret (keys, tokens, passwords within commands): botocore
# sees that it is there, and not what it is.
READ: Final = frozenset(
    {
        *("role_arn", "source_profile", "credential_source", "web_identity_token_file"),
        *("role_session_name", "external_id", "mfa_serial", "duration_seconds"),
        *("sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"),
        *("aws_account_id", "region"),
    }
)
NOT_READ: Final = "not-read"
KEY_ID: Final = "aws_access_key_id"
SECRET: Final = "aws_secret_access_key"  # noqa: S105 - the name of the setting

_HEADER: Final = re.compile(r"\[(.+)\]")
_COMMENTS: Final = ("#", ";")


class Ini(NamedTuple):
    """The sections of a file, the access keys in them, and the line of each (section, setting).

    The setting of a section's own line is the empty one.
    """

    name: str
    sections: dict[str, dict[str, str]]
    keys: dict[str, AccessKey]
    lines: dict[tuple[str, str], int]

    def place(self, section: str, setting: str = "") -> str:
        """Return file and line of a setting, or of its section where it has none."""
        line = self.lines.get((section, setting)) or self.lines.get((section, ""))
        return f"{self.name}:{line}" if line else self.name


def read_ini(name: str) -> Ini:
    """Return what is in a file.

    Raises:
        ProfileError: it cannot be read, or not as botocore reads it.
    """
    text = _text(name, _data(name))
    lines = dict(reversed([*_lines(text)]))  # the first of two lines is the one that is told
    sections = _parse(name, text, lines)
    keys = {s: read_access_key(v[KEY_ID]) for s, v in sections.items() if KEY_ID in v}
    shown = {s: dict(_shown(name, s, v, lines)) for s, v in sections.items()}
    return Ini(name, shown, keys, lines)


def _data(name: str) -> bytes:
    if name == "-":
        raise ProfileError("profiles are read from a file: give its name, `-` is none")
    try:
        with open_source(name) as file:
            return file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ProfileError(f"cannot read `{name}`: {reason}") from error


def _text(name: str, data: bytes) -> str:
    """Return the text of a file with plain ends of lines; one of blanks alone is empty."""
    if not data.strip():
        return ""
    try:
        source, marks = decode_text(name, data)
    except DocumentError as error:
        raise ProfileError(_told(error)) from None
    if marks:
        raise ProfileError(
            f"{name}:1:1: the file begins with a byte order mark, which botocore takes for text:"
            " save it as UTF-8 without one"
        )
    return StringIO(source.text, newline=None).read()


def _told(error: DocumentError) -> str:
    (diagnostic, *_) = error.diagnostics
    label = diagnostic.labels[0].span if diagnostic.labels else None
    advice = f": {diagnostic.help}" if diagnostic.help else ""
    where = f"{label.source.name}:{label.place.line}:{label.place.column}: " if label else ""
    return f"{where}{diagnostic.message}{advice}"


def _parse(name: str, text: str, lines: dict[tuple[str, str], int]) -> dict[str, dict[str, str]]:
    """Return the sections as they stand, read by the parser that botocore uses, in its mode."""
    parser, problem = configparser.RawConfigParser(), None
    try:
        parser.read_file(StringIO(text), name)
    except configparser.Error as error:
        problem = _problem(error, lines)
    # Raised out here, since the parser's own error quotes the line, and that may hold a secret.
    if problem:
        line, message = problem
        raise ProfileError(f"{name}:{line}:{_column(text, line)}: {message}")
    return {section: dict(parser.items(section)) for section in parser.sections()}


def _problem(error: configparser.Error, lines: dict[tuple[str, str], int]) -> tuple[int, str]:
    match error:
        case configparser.DuplicateSectionError(lineno=int(line), section=section):
            first = lines.get((section, ""))
            return (
                line,
                f"the section `[{section}]` is there already, at line {first}: join the two",
            )
        case configparser.DuplicateOptionError(lineno=int(line), section=section, option=option):
            first = lines.get((section, option))
            return line, f"`{option}` is there already, at line {first}: keep one of the two"
        case configparser.MissingSectionHeaderError(lineno=line):
            return line, "a section must come first: expected `[profile NAME]` or `[default]`"
        case configparser.ParsingError(errors=[(line, _), *_]):
            return line, "expected `[profile NAME]` or `SETTING = VALUE`"
        case _:  # there is none as yet
            return 1, "expected `[profile NAME]`, and `SETTING = VALUE` on the lines below it"


def _column(text: str, line: int) -> int:
    written = text.split("\n")[line - 1]
    return len(written) - len(written.lstrip()) + 1


def _lines(text: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield where each section and each setting begins."""
    section, within = "", None
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if not bare or bare.startswith(_COMMENTS) or (within is not None and indent > within):
            continue
        if header := _HEADER.match(bare):
            section, within = header[1], None
            yield (section, ""), number
        else:
            within = indent
            yield (section, re.split("[=:]", bare, maxsplit=1)[0].strip().lower()), number


def _shown(
    name: str, section: str, settings: dict[str, str], lines: dict[tuple[str, str], int]
) -> Iterator[tuple[str, str]]:
    """Yield the settings as botocore may see them."""
    for setting, value in settings.items():
        fault = _fault(setting, value)
        if fault:
            line = lines.get((section, setting), 1)
            raise ProfileError(f"{name}:{line}: {fault}")
        yield setting, value if setting in READ else NOT_READ


def _fault(setting: str, value: str) -> str | None:
    """Return what is wrong with a value on lines of its own, which botocore reads as settings."""
    if not value.startswith("\n"):
        return None
    if not all("=" in line for line in value.splitlines() if line.strip()):
        return f"expected `SETTING = VALUE` on each line below `{setting}`"
    return f"expected the value of `{setting}` on the same line" if setting in READ else None
