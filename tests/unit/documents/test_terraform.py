"""Which attributes of a plan or a state are policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.documents.terraform_types import KINDS
from simulator.policy import kinds
from tests.unit.documents.reading import contents, only

POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "a:b"}]})
ADDRESS = 'module.a[0].module.b["x]"].t.n[1]'


def _plan(type_: str, after: object, marks: object = None, **more: Any) -> str:  # noqa: ANN401
    change = {"actions": ["create"], "after": after, "after_unknown": marks or {}}
    resource = {"address": ADDRESS, "mode": "managed", "type": type_, "change": change}
    return json.dumps({"format_version": "1.2", "resource_changes": [resource], **more})


def _names(text: str) -> list[str]:
    return [each.name.removeprefix(f"{ADDRESS}.") for each in contents(text).documents]


@pytest.mark.parametrize(("type_", "name"), KINDS)
def test_each_attribute_of_the_table(type_: str, name: str) -> None:
    *above, last = name.split(".")
    value: Any = {last: POLICY}
    for step in reversed(above):
        value = {step: [value]}
    assert only(_plan(type_, value)).kind is KINDS[type_, name]


@pytest.mark.parametrize(
    ("type_", "after", "names"),
    [
        ("aws_sqs_queue", {"policy": ""}, []),
        ("aws_sqs_queue", {"policy": None}, []),
        ("aws_iam_policy", {"policy": "{}"}, ["policy"]),
        ("aws_organizations_policy", {"type": "AISERVICES_OPT_OUT_POLICY", "content": "{}"}, []),
        ("aws_iot_policy", {"policy": POLICY}, []),
        ("aws_ecr_lifecycle_policy", {"policy": '{"rules": []}'}, []),
        ("x_y", {"a": [{"b": POLICY, "c": "the Statement"}]}, ["a[0].b"]),
        ("awscc_x", {"a": json.loads(POLICY)}, ["a"]),
        ("x_y", None, []),
    ],
)
def test_what_is_a_policy(type_: str, after: object, names: list[str]) -> None:
    assert _names(_plan(type_, after)) == names


def test_a_policy_that_is_no_json_is_an_error_and_the_others_are_found() -> None:
    after = {"policy": POLICY[:-1], "other": POLICY}
    found = contents(_plan("aws_iam_policy", after))
    assert [each.name for each in found.documents] == [f"{ADDRESS}.other"]
    assert [each.severity.value for each in found.diagnostics] == ["error"]


def _configuration(*given: str) -> dict[str, Any]:
    resource = {"address": "t.n", "expressions": {name: {} for name in given}}
    inner = {"module_calls": {"b": {"module": {"resources": [resource]}}}}
    return {"configuration": {"root_module": {"module_calls": {"a": {"module": inner}}}}}


@pytest.mark.parametrize(
    ("type_", "marks", "given", "unknown"),
    [
        ("aws_iam_policy", {"policy": True, "arn": True}, _configuration("policy"), "policy"),
        ("aws_iam_policy", {"policy": True}, {}, "policy"),
        # A bucket has a policy that AWS tells, if nobody gives it one.
        ("aws_s3_bucket", {"policy": True}, _configuration("bucket"), None),
        (
            "aws_iam_role",
            {"inline_policy": [{"policy": True}]},
            _configuration(),
            "inline_policy[0].policy",
        ),
        ("aws_iam_policy", {"policy": False}, {}, None),
        ("x_y", {"policy": True}, {}, None),
    ],
)
def test_what_is_not_known_before_the_plan_is_applied(
    type_: str, marks: object, given: dict[str, Any], unknown: str | None
) -> None:
    (note,) = contents(_plan(type_, {}, marks, **given)).diagnostics
    assert note.code == ("IAM863" if unknown is None else "IAM864")
    if unknown is not None:
        assert note.labels[0].text == f"`{ADDRESS}.{unknown}`"
        assert note.labels[0].span.text == "true"


def _data(values: object) -> dict[str, Any]:
    data = {"address": "data.d.n", "mode": "data", "type": "aws_iam_policy_document"}
    return {
        "format_version": "1.0",
        "values": {"root_module": {"resources": [{**data, "values": values}]}},
    }


def test_a_data_source_that_a_resource_uses_is_told_of_there() -> None:
    prior = {"prior_state": _data({"json": json.dumps(json.loads(POLICY), indent=2)})}
    assert _names(_plan("aws_iam_policy", {"policy": POLICY}, **prior)) == ["policy"]
    other = POLICY.replace("a:b", "a:c")
    assert _names(_plan("aws_iam_policy", {"policy": other}, **prior)) == ["policy", "data.d.n"]


def test_a_data_source_without_known_statements_is_counted() -> None:
    change = {"actions": ["read"], "after": {"version": None}, "after_unknown": {"statement": True}}
    data = {"address": "data.d.n", "mode": "data", "type": "aws_iam_policy_document"}
    plan = {"format_version": "1.2", "resource_changes": [{**data, "change": change}]}
    (note,) = contents(json.dumps(plan)).diagnostics
    assert (note.code, note.labels[0].text) == ("IAM864", "`data.d.n`")


def test_a_state() -> None:
    role = {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role"}
    module = {"resources": [{**role, "values": {"assume_role_policy": POLICY}}]}
    state = {"format_version": "1.0", "values": {"root_module": {"child_modules": [module]}}}
    found = only(json.dumps(state))
    assert (found.name, found.kind) == ("aws_iam_role.r.assume_role_policy", kinds.TRUST)
    assert only(json.dumps(_data({"json": POLICY}))).name == "data.d.n"


@pytest.mark.parametrize(
    "plan",
    [
        {"resource_changes": None},
        {"resource_changes": [None, {}, {"change": None}, {"change": {"after": []}}]},
        {"values": []},
        {"prior_state": {"values": {"root_module": {"resources": [1, {"values": 2}]}}}},
        {"values": {"root_module": {"child_modules": [None, {"resources": {}}]}}},
        {"planned_values": {}, "configuration": {"root_module": {"module_calls": [1]}}},
        {
            "resource_changes": [
                {
                    "mode": "data",
                    "type": "aws_iam_policy_document",
                    "change": {
                        "after": {
                            "statement": [
                                None,
                                {"principals": [1], "condition": [{}], "actions": [[]]},
                            ]
                        }
                    },
                }
            ]
        },
    ],
)
def test_plans_that_nobody_made(plan: dict[str, Any]) -> None:
    assert contents(json.dumps({"format_version": "1.0", **plan})) is not None
