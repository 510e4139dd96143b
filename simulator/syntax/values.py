"""What a JSON document is decoded to."""

from __future__ import annotations

import json
from typing import TypeAlias


class Number(str):
    """A JSON number as it is written; nothing is rounded, and no number is too long."""

    __slots__ = ()


def encode(value: JsonValue) -> str:
    """Return a value as JSON on one line, each number as it was written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encode, value)) + "]"
    return json.dumps(value)


# Number is a str to the type checker as well: ask for it before asking for a str.
JsonValue: TypeAlias = bool | Number | str | list["JsonValue"] | dict[str, "JsonValue"] | None
