"""Config files as botocore reads them, and what is said where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError
from hypothesis import given
from hypothesis import strategies as st

from simulator.profiles.ini import NOT_READ, READ, read_ini
from simulator.profiles.model import ProfileError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.profiles.conftest import Resolve

PLAIN = "[profile a]\nrole_arn = r\n"
READABLE = [
    PLAIN,
    "",
    " \n\t\n",
    "# nothing\n; else\n",
    "[default]\nregion: eu-west-1\n",
    "[ spaced ]\n  region = x\n",
    '[profile "x y"]\nROLE_ARN=r\nexternal_id = a=b # kept\n',
    "[a]\nsso_start_url = https://example.com/#/\n\n\n[b]\nregion=\n",
    "[a]\nrole_session_name = one\n   two\n\n  three\nregion = x\n",
    "[DEFAULT]\nregion = x\n[a]\nexternal_id = y\n",
    "[a]]\nregion = x\n[]b]\nregion = y\n",
    "[a]\n  region = x\n  external_id = y\n",
    "[a]\ns3 =\n  max = 1\n  [region] = 2\nregion = z\n",
]
UNREADABLE = {
    "region = x\n": "1:1: a section must come first: expected `[profile NAME]` or `[default]`",
    "[a]\n\n  nonsense\n": "3:3: expected `[profile NAME]` or `SETTING = VALUE`",
    "[a]\n= x\n": "2:1: expected `[profile NAME]` or `SETTING = VALUE`",
    "[a]\n[b]\n[a]\n": "3:1: the section `[a]` is there already, at line 1: join the two",
    "[a]\nregion =\nREGION =\n": "3:1: `region` is there already, at line 2: keep one of the two",
    "[a]\ns3 =\n  nonsense\n": "2: expected `SETTING = VALUE` on each line below `s3`",
}


LINES = ["", "[a]", "[profile b]", "[DEFAULT]", "[", "]", "region", "external_id", "s3", "REGION"]
LINES += ["=", ":", " ", "  ", "\t", "#", ";", "x", "\n", "\r\n", "\n", "\x0b", "\x85", "\xa0", "é"]


def _file(folder: Path, text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    (folder / "config").write_bytes(data)
    return str(folder / "config")


def _refusal(file: str) -> str:
    with pytest.raises(ProfileError) as error:
        read_ini(file)
    return str(error.value).replace(f"{file}:", "config:")


@pytest.mark.parametrize("text", READABLE)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_sections_are_those_of_botocore(tmp_path: Path, text: str, end: str) -> None:
    file = _file(tmp_path, text.replace("\n", end))
    assert read_ini(file).sections == _theirs(file)


@pytest.mark.parametrize("text", READABLE)
def test_each_setting_has_a_line(tmp_path: Path, text: str) -> None:
    ini = read_ini(_file(tmp_path, text))
    lines = text.split("\n")
    for section, settings in ini.sections.items():
        assert f"[{section}]" in lines[ini.lines[section, ""] - 1]
        for setting in settings.keys() - ({"region"} if "DEFAULT" in text else set()):
            assert lines[ini.lines[section, setting] - 1].lower().lstrip().startswith(setting)


@pytest.mark.parametrize(("text", "message"), UNREADABLE.items())
def test_what_botocore_cannot_read(tmp_path: Path, text: str, message: str) -> None:
    file = _file(tmp_path, text)
    with pytest.raises(ConfigParseError):
        raw_config_parse(file)
    assert _refusal(file) == f"config:{message}"


def _theirs(file: str) -> dict[str, dict[str, str]] | None:
    try:
        parsed = raw_config_parse(file)
    except ConfigParseError:
        return None
    return {
        section: {k: v if k in READ else NOT_READ for k, v in settings.items()}
        for section, settings in parsed.items()
    }


def _ours(file: str) -> dict[str, dict[str, str]] | None:
    try:
        return read_ini(file).sections
    except ProfileError:
        return None


@given(st.lists(st.sampled_from(LINES), max_size=30).map("".join))
def test_whatever_the_text_is(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = _file(tmp_path_factory.getbasetemp(), text)
    ours, theirs = _ours(file), _theirs(file)
    # Lines of settings below a setting that is read are the one thing that is refused here alone.
    is_nested = any(
        isinstance(v, dict) for found in (theirs or {}).values() for v in found.values()
    )
    assert ours == (None if is_nested else theirs)


def test_a_byte_order_mark(tmp_path: Path) -> None:
    file = _file(tmp_path, b"\xef\xbb\xbf" + PLAIN.encode())
    with pytest.raises(ConfigParseError):
        raw_config_parse(file)
    assert _refusal(file) == (
        "config:1:1: the file begins with a byte order mark, which botocore takes for text:"
        " save it as UTF-8 without one"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (PLAIN.encode("utf-16"), "this is UTF-16: save as UTF-8"),
        (b"[a]\nx = \xff\n", "config:2:5: the document is not UTF-8: byte 0xff at offset 8"),
        (b"\x7fELF\x02\x01\x00", "config:1:1: a section must come first"),
        (b"[a]\n" + b"x" * 2_000_000, "the document is larger than 1,048,576 bytes"),
    ],
    ids=["UTF-16", "latin", "binary", "large"],
)
def test_what_is_no_text(tmp_path: Path, data: bytes, message: str) -> None:
    assert message in _refusal(_file(tmp_path, data))


def test_what_is_no_file(tmp_path: Path) -> None:
    assert _refusal("-") == "profiles are read from a file: give its name, `-` is none"
    assert _refusal("nul\0") == "cannot read `nul\0`: embedded null byte"
    assert _refusal(str(tmp_path)) == f"cannot read `{tmp_path}`: Is a directory"
    assert _refusal("gone") == "cannot read `gone`: No such file or directory"


def test_a_value_on_lines_of_its_own(tmp_path: Path) -> None:
    file = _file(tmp_path, "[a]\nrole_arn =\n  x = y\n")
    assert _refusal(file) == "config:2: expected the value of `role_arn` on the same line"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("[default]", "default"),
        ("[profile default]", "default"),
        ("[profile a]", "a"),
        ('[profile "x y"]', "x y"),
        ("[profile 'x y']", "x y"),
        ("[profile\ta]", "a"),
    ],
)
def test_names_of_profiles(resolved: Resolve, header: str, name: str) -> None:
    keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
    assert resolved(f"{header}\n{keys}", name).start.profile == name
