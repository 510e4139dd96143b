"""An organization in a file, as test files have it under `organization`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.errors import QuestionError
from simulator.diagnostic import DocumentError
from simulator.inventory.organization import read_organization
from simulator.inventory.shape import ShapeError
from simulator.testing.load import SIZE_LIMIT, read_text, refusal
from simulator.testing.policies import PolicyStore

if TYPE_CHECKING:
    from simulator.cli.files import Reader
    from simulator.inventory.organization import Organization


def read_file(reader: Reader, name: str) -> Organization | None:
    """Return the organization in a file of JSON or YAML, or nothing where it cannot be used.

    Raises:
        QuestionError: there is none in it.
    """
    store = PolicyStore()
    try:
        written = read_text(name, reader.read(name, SIZE_LIMIT))
        if not isinstance(written.value, dict):
            raise QuestionError(f"`{name}`: expected a mapping with the key `organization`")
        path = ("organization",) if "organization" in written.value else ()
        return read_organization(
            written.at(path), lambda _, at, kind: store.read(written, at, kind), path
        )
    except ShapeError as error:
        reader.errors += refusal(written, error).diagnostics
    except DocumentError as error:
        reader.errors += error.diagnostics
    finally:
        reader.warnings += store.warnings
    return None
