"""YAML as test files may use it: text stays text; what is dangerous or surprising is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from simulator.diagnostic import DocumentError
from simulator.source import Source
from simulator.syntax import yaml_text
from simulator.syntax.yaml_text import YamlForm, read_yaml
from tests.counting import calls

if TYPE_CHECKING:
    from simulator.syntax import JsonValue

FORM = YamlForm("IAM810", "IAM811", "a test file")


@pytest.fixture(params=["c", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(yaml_text, "_LOADER", yaml.SafeLoader)


def _value(text: str) -> JsonValue:
    value, _ = read_yaml(Source("t.yaml", text), FORM)
    return value


def _refused(text: str) -> list[tuple[str, int, int, str]]:
    with pytest.raises(DocumentError) as raised:
        _value(text)
    return [(d.code, *d.labels[0].span.place, d.message) for d in raised.value.diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        "2012-10-17",  # row 108
        "012345670123",  # row 109
        "123456789012",  # row 110
        *("NO", "on", "y", "off", "~", "1_000", "12:30:45", "0x1F", "true", "1e3", ".inf"),  # 111
        "=",  # row 112
        "Null",
    ],
)
def test_scalars_stay_text(text: str) -> None:
    assert _value(f"a: {text}") == {"a": text}


def test_nothing_is_nothing() -> None:
    assert _value("{a: , b: null, c: 'null', d: ''}") == {
        "a": None,
        "b": None,
        "c": "null",
        "d": "",
    }


def test_keys_are_text() -> None:
    assert _value("1: x\n012: y\n") == {"1": "x", "012": "y"}


def test_line_ends_and_places() -> None:
    value, places = read_yaml(
        Source("t", "a: b\r\nc:\r\n  - d: [e, 'f']\r\n  - g\r\nh: |\r\n  i\r\n"), FORM
    )
    assert value == {"a": "b", "c": [{"d": ["e", "f"]}, "g"], "h": "i\n"}
    text = "a: b\r\nc:\r\n  - d: [e, 'f']\r\n  - g\r\nh: |\r\n  i\r\n"
    for path, written in {
        ("a",): "b",
        ("c", 0, "d"): "[e, 'f']",
        ("c", 0, "d", 1): "'f'",
        ("c", 0): "d: [e, 'f']",
        ("c",): "- d: [e, 'f']\r\n  - g",
    }.items():
        start, end = places.value(path)
        assert text[start:end] == written
    start, end = places.key(("c", 0, "d"))
    assert text[start:end] == "d"


def test_key_twice() -> None:  # row 113
    assert _refused("a:\n  b: 1\n  b: 2\n") == [("IAM004", 3, 3, "duplicate key `b`")]


def test_merge_key() -> None:  # row 114
    assert _refused("- <<: {Effect: Deny}\n  Effect: Allow\n") == [
        ("IAM811", 1, 3, "merge keys are not supported: `<<`")
    ]


def test_alias_is_what_it_stands_for() -> None:
    text = "a: &x {Effect: Allow}\nb: [*x, &y c, *y]\n"
    value, places = read_yaml(Source("t", text), FORM)
    assert value == {"a": {"Effect": "Allow"}, "b": [{"Effect": "Allow"}, "c", "c"]}
    start, end = places.value(("b", 0))
    assert text[start:end] == "*x"
    start, end = places.value(("b", 0, "Effect"))
    assert (start, text[start:end]) == (text.index("Allow"), "Allow")


def test_anchor_that_is_used_again() -> None:
    assert _value("[&x a, *x, &x b, *x]") == ["a", "a", "b", "b"]


def test_alias_of_nothing() -> None:
    assert _refused("a: *x\nb: &x 1") == [
        ("IAM811", 1, 4, "`*x` stands for nothing: no `&x` ends before it")
    ]


def test_billion_laughs() -> None:  # row 115
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    text = "\n".join(lines)
    (refused,) = _refused(text)
    assert refused == ("IAM811", 6, 25, "the aliases stand for too much")
    assert calls(lambda: _refused(text)) < 500_000


def test_aliases_of_aliases_that_are_deep() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 100))]
    (refused,) = _refused("\n".join(lines))
    assert refused[:2] == ("IAM012", 64)


def test_alias_to_itself() -> None:  # row 116
    assert _refused("a: &a [*a]") == [
        ("IAM811", 1, 8, "`*a` stands for nothing: no `&a` ends before it")
    ]


def test_twenty_thousand_anchors() -> None:  # row 117
    text = "\n".join(f"k{n}: &a{n} x" for n in range(20_000))
    (refused,) = _refused(text)
    assert refused[3] == "more than 1000 anchors"
    assert calls(lambda: _refused(text)) < len(text)


@pytest.mark.parametrize(
    "deep", ["[" * 1000, "[" * 100_000, "{a: " * 1000, "- " * 1000, "{" * 100_000, "- " * 100_000]
)
def test_deep_nesting(deep: str) -> None:  # row 117
    (refused,) = _refused(deep)
    assert refused[0] == "IAM012"
    assert refused[3] == "nested more than 64 levels deep"


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system", "!!str", "!local", "!!binary", "!"]
)
def test_tags(tag: str) -> None:  # row 118
    (refused,) = _refused(f"a: {tag} 'x'")
    assert refused == ("IAM811", 1, 4, f"tags are not supported: `{tag}`")


@pytest.mark.parametrize("function", ["!Ref", "!Sub", "!GetAtt"])
def test_functions_of_cloudformation(function: str) -> None:  # row 119
    (refused,) = _refused(f"a: {function} Bucket.Arn")
    assert refused[:3] == ("IAM811", 1, 4)
    assert refused[3].startswith(f"`{function}` is a function of CloudFormation")


def test_tabs() -> None:  # row 120
    (refused,) = _refused("a:\n\tb: c\n")
    assert refused[:3] == ("IAM810", 2, 1)


def test_two_documents() -> None:  # row 120
    (refused,) = _refused("a: 1\n---\nb: 2\n")
    assert refused == ("IAM811", 2, 1, "a second document begins: a test file is one")


@pytest.mark.parametrize("text", ["? \n: x", "~: x", "null: x", "? [a]\n: x", "{a: {[b]: c}}"])
def test_keys_that_are_no_text(text: str) -> None:  # row 121
    refused = _refused(text)
    assert "a key is text, and nothing else" in [message for *_, message in refused]


@pytest.mark.parametrize(
    ("text", "place"),
    [("a: \0", (1, 4)), ("a:\n - \x1b[31m", (2, 4)), ('a: "\\0"', (1, 4)), ("a\ufffe: b", (1, 2))],
)
def test_characters_that_no_text_has(text: str, place: tuple[int, int]) -> None:
    (refused,) = _refused(text)
    assert (refused[0], refused[1:3]) == ("IAM020", place)


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c",
        "a: 'x",
        "[a",
        "%YAML 3.0\n---\na",
        "a: @",
        '"\\U11111111"',
        '"\\ud800"',
        "- a\nb",
    ],
)
def test_what_is_no_yaml(text: str) -> None:
    code, *_ = _refused(text)[0]
    assert code in {"IAM810", "IAM020"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "--- ~"])
def test_empty(text: str) -> None:
    assert _value(text) in (None, "~")


CALLS = FORM._replace(functions={"!Sub": "Fn::Sub", "!If": "Fn::If", "!Ref": "Ref"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: !Ref b", {"a": {"Ref": "b"}}),
        ("!Sub 'a'", {"Fn::Sub": "a"}),
        (
            "- !If [c, !Ref d, {e: !Sub f}]",
            [{"Fn::If": ["c", {"Ref": "d"}, {"e": {"Fn::Sub": "f"}}]}],
        ),
        ("a: !If\n  - b\n  - !Sub |\n    c\n", {"a": {"Fn::If": ["b", {"Fn::Sub": "c\n"}]}}),
        ("a: &x !Ref b\nc: *x", {"a": {"Ref": "b"}, "c": {"Ref": "b"}}),
        ("a: !Ref", {"a": {"Ref": ""}}),
        ("a: !!str 1\nb: !!map {}\nc: ! d", {"a": "1", "b": {}, "c": "d"}),
    ],
)
def test_the_tags_of_functions_are_mappings(text: str, value: JsonValue) -> None:
    assert read_yaml(Source("t", text), CALLS)[0] == value


def test_where_a_function_and_its_argument_stand() -> None:
    text = "a: !If [b, !Sub 'c']\n"
    _, places = read_yaml(Source("t", text), CALLS)
    for path, there in {("a",): text[3:-1], ("a", "Fn::If", 1): "!Sub 'c'"}.items():
        assert text[slice(*places.value(path))] == there
    assert text[slice(*places.key(("a", "Fn::If")))] == "!If"


@pytest.mark.parametrize("tag", ["!Rf", "!!python/name:os.system", "!!timestamp", "!!set"])
def test_other_tags_beside_functions(tag: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read_yaml(Source("t", f"a: {tag} x"), CALLS)
    assert raised.value.diagnostics[0].message == f"tags are not supported: `{tag}`"
