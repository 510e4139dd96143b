"""Laws of loading: what was written is found again, however it is cut into pages and files."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.inventory.load import load
from simulator.policy import kinds

if TYPE_CHECKING:
    from simulator.inventory.model import Inventory, RoleEntry

_ACCOUNTS = ("111111111111", "222222222222")
_NAMES = st.text("abcXYZ+=,.@-_09", min_size=1, max_size=8)
_TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=8)
_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="$"))
_INDENTS = st.sampled_from([None, 1, 4])


@st.composite
def _roles(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return roles of two accounts, each name once in an account."""
    keys = draw(st.lists(st.tuples(st.sampled_from(_ACCOUNTS), _NAMES), unique=True, max_size=8))
    return [_role(draw, *key) for key in keys]


def _role(draw: st.DrawFn, account: str, name: str) -> dict[str, Any]:
    path = draw(st.sampled_from(["/", "/team/", "/a/b/"]))
    tags = draw(st.dictionaries(_TEXTS, _TEXTS, max_size=3))
    trusted = draw(st.sampled_from(["*", account, f"arn:aws:iam::{account}:root"]))
    values = draw(st.lists(_VALUES.map(lambda text: f"v{text}"), min_size=1, max_size=2))
    statement = {
        "Effect": draw(st.sampled_from(["Allow", "Deny"])),
        "Principal": {"AWS": trusted},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:PrincipalTag/a": values}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {
        "RoleName": name,
        "RoleId": f"AROA{len(name)}",
        "Arn": f"arn:aws:iam::{account}:role{path}{name}",
        "AssumeRolePolicyDocument": document,
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }


def _page(roles: list[dict[str, Any]], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any key
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, **more}


def _loaded(*texts: str) -> Inventory:
    with TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            (Path(folder) / f"{number}.json").write_text(text, encoding="utf-8", newline="")
        return load([folder]).inventory


def _told(inventory: Inventory) -> dict[str, tuple[Any, ...]]:
    return {str(entry.arn): _said(entry) for entry in inventory.all_roles()}


def _said(entry: RoleEntry) -> tuple[Any, ...]:
    assert entry.trust is not None
    policy = entry.trust.read(kinds.TRUST).policy
    return (entry.arn.name, entry.unique_id, dict(entry.tags or {}), policy.document.value)


@given(roles=_roles(), indent=_INDENTS, ascii_only=st.booleans())
def test_what_was_written_is_found_again(
    *, roles: list[dict[str, Any]], indent: int | None, ascii_only: bool
) -> None:
    inventory = _loaded(json.dumps(_page(roles), indent=indent, ensure_ascii=ascii_only))
    assert _told(inventory) == {
        role["Arn"]: (
            role["RoleName"],
            role["RoleId"],
            {tag["Key"]: tag["Value"] for tag in role["Tags"]},
            role["AssumeRolePolicyDocument"],
        )
        for role in roles
    }


@given(roles=_roles(), indent=_INDENTS, ascii_only=st.booleans())
def test_places_are_those_of_the_file(
    *, roles: list[dict[str, Any]], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps([_page(roles)], indent=indent, ensure_ascii=ascii_only)
    for entry in _loaded(text).all_roles():
        assert entry.trust is not None
        document = entry.trust.read(kinds.TRUST).policy.statements[0].document
        place = document.span(("Statement", 0, "Principal")).in_file().range
        (wanted,) = (r for r in roles if r["Arn"] == str(entry.arn))
        trusted = wanted["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
        assert json.loads(text[place.start : place.end]) == trusted
        before = text.rindex('"Arn"', 0, place.start)
        assert text.find(json.dumps(str(entry.arn)), before, place.start) > 0


@given(_roles(), st.data(), st.sampled_from(["list", "documents", "files"]))
def test_pages_cut_anywhere_are_the_whole(
    roles: list[dict[str, Any]], data: st.DataObject, how: str
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(roles)), max_size=3)))
    edges = [0, *cuts, len(roles)]
    parts = [roles[start:end] for start, end in pairwise(edges)]
    pages = [_page(part, IsTruncated=True, Marker="m") for part in parts[:-1]]
    pages.append(_page(parts[-1], IsTruncated=False))
    texts = [json.dumps(page, indent=data.draw(_INDENTS)) for page in pages]
    match how:
        case "list":
            found = _loaded(f"[{', '.join(texts)}]\n")
        case "documents":
            found = _loaded("\n".join(texts))
        case _:
            found = _loaded(*texts)
    assert _told(found) == _told(_loaded(json.dumps(_page(roles))))
