"""`--format html` and `--format mermaid`: a decision as a page, and as a flowchart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import (
    ALICE,
    CI,
    LOCAL,
    Result,
    allowing,
    ask,
    denying,
    policy,
    run,
    trusting,
)
from tests.pages import Parsed, parsed

BUCKET = "arn:aws:s3:::artifacts"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def page(*options: str, **question: Any) -> Parsed:  # noqa: ANN401 - see `asked`
    """Return the page of a question about a role."""
    return parsed(ask(*options, "--format", "html", **question).out)


def decision(found: Parsed) -> str | None:
    (main,) = (tag for tag in found.tags if tag.name == "main")
    return dict(main.attributes)["data-decision"]


def stations(found: Parsed) -> dict[str, str]:
    """Return the state of each layer on a page."""
    attributes = [dict(tag.attributes) for tag in found.tags]
    layers = ((each.get("data-layer"), each.get("data-state")) for each in attributes)
    return {layer: state for layer, state in layers if layer and state}


@pytest.mark.parametrize(
    ("question", "expected", "status"),
    [
        ({}, "allowed", 0),
        ({"trust": trusting("111111111111", Condition=MFA)}, "implicitDeny", 1),
        ({"policy": denying()}, "explicitDeny", 1),
        ({"policy": None}, "undecided", 1),
        ({"caller": "arn:aws:iam::111111111111:root"}, "error", 1),
    ],
)
def test_the_page_says_what_is_decided(
    question: dict[str, Any], expected: str, status: int
) -> None:
    result = ask("--format", "html", **question)
    assert decision(parsed(result.out)) == expected
    assert (result.status, result.out.startswith("<!doctype html>")) == (status, True)


def test_the_state_of_each_layer() -> None:
    found = page(
        trust=trusting("111111111111", Condition=MFA),
        scp=denying(),
        boundary=allowing(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
    )
    assert stations(found) == {
        "rcp": "idle",
        "scp": "stops",
        "endpoint": "idle",
        "trust": "stops",
        "identity": "passes",
        "boundary": "open",
        "session": "idle",
    }


def test_a_page_has_the_question_the_causes_the_fixes_and_the_facts() -> None:
    found = page(
        *("--external-id", "nova", "--context", "aws:SourceIp=192.0.2.1"),
        trust=trusting("111111111111", Condition=MFA),
    )
    for text in (
        "external id",
        "nova",
        "IAM312",
        "the trust policy requires MFA, and the caller has none",
        "fix 1: pass an MFA code with the call access unchanged",
        "--token-code <code>",
        "aws:MultiFactorAuthPresent = true",
        "aws:SourceIp 192.0.2.1 given",
        "aws:PrincipalArn arn:aws:iam::111111111111:user/alice derived",
        "aws:CurrentTime - unknown",
        "An error occurred (AccessDenied) when calling the AssumeRole operation",
        "wanted true",
        "given absent",
    ):
        assert text in found.text


def test_a_change_of_a_file_is_shown_as_a_diff() -> None:
    found = page(policy=allowing("s3:GetObject"))
    assert "the change of policy.json" in found.text
    assert "+" in found.text
    classes = [dict(tag.attributes).get("class") for tag in found.tags]
    assert "line added" in classes


def test_marks_tell_what_matched_and_what_failed() -> None:
    out = ask("--format", "html", trust=trusting("111111111111", "222222222222", Condition=MFA)).out
    flow = out[out.index('class="flow"') :]
    matches = re.findall(r'<mark class="matches">(.*?)</mark>', flow)
    fails = re.findall(r'<mark class="fails">(.*?)</mark>', flow)
    assert "&#34;111111111111&#34;" in matches
    assert "&#34;222222222222&#34;" not in (*matches, *fails)
    assert "&#34;aws:MultiFactorAuthPresent&#34;" in fails
    assert "&#34;true&#34;" in fails


def test_a_chain_has_every_hop(tmp_path: Path) -> None:
    result = _chain(tmp_path, "html")
    found = parsed(result.out)
    decisions = [dict(tag.attributes).get("data-decision") for tag in found.tags]
    assert [each for each in decisions if each] == ["implicitDeny", "allowed", "implicitDeny"]
    assert "hop 2 of 2: the profile `last`" in found.text


def _chain(folder: Path, format_: str) -> Result:
    pytest.importorskip("botocore")
    (folder / "config").write_text(
        f"[profile first]\nrole_arn = {LOCAL}\nsource_profile = keys\n[profile keys]\n"
        "[profile last]\nrole_arn = arn:aws:iam::111111111111:role/last\nsource_profile = first\n",
        encoding="utf-8",
    )
    (folder / "credentials").write_text(
        "[keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
        encoding="utf-8",
    )
    world = {
        "accounts": {
            "111111111111": {
                "users": {"alice": {"policies": [allowing()]}},
                "roles": {
                    "local": {"trust_policy": trusting(ALICE), "policies": []},
                    "last": {"trust_policy": trusting("111111111111"), "policies": []},
                },
            }
        }
    }
    (folder / "world.iamtest.json").write_text(json.dumps({**world, "tests": []}), encoding="utf-8")
    files = ("--config", "config", "--credentials", "credentials", "--inventory", str(folder))
    return run("assume", "--profile", "last", *files, "--as", ALICE, "--format", format_)


def test_several_requests_are_on_one_page() -> None:
    Path("p.json").write_text(json.dumps(allowing("s3:Get*")), encoding="utf-8")
    asked = ("--action", "s3:GetObject", "--action", "s3:PutObject", "--resource", f"{BUCKET}/a")
    owner = ("--resource-account", "111111111111")
    result = run(
        "simulate", "--as", ALICE, *asked, *owner, "--policy", "p.json", "--format", "html"
    )
    found = parsed(result.out)
    decisions = [dict(tag.attributes).get("data-decision") for tag in found.tags]
    assert [each for each in decisions if each] == ["implicitDeny", "allowed", "implicitDeny"]
    assert result.status == 1


def test_the_aws_command_draws_too() -> None:
    Path("t.json").write_text(json.dumps(trusting("111111111111")), encoding="utf-8")
    result = run(
        *("aws", "sts", "assume-role", "--role-arn", LOCAL, "--role-session-name", "night"),
        *("--as", CI, "--trust", "t.json", "--format", "html", "--output", "json"),
    )
    assert decision(parsed(result.out)) == "undecided"


@pytest.mark.parametrize("format_", ["html", "mermaid"])
@pytest.mark.parametrize("option", [("--query", "decision"), ("--trace",)])
def test_a_part_of_a_picture_is_refused(format_: str, option: tuple[str, ...]) -> None:
    result = ask("--format", format_, *option)
    assert (result.status, result.out) == (2, "")
    assert f"`{option[0]}`" in result.err


def test_a_token_code_is_on_no_picture() -> None:
    options = ("--serial-number", "arn:aws:iam::111111111111:mfa/alice", "--token-code", "918273")
    for format_ in ("html", "mermaid"):
        assert "918273" not in ask(*options, "--format", format_).out


def test_a_flowchart_ends_where_the_answer_fell() -> None:
    found = ask("--format", "mermaid", trust=trusting("111111111111", Condition=MFA)).out
    lines = [line.strip() for line in found.splitlines()]
    assert lines[0] == "flowchart TD"
    (trust,) = (line for line in lines if "trust policy: does not allow" in line)
    node = trust.partition("[")[0]
    assert trust.endswith(":::stops")
    assert "IAM312 the trust policy requires MFA, and the caller has none" in trust
    assert f"{node} ==> d1answer" in lines
    assert 'd1answer["denied (implicitDeny)"]:::stops' in lines
    assert [line for line in lines if line.startswith(f"{node} -.-> ")]


def test_a_flowchart_says_which_action_a_layer_is_asked_for() -> None:
    found = ask("--format", "mermaid", "--tags", "Key=a,Value=b").out
    assert "trust policy, sts:AssumeRole: allows" in found
    assert "trust policy, sts:TagSession: does not allow" in found


def test_a_flowchart_of_a_chain_goes_from_hop_to_hop(tmp_path: Path) -> None:
    assert "d1answer --> d2asked" in _chain(tmp_path, "mermaid").out


def _statements(count: int) -> dict[str, Any]:
    other = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    return policy(*[{**other, "Sid": f"S{number}"} for number in range(count)])


def test_a_page_of_five_thousand_statements_is_as_long_as_one_of_fifty() -> None:
    short, long = (ask("--format", "html", policy=_statements(n)).out for n in (50, 5_000))
    assert len(long) < len(short) + 1_000
    assert "and 4996 more statements" in parsed(long).text


def test_statements_of_many_values_and_lines_are_cut() -> None:
    values = [f"arn:aws:iam::222222222222:role/r{number}" for number in range(5_000)]
    document = json.dumps(allowing("sts:AssumeRole", values), indent=1)
    found = ask("--format", "html", policy=document)
    assert len(found.out) < 100_000
    assert re.search(r"… \d+ lines …", parsed(found.out).text)
