"""What is said about a text that is no JSON document: the code, and the underlined text."""

from __future__ import annotations

import subprocess
import sys

import pytest

from simulator.diagnostic import Diagnostic, DocumentError
from simulator.source import Place, Source
from simulator.syntax import Code, Number, apply_edits, decode
from simulator.syntax.report import parse
from tests.counting import calls


def errors(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(DocumentError) as caught:
        decode(Source("policy.json", text))
    return caught.value.diagnostics


def told(text: str) -> list[tuple[str, str]]:
    """Return the code and the underlined text of every error."""
    return [(error.code, error.labels[0].span.text) for error in errors(text)]


def repaired(text: str) -> str:
    return apply_edits(text, [edit for error in errors(text) for edit in error.edits])


# Each text with the code, the underlined text, and what the repairs make of it.
@pytest.mark.parametrize(
    ("text", "code", "underlined", "result"),
    [
        # trailing and other commas
        ('{"a": 1,}', Code.COMMA, ",", '{"a": 1}'),
        ("[1, 2,]", Code.COMMA, ",", "[1, 2]"),
        ("[1,, 2]", Code.COMMA, ",", "[1, 2]"),
        ("[, 1]", Code.COMMA, ",", "[ 1]"),
        ("{,}", Code.COMMA, ",", "{}"),
        ('{"a": 1 "b": 2}', Code.COMMA, "1", '{"a": 1, "b": 2}'),
        ('["a" "b"]', Code.COMMA, '"a"', '["a", "b"]'),
        ('{"a": 1; "b": 2}', Code.COMMA, ";", '{"a": 1, "b": 2}'),
        # other languages
        ("{'a': 1}", Code.QUOTES, "'a'", '{"a": 1}'),
        ("{'a\"b': 1}", Code.QUOTES, "'a\"b'", '{"a\\"b": 1}'),
        ("{a: 1}", Code.QUOTES, "a", '{"a": 1}'),
        ("{1: 1}", Code.QUOTES, "1", '{"1": 1}'),
        ('{"a": x:Y}', Code.QUOTES, "x:Y", '{"a": "x:Y"}'),
        ('{"a": arn:x:y::1:z/*}', Code.QUOTES, "arn:x:y::1:z/*", '{"a": "arn:x:y::1:z/*"}'),
        ('{"a": *}', Code.QUOTES, "*", '{"a": "*"}'),
        ('{"a": 2012-10-17}', Code.QUOTES, "2012-10-17", '{"a": "2012-10-17"}'),
        ('{"a": 1} // why', Code.COMMENT, "// why", '{"a": 1} '),
        ('# why\n{"a": 1}', Code.COMMENT, "# why", '\n{"a": 1}'),
        ('{"a": /* why\n */ 1}', Code.COMMENT, "/* why\n */", '{"a":  1}'),
        ("[True]", Code.NUMBER, "True", "[true]"),
        ("[None]", Code.NUMBER, "None", "[null]"),
        ("[undefined]", Code.NUMBER, "undefined", "[null]"),
        ("[+1]", Code.NUMBER, "+1", "[1]"),
        ("[.5]", Code.NUMBER, ".5", "[0.5]"),
        ("[1.]", Code.NUMBER, "1.", "[1]"),
        ("[01]", Code.NUMBER, "01", "[1]"),
        ("[-007.5e3]", Code.NUMBER, "-007.5e3", "[-7.5e3]"),
        ("[0x1F]", Code.NUMBER, "0x1F", None),
        ("[NaN]", Code.NUMBER, "NaN", None),
        ("[Infinity]", Code.NUMBER, "Infinity", None),
        ("[-Infinity]", Code.NUMBER, "-Infinity", None),
        ('{"a" = 1}', Code.UNEXPECTED, "=", '{"a" : 1}'),
        # a chat window
        ("{\u201ca\u201d: 1}", Code.QUOTES, "\u201ca\u201d", '{"a": 1}'),
        ('{"a\u201d: 1}', Code.UNCLOSED_STRING, '"a\u201d', '{"a": 1}'),
        ('{"a":\u00a01}', Code.INVISIBLE, "\u00a0", '{"a": 1}'),
        ('{"a": 1,\u200b"b": 2}', Code.INVISIBLE, "\u200b", '{"a": 1, "b": 2}'),
        ('\ufeff{"a": 1}', Code.INVISIBLE, "\ufeff", ' {"a": 1}'),
        ('{"a"\uff1a 1}', Code.INVISIBLE, "\uff1a", '{"a": 1}'),
        # strings
        ('["a\tb"]', Code.ESCAPE, "\t", '["a\\tb"]'),
        ('["a\x1bb"]', Code.ESCAPE, "\x1b", '["a\\u001bb"]'),
        ('["a\nb"]', Code.ESCAPE, "\n", '["a\\nb"]'),
        ('["a\r\nb"]', Code.ESCAPE, "\r\n", '["a\\r\\nb"]'),
        (r'["C:\Users"]', Code.ESCAPE, r"\U", r'["C:\\Users"]'),
        (r'["it\'s"]', Code.ESCAPE, r"\'", '["it\'s"]'),
        (r'["\u12"]', Code.ESCAPE, r"\u12", None),
        (r'["\u0000"]', Code.NUL, r"\u0000", None),
        ('["a\0b"]', Code.NUL, "\0", None),
        ('\0{"a": 1}', Code.NUL, "\0", ' {"a": 1}'),
        (r'["\ud800"]', Code.SURROGATE, r"\ud800", None),
        (r'["\ude00\ud83d\ude00"]', Code.SURROGATE, r"\ude00", None),
        ('["\ud800"]', Code.SURROGATE, "\ud800", None),
        ('{"a": "say "hi" there"}', Code.UNEXPECTED, 'hi" there"', '{"a": "say \\"hi\\" there"}'),
        ('{"a": "*""}', Code.UNCLOSED_STRING, '"', '{"a": "*"}'),
        # brackets
        ('{"a": [1, 2}', Code.BRACKET, "}", '{"a": [1, 2]}'),
        ('{"a": [1, 2}}', Code.BRACKET, "}", '{"a": [1, 2]}'),
        ('[{"a": 1]', Code.BRACKET, "]", '[{"a": 1}]'),
        ('[{"a": 1}}]', Code.BRACKET, "}", '[{"a": 1}]'),
        ('{"a": [1, "b": 2}', Code.BRACKET, ",", '{"a": [1], "b": 2}'),
        ('[{"a": 1, {"b": 2}]', Code.BRACKET, ",", '[{"a": 1}, {"b": 2}]'),
        ('{"a": 1}}', Code.BRACKET, "}", '{"a": 1}'),
        ('{"a": [1', Code.BRACKET, "[", '{"a": [1]}'),
        ('{"a":', Code.BRACKET, "{", None),
        # what is missing
        ('{"a" 1}', Code.UNEXPECTED, '"a"', '{"a": 1}'),
        ('{"a"}', Code.UNEXPECTED, '"a"', None),
        ('{"a":}', Code.UNEXPECTED, ":", None),
        ('{"a": 1, : 2}', Code.UNEXPECTED, ":", None),
        ('["a": 1]', Code.UNEXPECTED, ": 1", None),
        # the end
        ('{"a": 1} {"b": 2}', Code.EXTRA_TEXT, '{"b": 2}', None),
        ('{"a": 1} etc.', Code.EXTRA_TEXT, "etc.", None),
        ('{"a": {}}, "b": 2}', Code.EXTRA_TEXT, ', "b": 2}', '{"a": {}, "b": 2}'),
        ("", Code.EMPTY, "", None),
        (" \n", Code.EMPTY, " \n", None),
        # no JSON at all
        ("<!DOCTYPE html>\n<html>", Code.NOT_JSON, "<!DOCTYPE", None),
        (
            "\nAn error occurred (AccessDenied) when calling",
            Code.NOT_JSON,
            "An error occurred (",
            None,
        ),
        ("aws: [ERROR]: An error", Code.NOT_JSON, "aws: [ERROR]", None),
        ("%7B%22a%22%3A1%7D", Code.NOT_JSON, "%7B", None),
        ("Version: 1\n", Code.NOT_JSON, "Version:", None),
        ('data "x" "y" {\n', Code.NOT_JSON, 'data "x" "y" {', None),
        # templates
        ('{"a": ${var.x}}', Code.TEMPLATE, "${var.x}", None),
        ('{"a": {{ jinja }}}', Code.TEMPLATE, "{{ jinja }}", None),
        ('{"a": <ACCOUNT_ID>}', Code.TEMPLATE, "<ACCOUNT_ID>", None),
        ('{"a": !Sub "x"}', Code.TEMPLATE, "!Sub", None),
        ('{"a": arn:x:${y}:z}', Code.TEMPLATE, "arn:x:${y}:z", None),
        ('{"a": 1, ${more}}', Code.TEMPLATE, "${more}", None),
        ('{"a": 1 ${more}}', Code.TEMPLATE, "${more}", None),
    ],
)
def test_one_mistake(text: str, code: Code, underlined: str, result: str | None) -> None:
    assert told(text) == [(code, underlined)]
    assert repaired(text) == (text if result is None else result)
    if result is not None:
        decode(Source("policy.json", result))


TUTORIAL = """{
  "Statement": [
    {
      "Effect": "Allow",
      "Action": %s
    }
  ]
}
"""


# The string that a tutorial forgot to close, with what may follow it.
@pytest.mark.parametrize(
    ("written", "underlined", "meant", "help_"),
    [
        ('"x:Y]', '"x:Y]', '"x:Y"', 'the `]` was probably meant to be `"`'),
        ('"x:Y', '"x:Y', '"x:Y"', 'a `"` is missing at the end of the line'),
        ('"x:Y,\n "b": 1', '"x:Y', '"x:Y",\n "b": 1', 'a `"` is missing before the `,`'),
        ('["x:Y],\n "b": 1', '"x:Y', '["x:Y"],\n "b": 1', 'a `"` is missing before the `]`'),
        ('["x:Y]', '"x:Y', '["x:Y"]', 'a `"` is missing before the `]`'),
        ('["x:Y,\n "x:Z"]', '"x:Y', '["x:Y",\n "x:Z"]', 'a `"` is missing before the `,`'),
        ('["x:Y, "x:Z"]', '"x:Y', '["x:Y", "x:Z"]', 'a `"` is missing before the `,`'),
    ],
)
def test_a_string_that_is_never_closed(
    written: str, underlined: str, meant: str, help_: str
) -> None:
    text = TUTORIAL % written
    (error,) = errors(text)
    label = error.labels[0].span
    assert (error.code, label.text, error.help) == (Code.UNCLOSED_STRING, underlined, help_)
    assert error.message == f"the string that starts at column {label.place.column} is never closed"
    assert repaired(text) == TUTORIAL % meant


def test_a_string_that_is_never_closed_in_a_minified_document() -> None:
    text = '{"a":"x:Y],"b":{"c":"d"}}'
    assert told(text) == [(Code.UNCLOSED_STRING, '"x:Y]')]
    assert repaired(text) == '{"a":"x:Y","b":{"c":"d"}}'


def test_a_bracket_is_told_with_the_one_it_does_not_close() -> None:
    (error,) = errors('{"a": [1, 2}\n')
    assert [label.span.text for label in error.labels] == ["}", "["]
    assert error.labels[1].text == "`[` opened here"


@pytest.mark.parametrize(
    "text",
    [
        '{"Effect": 1, "Effect": 2}',
        r'{"Effect": 1, "\u0045ffect": 2}',
        '[{"x": {"Effect":1,"Effect":1}}]',
    ],
)
def test_a_duplicate_key_is_told_with_both_places(text: str) -> None:
    (error,) = errors(text)
    assert error.code == Code.DUPLICATE_KEY
    assert error.message == "duplicate key `Effect`"
    first, again = text.index('"Effect"'), error.labels[0].span.range.start
    assert error.labels[1].span.range.start == first < again


def test_all_errors_are_told_in_order_of_place() -> None:
    text = "{\r\n  'a': +1, // c\r\n\t“b”: [1 2],\r  \"a\": True,\n}"
    assert told(text) == [
        (Code.QUOTES, "'a'"),
        (Code.NUMBER, "+1"),
        (Code.COMMENT, "// c"),
        (Code.QUOTES, "“b”"),
        (Code.COMMA, "1"),
        (Code.DUPLICATE_KEY, '"a"'),
        (Code.NUMBER, "True"),
        (Code.COMMA, ","),
    ]
    places = [error.labels[0].span.place for error in errors(text)]
    assert places[3:6] == [Place(3, 2), Place(3, 8), Place(4, 3)]


def test_many_errors_are_cut_off_with_a_note() -> None:
    codes = [code for code, _ in told("[" + "True," * 500 + "]")]
    assert codes == [Code.TOO_MANY] + [Code.NUMBER] * 50


@pytest.mark.parametrize(
    "number", ["1e9999", "-1E400", "-0", "1.0", "9" * 4301, "1e-9999", "0.1e+1", "123456789012"]
)
def test_a_number_is_kept_as_it_is_written(number: str) -> None:
    value = decode(Source("x", f"[{number}]"))
    assert value == [Number(number)] == parse(Source("x", f"[{number}]"))
    assert isinstance(value, list)
    assert type(value[0]) is Number


@pytest.mark.parametrize(
    "text", ["[]", '"x"', "null", "true", "7", '{"a\u200b": "\u0430"}', "[\r1,\r\n2]"]
)
def test_what_json_allows_is_accepted(text: str) -> None:
    assert decode(Source("x", text)) == parse(Source("x", text))


def test_sixty_four_levels_are_deep_enough() -> None:
    decode(Source("x", "[" * 64 + "]" * 64))
    assert told("[" * 65 + "]" * 65) == [(Code.TOO_DEEP, "[")]
    assert told('{"a":' * 500 + "1" + "}" * 500) == [(Code.TOO_DEEP, "{")]
    assert errors("[" * 65)[0].labels[0].span.place.column == 65
    decode(Source("x", '["' + "[" * 100 + '"]'))


def test_a_hundred_thousand_brackets_cost_no_time() -> None:
    text = "[" * 100_000
    assert told(text)[0][0] == Code.TOO_DEEP
    assert calls(lambda: told(text)) < len(text)


def test_ten_megabytes_in_one_string() -> None:
    assert decode(Source("x", '"' + "a\\n" * 3_400_000 + '"')) == "a\n" * 3_400_000


def test_lark_is_not_imported_for_a_clean_document() -> None:
    script = (
        "import sys, simulator.syntax as s; from simulator.source import Source\n"
        "s.decode(Source('x', '{\"a\": [1, \"\\\\ud83d\\\\ude00\"]}'))\n"
        "assert 'lark' not in sys.modules\n"
        "try: s.decode(Source('x', '[' * 100_000))\n"
        "except Exception: pass\n"
        "assert 'lark' not in sys.modules\n"
        "s.locate(Source('x', '{}'))\n"
        "assert 'lark' not in sys.modules\n"
        "try: s.decode(Source('x', '[1,]'))\n"
        "except Exception: pass\n"
        "assert 'lark' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=sys.path[0] or ".")
