"""The JSON Schema that ships with the package is that of the records."""

from __future__ import annotations

import json
from importlib.resources import files

from simulator.testing.schema import json_schema


def test_the_schema_is_up_to_date() -> None:
    shipped = files("simulator.testing") / "test-file.schema.json"
    expected = json.dumps(json_schema(), indent=1) + "\n"
    assert shipped.read_text(encoding="utf-8") == expected, "write it anew with json_schema()"


def test_unknown_keys_are_refused_and_names_are_those_of_the_file() -> None:
    case = json_schema()["$defs"]["CaseShape"]
    assert case["additionalProperties"] is False
    assert {"with", "assume_role", "because"} <= case["properties"].keys()
    assert case["required"] == ["name", "expect"]
