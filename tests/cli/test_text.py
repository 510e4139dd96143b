"""Whatever is wrong with the text of a document ends with exit status 2 and the place of it.

Each row is a case of `docs/reference/bad-input.md`, whose number its name begins with.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.command import ALICE, LOCAL, allowing, ask, marked, run, spawn, told, trusting

INVALID = Path(__file__).parents[2] / "fixtures" / "policies" / "invalid"
GOOD = json.dumps(allowing(), indent=2)
QUESTION = ("assume", "--as", ALICE, "--role-arn", LOCAL, "--trust")


class Row(NamedTuple):
    """A text, the code of the first thing wrong with it, and what must be among the words."""

    name: str
    text: str | bytes
    code: str
    said: str = ""


def where(inner: str) -> str:
    """Return the text of a policy with something in the place of its one action."""
    return (
        '{\n  "Version": "2012-10-17",\n  "Statement": [\n'
        f'    {{"Effect": "Allow", "Action": {inner}, "Resource": "*"}}\n  ]\n}}\n'
    )


ROWS = (
    Row("4 lone surrogate", where(r'"«\ud800»"'), "IAM010"),
    Row("4 inverted surrogates", where(r'"\udc00\ud800"'), "IAM010"),
    Row("5 Latin-1", GOOD.replace("Allow", "All\xf6w").encode("latin-1"), "IAM011", "byte 0xf6"),
    Row("5 overlong", b'{"a": "\xc0\xaf"}', "IAM011", "offset 7"),
    Row("5 truncated", b'{"a": "\xe2\x82', "IAM011", "offset 7"),
    Row("5 raw surrogate", b'{"a": "\xed\xa0\x80"}', "IAM011"),
    Row("6 UTF-16 with its mark", GOOD.encode("utf-16"), "IAM011", "save as UTF-8"),
    Row("8 500 nested lists", where("[" * 500 + "]" * 500), "IAM012"),
    Row("9 100,000 brackets", "[" * 100_000, "IAM012"),
    Row("9 100,000 braces", '{"a":' * 100_000, "IAM012"),
    Row("10 key twice", where('"sts:*", «"Action"»: "s3:*"'), "IAM004", "first here"),
    Row("11 key twice by an escape", where(r'"sts:*", «"\u0041ction"»: "s3:*"'), "IAM004"),
    Row("12 Statement twice", '{"Statement": [], «"Statement"»: []}', "IAM004"),
    Row("12 operator twice", where('"s3:*", "Condition": {"Bool": {}, «"Bool"»: {}}'), "IAM004"),
    Row(
        "12 condition key twice",
        where('"s3:*", "Condition": {"Bool": {"aws:x": "a", «"aws:x"»: "a"}}'),
        "IAM004",
    ),
    Row("15 trailing comma in a list", where('["s3:*"«,»]'), "IAM005", "trailing comma"),
    Row("15 trailing comma in an object", '{"Statement": []«,»}', "IAM005"),
    Row("15 missing comma", where('[«"s3:*"» "sts:*"]'), "IAM005"),
    Row("15 single quotes", where("«'s3:*'»"), "IAM007"),
    Row("15 line comment", "«// mine»\n" + GOOD, "IAM006"),
    Row("15 block comment", "«/* mine */»" + GOOD, "IAM006"),
    Row("15 hash comment", "«# mine»\n" + GOOD, "IAM006"),
    Row("15 unquoted key", "{«Statement»: []}", "IAM007"),
    Row("16 smart quotes", where("«\u201cs3:*\u201d»"), "IAM007", "U+201C"),
    Row("16 no-break space", GOOD.replace(" ", "\xa0", 1), "IAM016", "U+00A0"),
    Row("16 zero-width space", GOOD.replace(" ", "\u200b", 1), "IAM016", "U+200B"),
    *(Row(f"18 {word}", where(f"«{word}»"), "IAM008") for word in ("NaN", "Infinity", "-Infinity")),
    Row("19 raw newline", where('"s3:\n*"'), "IAM009", "line break in a string"),
    Row("19 raw tab", where('"s3:\t*"'), "IAM009"),
    Row("19 raw NUL", where('"s3:\x00*"'), "IAM020"),
    Row("19 raw ESC", where('"s3:\x1b*"'), "IAM009", r"\x1b"),
    Row("19 bad escape", where(r'"s3:\x"'), "IAM009"),
    Row("20 NUL", where(r'"s3:\u0000"'), "IAM020"),
    Row("22 two documents", GOOD + "\n«{}»", "IAM015", "a second document starts here"),
    Row("22 rubbish at the end", GOOD + "\n«x»", "IAM015"),
    Row("23 empty", "", "IAM014"),
    Row("23 only spaces", " \r\n\t", "IAM014"),
    Row("23 only a mark", "\ufeff", "IAM014"),
    Row("25 4,301 digits", GOOD.replace('"2012-10-17"', "1" * 4301), "IAM106", "a number"),
    Row("25 leading zero", where("«012»"), "IAM008"),
    Row("27 CR alone", GOOD.replace("\n", "\r") + "x", "IAM015"),
    Row("28 a long line", json.dumps(allowing(["s3:Get"] * 20_000))[:-1], "IAM003"),
    Row("32 an HTML page", (INVALID / "error-page.html").read_bytes(), "IAM018", "a web page"),
    Row("32 an AWS error", (INVALID / "aws-error.txt").read_bytes(), "IAM018", "an AWS CLI error"),
    Row("33 10 MB", b'{"a": "' + b"x" * 10_000_000 + b'"}', "IAM013", "1,048,576 bytes"),
    Row("70 Jinja", '{"Statement": «{{ statements }}»}', "IAM017"),
    Row("tutorial", (INVALID / "trust-broken.json").read_bytes(), "IAM002", "repair: replace `]`"),
    Row("a bracket too many", where('["s3:*"]«]»'), "IAM003"),
    Row("a brace too many", GOOD + "«}»", "IAM003", "closes nothing"),
    Row("a bracket too few", where('["s3:*"').replace(', "R', '«,» "R'), "IAM003"),
    Row("cut off", GOOD[: len(GOOD) // 2], "IAM003", "was it cut off?"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("layer", ["policy", "trust"])
def test_error(row: Row, layer: str) -> None:
    text, expected = (row.text, ()) if isinstance(row.text, bytes) else marked(row.text)
    documents: dict[str, Any] = {layer: text}
    result = ask(**documents)
    found = told(result.err)
    assert (result.status, result.out) == (2, "")
    assert found, result.err
    assert (found[0].severity, found[0].file) == ("error", f"{layer}.json")
    assert found[0].code == row.code
    assert row.said in result.err
    assert len(result.err) < 4000
    for line, column, underlined in expected:
        assert (line, column, underlined) == (found[0].line, found[0].column, found[0].underlined)


ENCODINGS = ("utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_utf_16_without_its_mark(encoding: str) -> None:
    result = ask(policy=GOOD.encode(encoding))
    assert [each.code for each in told(result.err)] == ["IAM011"]
    assert "save as UTF-8" in result.err


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_utf_16_without_its_mark_is_refused(encoding: str) -> None:
    assert ask(policy=GOOD.encode(encoding)).status == 2


@pytest.mark.parametrize(
    ("text", "codes", "said"),
    [
        (GOOD.replace("Effect", "Eff\u200bect"), ["IAM102", "IAM118"], "U+200B"),
        (GOOD.replace("Allow", "\u0410llow"), ["IAM106", "IAM118"], "U+0410"),
    ],
)
def test_a_character_that_cannot_be_told_apart(text: str, codes: list[str], said: str) -> None:
    result = ask(policy=text)
    assert result.status == 2
    assert [each.code for each in told(result.err)] == codes
    assert said in result.err


def test_a_character_that_aws_does_not_store_is_shown_where_it_is() -> None:
    text, (place,) = marked(json.dumps(TRUST, indent=1, ensure_ascii=False))
    result = ask("--external-id", "x\u20ac", trust=text)
    assert [(each.code, each.line, each.column, each.underlined) for each in told(result.err)] == [
        ("IAM118", *place)
    ]


def test_characters_around_a_document_do_not_matter() -> None:
    role = {"Description": "\u201cdeploys\u201d", "AssumeRolePolicyDocument": trusting("*")}
    result = ask(trust=json.dumps({"Role": role}, ensure_ascii=False))
    assert (result.status, result.err) == (0, "")


TRUST = trusting("111111111111", Condition={"StringLike": {"sts:ExternalId": "x«\u20ac»*"}})


def test_byte_order_mark() -> None:
    result = ask(policy=b"\xef\xbb\xbf" + GOOD.encode())
    assert (result.status, result.out.split(":")[0]) == (0, "allowed")
    assert [(each.severity, each.code) for each in told(result.err)] == [("warning", "IAM019")]


def test_positions_do_not_count_the_byte_order_mark() -> None:
    result = ask(policy="\ufeff" + GOOD.replace("Effect", "Effekt", 1).replace("\n", " "))
    told_place = [(each.line, each.column) for each in told(result.err) if each.code == "IAM102"]
    assert told_place == [(1, GOOD.index('"Effect') + 1)]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends(line_end: str) -> None:
    assert ask(policy=GOOD.replace("\n", line_end)).status == 0
    broken, (place,) = marked(GOOD.replace('"Effect"', '«"Effekt"»'))
    found = told(ask(policy=broken.replace("\n", line_end)).err)[-1]
    assert (found.line, found.column, found.underlined) == place


@pytest.mark.parametrize("number", ["-0", "1.0", "1E400", "9" * 5000, "1e-400"])
def test_numbers_are_kept_as_they_are_written(number: str) -> None:
    condition = f'"*", "Condition": {{"NumericEquals": {{"aws:x": {number}}}}}'
    result = ask(policy=where(condition))
    assert result.status == 1
    assert not [text for text in ("inf", "nan") if text in result.err.lower()]


@pytest.mark.parametrize("text", ["[1]", '{"a": {}}', '"text"', "-1.5e+3", '["\\u00e9\\n"]'])
def test_json_that_is_no_policy(text: str) -> None:
    result = ask(policy=text)
    assert (result.status, result.out) == (2, "")
    assert len(told(result.err)) == 1


def test_an_endless_file_is_not_read_to_its_end() -> None:
    result = run(*QUESTION, "/dev/zero")
    assert result.status == 2
    assert "IAM013" in result.err


def test_in_a_process_of_its_own() -> None:
    for name, code in (("trust-broken.json", "IAM002"), ("aws-error.txt", "IAM018")):
        result = spawn(*QUESTION, str(INVALID / name))
        assert (result.status, result.out) == (2, "")
        assert [each.code for each in told(result.err)] == [code]
        assert "Traceback" not in result.err


def test_many_mistakes_in_one_text_are_told_at_once() -> None:
    text = '// mine\n{\'Version\': “2012-10-17”, Statement: [{"Effect": "Allow",},],\n"a": NaN}'
    result = ask(policy=text)
    codes = [each.code for each in told(result.err)]
    assert codes == ["IAM006", "IAM007", "IAM007", "IAM007", "IAM005", "IAM005", "IAM008"]
