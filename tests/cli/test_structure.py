"""What AWS would refuse to store is told with its place, all of it at once, and with a repair.

Each row is a case of `docs/reference/bad-input.md`, whose number its name begins with. The places
that must be underlined stand between « and ».
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from simulator.diagnostic import DocumentError
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.source import Source
from simulator.syntax import apply_edits
from tests.cli.command import CI, Marked, Told, ask, marked, told

KINDS = {
    "trust": kinds.TRUST,
    "policy": kinds.IDENTITY,
    "boundary": kinds.BOUNDARY,
    "session_policy": kinds.SESSION,
    "scp": kinds.SCP,
    "rcp": kinds.RCP,
}


class Row(NamedTuple):
    """A document of one layer, and the code of each place that is marked in it."""

    name: str
    layer: str
    text: str
    codes: str
    said: str = ""  # what must be among the words
    repaired: bool = False  # whether the edits give a policy that builds


def statement(inner: str, version: str = "2012-10-17") -> str:
    """Return the text of a policy of one statement."""
    return f'{{\n  "Version": "{version}",\n  "Statement": [\n    {{{inner}}}\n  ]\n}}'


def allow(inner: str) -> str:
    """Return the text of a policy of one statement that allows."""
    return statement(f'"Effect": "Allow",\n     {inner}')


def doing(inner: str) -> str:
    """Return the text of an identity policy of one statement with an action and a resource."""
    return allow(f'"Action": "sts:AssumeRole", "Resource": "*",\n     {inner}')


def admitting(inner: str) -> str:
    """Return the text of a trust policy of one statement with an action."""
    return allow(f'"Action": "sts:AssumeRole",\n     {inner}')


def when(inner: str) -> str:
    """Return the text of an identity policy of one statement with a condition block."""
    return doing(f'"Condition": {{{inner}}}')


V = '"Version": "2012-10-17"'
ERRORS = (
    # ------------------------------------------------------------------ the document
    *(
        Row(f"24 {text}", layer, f"«{text}»", "IAM101")
        for text in ("[]", "null", "true", "7", "[{}]")
        for layer in ("policy", "trust")
    ),
    Row("34 no Statement", "policy", f"«{{{V}}}»", "IAM103"),
    Row("34 Statement []", "trust", f'{{{V}, "Statement": «[]»}}', "IAM103"),
    Row("34 Statement a string", "policy", f'{{{V}, "Statement": «"x"»}}', "IAM107", "a string"),
    Row("34 Statement null", "policy", f'{{{V}, "Statement": «null»}}', "IAM107", "null"),
    Row("34 Statement [7]", "policy", f'{{{V}, "Statement": [«7»]}}', "IAM107", "a number"),
    *(
        Row(
            f"37 Version {version}",
            "policy",
            doing('"Sid": "A"').replace('"2012-10-17"', f"«{version}»"),
            "IAM106",
            "expected `2012-10-17` or `2008-10-17`",
            repaired=True,
        )
        for version in ('"2012-10-18"', '"2012-10-17 "', "2012", "null", '["2012-10-17"]', '""')
    ),
    Row("53 a comment element", "policy", doing('«"Comment"»: "x"'), "IAM102"),
    Row(
        "53 a top-level comment",
        "trust",
        admitting('"Principal": {"AWS": "*"}').replace("{", '{«"Comment"»: "x", ', 1),
        "IAM102",
    ),
    Row(
        "14 effect",
        "policy",
        '{"Version": "2012-10-17", "Statement":\n'
        ' {«"effect"»: "Allow", "Action": "sts:*", "Resource": "*"}}',
        "IAM102",
        "did you mean `Effect`?",
        repaired=True,
    ),
    Row(
        "14 ACTION beside Action",
        "policy",
        doing('«"ACTION"»: "s3:*"'),
        "IAM102",
        "did you mean `Action`?",
    ),
    Row(
        "14 statement",
        "policy",
        "«{»" + doing("")[1:].replace(",\n     }", "}").replace('"Statement"', '«"statement"»'),
        "IAM103 IAM102",
        "did you mean `Statement`?",
        repaired=True,
    ),
    # ------------------------------------------------------------------ Effect
    *(
        Row(
            f"38 Effect {effect}",
            "policy",
            statement(f'"Effect": «"{effect}"», "Action": "sts:*", "Resource": "*"'),
            "IAM106",
            "expected `Allow` or `Deny`, in these letters",
            repaired=True,
        )
        for effect in ("allow", "ALLOW", "Alow", "deny", "Dney")
    ),
    *(
        Row(
            f"38 Effect {effect}",
            "policy",
            statement(f'"Effect": «{effect}», "Action": "sts:*", "Resource": "*"'),
            "IAM106",
            "expected `Allow` or `Deny`",
        )
        for effect in ('"Permit"', '""', "7", "true", "null", '["Allow"]')
    ),
    Row(
        "38 Effect missing",
        "policy",
        '{"Version": "2012-10-17", "Statement":\n «{"Action": "sts:*", "Resource": "*"}»}',
        "IAM103",
        '"Effect": "Allow"',
    ),
    # ------------------------------------------------------------------ Action, Resource, Principal
    Row(
        "39 Action and NotAction",
        "policy",
        doing('«"NotAction"»: "s3:*"'),
        "IAM105",
        "either `Action` or `NotAction`",
    ),
    Row(
        "39 neither",
        "policy",
        '{"Version": "2012-10-17", "Statement":\n «{"Effect": "Allow", "Resource": "*"}»}',
        "IAM103",
        '"Action": "service:Name"',
    ),
    Row(
        "40 Resource and NotResource",
        "policy",
        doing('«"NotResource"»: "*"'),
        "IAM105",
        "either `Resource` or `NotResource`",
    ),
    *(
        Row(
            f"40 neither in {layer}",
            layer,
            '{"Version": "2012-10-17", "Statement":\n «{"Effect": "Deny", "Action": "s3:*"}»}',
            "IAM103",
            '"Resource": "arn:…"',
        )
        for layer in ("policy", "boundary", "session_policy", "scp")
    ),
    *(
        Row(
            f"41 {name} in a trust policy",
            "trust",
            admitting(f'"Principal": {{"AWS": "*"}}, «"{name}"»: "*"'),
            "IAM104",
            "Has prohibited field Resource",
        )
        for name in ("Resource", "NotResource")
    ),
    *(
        Row(
            f"42 Principal in {layer}",
            layer,
            doing('«"Principal"»: {"AWS": "*"}'),
            "IAM104",
            "Policy document should not specify a principal.",
        )
        for layer in ("policy", "scp", "boundary", "session_policy")
    ),
    Row(
        "43 no Principal in a trust policy",
        "trust",
        '{"Version": "2012-10-17", "Statement":\n «{"Effect": "Allow", "Action": "sts:*"}»}',
        "IAM103",
        '"Principal": {"AWS": "…"}',
    ),
    Row(
        "43 no Principal in an RCP",
        "rcp",
        '{"Version": "2012-10-17", "Statement":\n'
        ' «{"Effect": "Deny", "Action": "sts:*", "Resource": "*"}»}',
        "IAM103",
        '"Principal": "*"',
    ),
    Row(
        "43 bare * in a trust policy",
        "trust",
        admitting('"Principal": «"*"»'),
        "IAM109",
        'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
        repaired=True,
    ),
    Row(
        "43 bare ARN in a trust policy",
        "trust",
        admitting('"Principal": «"arn:aws:iam::111111111111:root"»'),
        "IAM109",
        repaired=True,
    ),
    *(
        Row(f"44 NotPrincipal with Allow in {layer}", layer, text, "IAM104")
        for layer, text in (
            ("trust", admitting('«"NotPrincipal"»: {"AWS": "*"}')),
            ("policy", doing('«"NotPrincipal"»: {"AWS": "*"}')),
            ("scp", doing('«"NotPrincipal"»: {"AWS": "*"}')),
        )
    ),
    Row(
        "44 NotPrincipal with Allow in an RCP",
        "rcp",
        statement(
            '"Effect": «"Allow"», "Action": "sts:AssumeRole", "Resource": "*",\n'
            '     «"NotPrincipal"»: {"AWS": "*"}'
        ),
        "IAM106 IAM104",
    ),
    *(
        Row(
            f"47 Action {value}",
            "policy",
            allow(f'"Resource": "*", "Action": {text}'),
            "IAM107",
            said,
        )
        for value, text, said in (
            ("7", "«7»", "must be a string or a list of strings, not a number"),
            ("null", "«null»", "not null"),
            ("{}", "«{}»", "not an object"),
            ("[[]]", '["s3:Get", «["s3:Put"]»]', "must be a string, not a list"),
            ("[null]", "[«null»]", "must be a string, not null"),
            ("[7]", "[«7»]", "must be a string, not a number"),
        )
    ),
    *(
        Row(
            f"47 Resource {value}",
            "policy",
            allow(f'"Action": "s3:*", "Resource": {text}'),
            "IAM107",
        )
        for value, text in (("7", "«7»"), ("null", "«null»"), ("[null]", "[«null»]"))
    ),
    *(
        Row(f"47 Principal {value}", "trust", admitting(f'"Principal": {text}'), "IAM107")
        for value, text in (
            ("7", "«7»"),
            ("null", "«null»"),
            ('["*"]', '«["*"]»'),
            ("AWS {}", '{"AWS": «{}»}'),
            ("AWS [7]", '{"AWS": [«7»]}'),
        )
    ),
    *(
        Row(
            f"48 {action}",
            "policy",
            allow(f'"Resource": "*", "Action": «"{action}"»'),
            "IAM108",
            said,
        )
        for action, said in (
            ("GetObject", "the service before a colon is missing"),
            ("s3", "the service before a colon is missing"),
            ("", "the service before a colon is missing"),
            ("s3:", "expected `service:Name`"),
            (":Get", "expected `service:Name`"),
            (" s3:Get", "without spaces"),
            ("s3:*:x", "only one colon is allowed"),
        )
    ),
    *(
        Row(
            f"TRU-1 {action} in a trust policy",
            "trust",
            allow(f'"Principal": {{"AWS": "*"}}, "Action": «"{action}"»'),
            "IAM123",
            "AssumeRole policy may only specify STS AssumeRole actions.",
        )
        for action in (
            "*",
            "s3:GetObject",
            "sts:GetCallerIdentity",
            "sts:AssumRole",
            "sts:Get*",
            "sts:Assume*Foo",
            "s?s:AssumeRole",
        )
    ),
    # ------------------------------------------------------------------ Sid
    Row(
        "52 duplicate Sid",
        "policy",
        '{"Version": "2012-10-17", "Statement": [\n'
        ' {"Sid": "A", "Effect": "Allow", "Action": "s3:*", "Resource": "*"},\n'
        ' {"Sid": «"A"», "Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}',
        "IAM114",
        "Statement IDs (SID) in a single policy must be unique.",
    ),
    *(
        Row(
            f"52 duplicate Sid in {layer}",
            layer,
            f'{{"Version": "2012-10-17", "Statement": [\n'
            f' {{"Sid": "A b", "Effect": "Deny", {rest}}},\n'
            f' {{"Sid": «"A b"», "Effect": "Deny", {rest}}}]}}',
            "IAM114",
            "two statements are called `A b`",
        )
        for layer, rest in (
            ("trust", '"Principal": {"AWS": "*"}, "Action": "sts:*"'),
            ("scp", '"Action": "s3:*", "Resource": "*"'),
            ("rcp", '"Principal": "*", "Action": "s3:*", "Resource": "*"'),
        )
    ),
    Row("52 Sid with a space", "policy", doing('"Sid": «"My Sid"»'), "IAM114", repaired=True),
    Row("52 Sid with a tag", "boundary", doing('"Sid": «"<b>"»'), "IAM114", repaired=True),
    Row("52 Sid a number", "policy", doing('"Sid": «7»'), "IAM107"),
    # ------------------------------------------------------------------ Condition
    Row("54 Condition a list", "policy", doing('"Condition": «[]»'), "IAM107"),
    Row("54 Condition a string", "policy", doing('"Condition": «"x"»'), "IAM107"),
    Row("54 an operator's value a list", "policy", when('"Bool": «[]»'), "IAM107"),
    Row("54 an operator's value a string", "policy", when('"Bool": «"x"»'), "IAM107"),
    *(
        Row(
            f"55 {written}",
            "policy",
            when(f'«"{written}"»: {{"aws:username": "x"}}'),
            "IAM110",
            f"did you mean `{meant}`?",
            repaired=True,
        )
        for written, meant in (
            ("StringEqual", "StringEquals"),
            ("ForEachValue:StringEquals", "ForAnyValue:StringEquals"),
            ("StringEqualsIfExist", "StringEqualsIfExists"),
            ("StringEqualIfExists", "StringEqualsIfExists"),
        )
    ),
    Row(
        "55 nothing alike",
        "policy",
        when('«"Regex"»: {"aws:username": "x"}'),
        "IAM110",
        "AWS knows no operator of this name",
    ),
    Row(
        "56 NullIfExists",
        "policy",
        when('«"NullIfExists"»: {"aws:username": "true"}'),
        "IAM110",
        "did you mean `Null`?",
        repaired=True,
    ),
    Row("56 Null maybe", "policy", when('"Null": {"aws:username": «"maybe"»}'), "IAM111"),
    *(
        Row(f"57 {value}", "policy", when(f'"Bool": {{"aws:x": {text}}}'), "IAM111", said)
        for value, text, said in (
            ("null", "«null»", "null"),
            ("an object", "«{}»", "an object"),
            ("a nested list", '[«["true"]»]', "a list"),
            ("null in a list", '["true", «null»]', "null"),
        )
    ),
    Row(
        "POL-21 a number and a truth value among strings",
        "policy",
        when('"StringEquals": {"aws:username": ["a", «1», «true»]}'),
        "IAM111 IAM111",
        "here a number is among others",
        repaired=True,
    ),
    Row(
        "POL-21 a number and a truth value",
        "policy",
        when('"StringEquals": {"aws:username": [«1», «false»]}'),
        "IAM111 IAM111",
        "here true or false is among others",
        repaired=True,
    ),
    Row(
        "13 keys that differ by case",
        "policy",
        when('"StringEquals": {"aws:username": "a",\n «"aws:UserName"»: "b"}'),
        "IAM112",
        "are the same condition key",
    ),
    # ------------------------------------------------------------------ Resource
    *(
        Row(
            f"50 {arn} in a session policy",
            "session_policy",
            allow(f'"Action": "s3:*", "Resource": «"{arn}"»'),
            "IAM113",
            "a session policy needs the whole ARN",
        )
        for arn in ("arn:aws:sqs", "arn:aws:iam::111111111111", "arn:")
    ),
    *(
        Row(
            f"72 {arn}",
            "policy",
            allow(f'"Action": "s3:*", "Resource": «"{arn}"»'),
            "IAM115",
            "variables work only after the fifth colon",
        )
        for arn in (
            "arn:aws:iam::${aws:PrincipalAccount}:role/r",
            "arn:${aws:x}:iam::111111111111:role/r",
            "arn:aws:iam::${aws:PrincipalAccount}",
        )
    ),
    # ------------------------------------------------------------------ templates
    *(
        Row(
            f"70 {leftover}",
            "policy",
            allow(f'"Action": "s3:*", "Resource": «"arn:aws:s3:::{leftover}"»'),
            "IAM117",
            f"template not rendered: `{leftover}`",
        )
        for leftover in (
            "${var.bucket}",
            "${AWS::AccountId}",
            "{{ bucket }}",
            "<ACCOUNT_ID>",
            "${data.aws_caller_identity.current.account_id}",
        )
    ),
    Row(
        "70 in a principal",
        "trust",
        admitting('"Principal": {"AWS": «"arn:aws:iam::<ACCOUNT_ID>:root"»}'),
        "IAM117",
        "`<ACCOUNT_ID>`",
    ),
    Row(
        "70 in a condition",
        "trust",
        admitting(
            '"Principal": {"AWS": "*"}, "Condition":\n'
            ' {"StringEquals": {"sts:ExternalId": «"${var.external_id}"»}}'
        ),
        "IAM117",
        "`${var.external_id}`",
    ),
    *(
        Row(
            f"70 {name}", "policy", allow(f'"Action": "s3:*", "Resource": «{text}»'), "IAM117", name
        )
        for name, text in (
            ("Fn::Sub", '{"Fn::Sub": "arn:aws:s3:::${Bucket}"}'),
            ("Ref", '{"Ref": "Bucket"}'),
            ("Fn::GetAtt", '{"Fn::GetAtt": ["Bucket", "Arn"]}'),
        )
    ),
    Row(
        "70 a function in a list",
        "policy",
        allow('"Action": "s3:*", "Resource": ["*", «{"Ref": "Bucket"}»]'),
        "IAM117",
    ),
    Row(
        "70 a function as a condition value",
        "policy",
        when('"StringEquals": {"aws:username": «{"Ref": "Name"}»}'),
        "IAM117",
    ),
    *(
        Row(
            f"71 {text}",
            "policy",
            allow(f'"Action": "s3:*", "Resource": «"arn:aws:s3:::{text}"»'),
            "IAM115",
            said,
        )
        for text, said in (
            ("${aws:username", "the brace is never closed"),
            ("${}", "it names no key"),
            ("${ aws:username}", "no spaces"),
            ("${aws:username,'x'}", "comma, one space, single quotes"),
            ("${aws:username, x}", "comma, one space, single quotes"),
            ("${aws:user${aws:x}}", "cannot contain another one"),
        )
    ),
    # ------------------------------------------------------------------ principals
    Row(
        "85 1111-1111-1111",
        "trust",
        admitting('"Principal": {"AWS": «"1111-1111-1111"»}'),
        "IAM109",
        "12 digits without dashes",
        repaired=True,
    ),
    *(
        Row(
            f"{number} {text}",
            "trust",
            admitting(f'"Principal": {{"AWS": «"{text}"»}}'),
            "IAM109",
            said,
        )
        for number, text, said in (
            (81, "arn:aws:iam::111111111111:role/*", "there are no wildcards within one"),
            (81, "arn:aws:iam::1111*:root", "there are no wildcards within one"),
            (81, "arn:aws:sts::111111111111:assumed-role/R/*", "no wildcards within one"),
            (81, "1111*", "neither an ARN nor an account id"),
            (85, "11111111111", "it has 11 digits"),
            (85, "1111111111111", "it has 13 digits"),
            (85, "arn:aws:iam::11111111111:root", "`11111111111`"),
            (90, "arn:aws:iam::111111111111:group/dev", "a group is never a principal"),
            (43, "alice", "neither an ARN nor an account id"),
            (43, "arn:aws:s3:::bucket", "is not an account id"),
            (43, "arn:aws:iam::111111111111:policy/p", "expected a user, a role, a session"),
        )
    ),
    *(
        Row(f"73 {name} in a principal", "trust", admitting(f'"Principal": {text}'), "IAM115", said)
        for name, text, said in (
            (
                "a variable",
                '{"AWS": «"arn:aws:iam::111111111111:user/${aws:username}"»}',
                "a principal is plain text",
            ),
            ("a service", '{"Service": «"${aws:userid}.amazonaws.com"»}', "has a variable"),
        )
    ),
    Row(
        "73 a variable in an action",
        "policy",
        allow('"Resource": "*", "Action": «"s3:${aws:username}"»'),
        "IAM108",
    ),
    Row(
        "73 a variable in a condition key",
        "policy",
        when('"StringEquals": {«"aws:PrincipalTag/${aws:username}"»: "x"}'),
        "IAM115",
        "the name of a condition key has none",
    ),
    Row(
        "70 in a condition key",
        "trust",
        admitting(
            '"Principal": {"AWS": "*"}, "Condition":\n'
            ' {"StringEquals": {«"${var.issuer}:sub"»: "x"}}'
        ),
        "IAM117",
        "`${var.issuer}`",
    ),
    *(
        Row(
            f"65 {key}",
            "policy",
            when(f'"StringEquals": {{«"{key}"»: "x"}}'),
            "IAM111",
            f"expected `{key}/` and the key of a tag",
        )
        for key in ("aws:ResourceTag", "aws:principaltag", "aws:RequestTag")
    ),
    Row(
        "85 an account id as a number",
        "trust",
        admitting('"Principal": {"AWS": «12345678901»}'),
        "IAM107",
        "loses each leading zero",
        repaired=True,
    ),
    Row(
        "85 an account id as a number in a list",
        "trust",
        admitting('"Principal": {"AWS": ["*", «123456789012», «1234567890»]}'),
        "IAM107 IAM107",
        'expected `"001234567890"`',
        repaired=True,
    ),
    Row(
        "85 a number for a service",
        "trust",
        admitting('"Principal": {"Service": «12345678901»}'),
        "IAM107",
        "`Service` must be a string or a list of strings, not a number",
    ),
    *(
        Row(
            f"PRN-4 {provider}",
            "trust",
            admitting(f'"Principal": {{"Federated": «"{provider}"»}}'),
            "IAM109",
            "is not an identity provider",
        )
        for provider in (
            "nonsense",
            "Accounts.google.com",
            "arn:aws:iam::111111111111:role/r",
            "arn:aws:iam::111111111111:saml-provider/",
            "arn:aws:iam::1:oidc-provider/x",
            "arn:aws:sts::111111111111:saml-provider/x",
        )
    ),
    Row(
        "91 Service *", "trust", admitting('"Principal": {"Service": «"*"»}'), "IAM109", "wildcards"
    ),
    Row("91 no service", "trust", admitting('"Principal": {"Service": «"ec2"»}'), "IAM109"),
    *(
        Row(
            f"PRN-1 {written}",
            "trust",
            admitting(f'"Principal": {{«"{written}"»: "*"}}'),
            "IAM109",
            f"did you mean `{meant}`?",
            repaired=True,
        )
        for written, meant in (("aws", "AWS"), ("Aws", "AWS"))
    ),
    Row(
        "EVAL-50 an RCP that allows",
        "rcp",
        statement('"Effect": «"Allow"», "Principal": "*", "Action": "s3:*", "Resource": "*"'),
        "IAM106",
        "can only deny",
    ),
    Row(
        "EVAL-53 an RCP on one principal",
        "rcp",
        statement(
            '"Effect": "Deny", "Action": "s3:*", "Resource": "*",\n'
            ' "Principal": «{"AWS": "111111111111"}»'
        ),
        "IAM109",
        "is always",
    ),
)


def question(layer: str, text: str) -> dict[str, Any]:
    """Return the question to which a document of a layer belongs."""
    caller = {"caller": CI} if layer == "session_policy" else {}
    return {layer: text, **caller}


def places(diagnostics: list[Told]) -> list[tuple[int, int, str]]:
    """Return line, column and underlined text of diagnostics."""
    return [(each.line, each.column, each.underlined) for each in diagnostics]


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row.name)
def test_error(row: Row) -> None:
    text, expected = marked(row.text)
    result = ask(**question(row.layer, text))
    found = told(result.err)
    assert (result.status, result.out) == (2, "")
    assert [each.code for each in found] == row.codes.split()
    assert places(found) == list(expected)
    assert row.said in result.err
    assert {each.file for each in found} == {f"{row.layer}.json"}
    assert ("repair: " in result.err) is row.repaired


def errors(row: Row, text: str) -> DocumentError:
    """Return the errors of a document."""
    with pytest.raises(DocumentError) as raised:
        build(unwrap(Source("p.json", text)).document, KINDS[row.layer])
    return raised.value


@pytest.mark.parametrize("row", [row for row in ERRORS if row.repaired], ids=lambda row: row.name)
def test_repair(row: Row) -> None:
    text = marked(row.text).text
    edits = [edit for each in errors(row, text).diagnostics for edit in each.edits]
    repaired = apply_edits(text, edits)
    assert build(unwrap(Source("p.json", repaired)).document, KINDS[row.layer]).statements


TEN = marked("""\
{
  "Version": «"2012-10-18"»,
  «"Comment"»: "all at once",
  "Statement": [
    {
      "Sid": «"not plain"»,
      "Effect": «"allow"»,
      "Action": [«"GetObject"», «7»],
      "Resource": «"arn:aws:s3:::${var.bucket}"»
    },
    {
      "Effect": "Deny",
      «"Principal"»: "*",
      "Action": "s3:*",
      "Resource": "*",
      "Condition": {
        «"StringEqual"»: {"aws:username": "x"},
        "Bool": {"aws:SecureTransport": «null»}
      }
    },
    «"one more"»
  ]
}
""")


def test_one_run_tells_all_errors_of_a_document() -> None:
    result = ask(policy=TEN.text)
    assert result.status == 2
    assert places(told(result.err)) == list(TEN.places)
    assert len(TEN.places) == 11


WARNINGS = (
    Row(
        "36 Version missing",
        "trust",
        '«{»\n "Statement": {"Effect": "Allow", "Principal": {"AWS": "111111111111"},\n'
        ' "Action": "sts:AssumeRole"}}',
        "IAM120",
        "the rules of 2008",
    ),
    *(
        Row(
            f"POL-5 the old version in {layer}",
            layer,
            doing('"Sid": ""').replace('"2012-10-17"', '«"2008-10-17"»'),
            "IAM120",
            said,
        )
        for layer, said in (
            ("policy", "Policy document must be version 2012-10-17 or greater."),
            ("boundary", "Policy document must be version 2012-10-17 or greater."),
            ("session_policy", "the rules of 2008"),
            ("scp", "the rules of 2008"),
        )
    ),
    Row(
        "POL-4 a variable of the old version",
        "trust",
        admitting(
            '"Principal": {"AWS": "*"},'
            ' "Condition": {"StringNotEquals": {"aws:username": "${aws:userid}"}}'
        ).replace('"2012-10-17"', '«"2008-10-17"»'),
        "IAM120",
        "`${…}` is plain text",
    ),
    Row(
        "POL-20 an unknown operator without keys",
        "policy",
        when('«"StringEqual"»: {}'),
        "IAM110",
        "did you mean `StringEquals`?",
    ),
    Row(
        "MULTI-BOOL two values of Bool",
        "policy",
        when('"Bool": {"aws:SecureTransport": «["true", "false"]»}'),
        "IAM111",
        "`Bool` takes one value, and here are 2",
    ),
    Row(
        "MULTI-BOOL two values of Null",
        "policy",
        when('"Null": {"aws:SecureTransport": «[true, false]»}'),
        "IAM111",
        "`Null` takes one value, and here are 2",
    ),
    *(
        Row(
            f"{number} {arn}",
            "policy",
            allow(f'"Action": "*", "Resource": ["*", «"{arn}"»]'),
            "IAM113",
            said,
        )
        for number, arn, said in (
            (50, "arb:aws:iam::1:role/x", "is neither an ARN nor `*`"),
            (50, "*role/r", "is neither an ARN nor `*`"),
            (50, "*:aws:iam::1:role/x", "is neither an ARN nor `*`"),
            (50, "${aws:username}", "is neither an ARN nor `*`"),
            (51, "arn::iam::1:role/x", "no partition"),
            (51, "arn:aws:iam::1:", "no resource"),
            (51, "arn:aws:IAM::1:role/x", "capital letters"),
        )
    ),
    *(
        Row(
            f"SHORT-ARN in {layer}",
            layer,
            statement(f'"Effect": "{effect}", "Resource": ["*", «"arn:aws:{name}"»]{rest}'),
            "IAM113",
            "with `*` for each part that is missing",
        )
        for layer, effect, name, rest in (
            ("scp", "Deny", "s3", ', "Action": "s3:*"'),
            ("boundary", "Allow", "iam", ', "Action": "*"'),
            ("rcp", "Deny", "s3", ', "Action": "s3:*", "Principal": "*"'),
        )
    ),
    *(
        Row(
            f"POL-22 {name}",
            "policy",
            doing(inner),
            "IAM118",
            said,
        )
        for name, inner, said in (
            (
                "a control character in a value",
                '"Condition": {"StringNotEquals": {"aws:username": ["x", «"a\\u0001"»]}}',
                "AWS stores no control characters, and U+0001",
            ),
            (
                "a control character in a key",
                '"Condition": {"StringNotEquals": {«"app:\\b"»: "x"}}',
                "U+0008",
            ),
            (
                "a dash as an escape",
                '"Condition": {"StringNotEquals": {"aws:username": «"a\\u2013"»}}',
                "only characters up to U+00FF, and U+2013",
            ),
        )
    ),
    Row("46 Action []", "policy", allow('"Resource": "*", "Action": «[]»'), "IAM116"),
    Row("46 Resource []", "policy", allow('"Action": "*", "Resource": «[]»'), "IAM116"),
    Row("46 Principal {}", "trust", admitting('"Principal": «{}»'), "IAM116"),
    Row("46 Principal []", "trust", admitting('"Principal": «[]»'), "IAM116"),
    Row("46 AWS []", "trust", admitting('"Principal": {"AWS": «[]»}'), "IAM116"),
    Row("46 no condition value", "policy", when('"Bool": {"aws:SecureTransport": «[]»}'), "IAM116"),
    Row("50 bucket/*", "policy", allow('"Action": "*", "Resource": «"bucket/*"»'), "IAM113"),
    Row(
        "56 ForAllValues:Null",
        "policy",
        when('«"ForAllValues:Null"»: {"aws:username": "true"}'),
        "IAM125",
        "is always true",
    ),
    Row(
        "56 ForAnyValue:Null",
        "policy",
        when('«"ForAnyValue:Null"»: {"aws:username": "true"}'),
        "IAM125",
        "is always false",
    ),
    *(
        Row(
            f"48 {action} is stored",
            "policy",
            allow(f'"Resource": "*", "Action": ["sts:AssumeRole", «"{action}"»]'),
            "IAM108",
            "so it matches nothing",
        )
        for action in ("s3:Get Object", "sts: AssumeRole", "sts:AssumeRôle")
    ),
    *(
        Row(
            f"CND-5 {written}",
            "policy",
            when(f'«"{written}"»: {{"aws:username": "x"}}'),
            "IAM110",
            f"is read as `{meant}`",
        )
        for written, meant in (
            ("stringnotequals", "StringNotEquals"),
            ("STRINGNOTLIKE", "StringNotLike"),
            ("StringNotEqualsIfexists", "StringNotEqualsIfExists"),
        )
    ),
    Row(
        "72 a variable in an ARN of any partition",
        "policy",
        allow(
            '"Action": "sts:AssumeRole",'
            ' "Resource": ["*", «"arn:*:iam::${aws:PrincipalAccount}:role/x"»]'
        ),
        "IAM113",
        "so it matches nothing",
    ),
    Row(
        "89 a unique id",
        "trust",
        admitting('"Principal": {"AWS": ["111111111111", «"AROACKCEVSQ6C2EXAMPLE"»]}'),
        "IAM124",
        "probably deleted",
    ),
)
# The decisions that the documents of the warnings come to.
DENIED = {
    "46 Action []",
    "46 Resource []",
    "46 Principal {}",
    "46 Principal []",
    "46 AWS []",
    "46 no condition value",
    "50 bucket/*",
    "56 ForAnyValue:Null",
}


@pytest.mark.parametrize("row", WARNINGS, ids=lambda row: row.name)
def test_warning(row: Row) -> None:
    text, expected = marked(row.text)
    result = ask(**question(row.layer, text))
    found = told(result.err)
    assert [(each.severity, each.code) for each in found] == [("warning", row.codes)]
    assert places(found) == list(expected)
    assert row.said in result.err
    assert result.status == (row.name in DENIED)
    assert result.out.startswith("denied" if row.name in DENIED else "allowed")


ACCEPTED = (
    Row(
        "35 Statement an object",
        "trust",
        '{"Version": "2012-10-17", "Statement":'
        ' {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}}',
        "",
    ),
    Row(
        "POL-5 the old version",
        "trust",
        statement(
            '"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"', "2008-10-17"
        ),
        "",
    ),
    Row(
        "POL-6 Id",
        "trust",
        admitting('"Principal": {"AWS": "*"}').replace("{", '{"Id": "x", ', 1),
        "",
    ),
    Row("43 AWS *", "trust", admitting('"Principal": {"AWS": "*"}'), ""),
    Row("46 Condition {}", "policy", doing('"Condition": {}'), ""),
    Row(
        "POL-17 several empty Sids",
        "trust",
        admitting('"Principal": {"AWS": "*"}, "Sid": ""').replace(
            "\n  ]",
            ',\n{"Sid": "", "Effect": "Deny", "Principal": {"Service": '
            '"ec2.amazonaws.com"}, "Action": "sts:*"}]',
        ),
        "",
    ),
    Row(
        "POL-22 characters that AWS stores, as escapes",
        "policy",
        doing('"Condition": {"StringNotEquals": {"aws:username": "\\u00ff\\t\\n\\r\\u0020\\\\"}}'),
        "",
    ),
    Row(
        "POL-21 a list of numbers",
        "policy",
        when('"StringNotEquals": {"aws:username": [1, 2]}'),
        "",
    ),
    Row("46 an operator without keys", "policy", when('"Bool": {}'), ""),
    Row("50 a short ARN", "policy", allow('"Action": "*", "Resource": "arn:aws:iam"'), ""),
    Row(
        "52 any Sid in a trust policy",
        "trust",
        admitting('"Sid": "My <b> Sid", "Principal": {"AWS": "*"}'),
        "",
    ),
    Row("POL-17 an empty Sid", "policy", doing('"Sid": ""'), ""),
    Row("POL-21 a truth value", "policy", when('"Bool": {"aws:SecureTransport": true}'), ""),
    Row(
        "POL-26 an SCP with NotResource",
        "scp",
        allow('"NotAction": "s3:*", "NotResource": "arn:aws:s3:::x"'),
        "",
    ),
    Row(
        "TRU-1 patterns",
        "trust",
        allow(
            '"Action": ["sts:Assume*", "sts:*Session", "sts:?ssumeRole", "STS:assumerole",'
            ' "sts:*"], "Principal": {"AWS": "*"}'
        ),
        "",
    ),
    Row(
        "83 wildcards anywhere in a name",
        "policy",
        allow('"Action": ["sts:*", "s3:?et*", "STS:*Role*"], "Resource": "*"'),
        "",
    ),
    Row(
        "74 a dollar sign",
        "policy",
        allow('"Action": "sts:*", "Resource": ["*", "arn:aws:s3:::$${*}x${$}{x}"]'),
        "",
    ),
    Row(
        "PRN-4 other kinds of principal",
        "trust",
        admitting(
            '"Principal": {"AWS": "*", "Service": "ec2.amazonaws.com",'
            ' "Federated": ["cognito-identity.amazonaws.com", "accounts.google.com",'
            ' "arn:aws-cn:iam::111111111111:saml-provider/corp",'
            ' "arn:aws:iam::111111111111:oidc-provider/a.example/id/7"]}'
        ),
        "",
    ),
)


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: row.name)
def test_accepted(row: Row) -> None:
    result = ask(**question(row.layer, row.text))
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("allowed")


def test_what_a_policy_does_not_say_is_told_before_the_answer() -> None:
    text, (place,) = marked(
        admitting(
            '"Principal": {"AWS": "*"},\n "Condition": {"Bool": {«"aws:MFAPresent"»: "true"}}'
        )
    )
    result = ask(trust=text)
    (warning,) = told(result.err)
    assert (warning.severity, warning.code) == ("warning", "IAM129")
    assert (warning.line, warning.column, warning.underlined) == place
    assert "did you mean `aws:MultiFactorAuthPresent`?" in warning.rest
    assert result.out.startswith("denied")


def test_a_value_of_no_use_to_its_operator_ends_the_run() -> None:
    result = ask(policy=when('"IpAddress": {"aws:SourceIp": "10.0.0.0/33"}'))
    assert (result.status, result.out) == (2, "")
    assert [each.code for each in told(result.err)] == ["IAM128"]


def test_marks() -> None:
    assert marked("ab\n c«de\nf»g«»") == Marked("ab\n cde\nfg", ((2, 3, "de"), (3, 3, "")))
