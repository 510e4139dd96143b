"""What a JSON document is decoded to."""

from __future__ import annotations

from typing import TypeAlias


class Number(str):
    """A JSON number as it is written; nothing is rounded, and no number is too long."""

    __slots__ = ()


# Number is a str to the type checker as well: ask for it before asking for a str.
JsonValue: TypeAlias = bool | Number | str | list["JsonValue"] | dict[str, "JsonValue"] | None
