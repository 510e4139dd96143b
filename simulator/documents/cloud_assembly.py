"""What the CDK writes: a folder with a manifest, templates, and folders of stages like itself.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema-readme.html
"""

from __future__ import annotations

import json
import os
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from simulator.documents.regular import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST: Final = "manifest.json"
_NESTED: Final = ".nested.template.json"
_MOST_READ: Final = 16 * 1024 * 1024


def manifest_of(folder: str) -> Mapping[str, Any] | None:
    """Return the artifacts of a folder that the CDK wrote, or nothing if it is none."""
    try:
        manifest = json.loads(read_regular(os.path.join(folder, MANIFEST), _MOST_READ))
    except (OSError, ValueError, RecursionError):
        return None
    artifacts = manifest.get("artifacts") if isinstance(manifest, dict) else None
    return artifacts if isinstance(artifacts, dict) else None


def templates(folder: str) -> Iterator[str]:
    """Yield the templates of all stacks in a folder that the CDK wrote, and of its stages.

    Nothing outside of the folder is among them, whatever the manifest says.
    """
    root = os.path.realpath(folder)
    waiting, seen = [folder], {root}
    while waiting:
        stack = waiting.pop()
        yield from _templates(stack, root)
        for stage in reversed(tuple(_named(stack, "directoryName"))):
            place = _within(stage, root)
            if place and place not in seen and os.path.isdir(place):
                seen.add(place)
                waiting.append(stage)


def _templates(folder: str, root: str) -> Iterator[str]:
    """Yield the templates that a folder has itself."""
    # Those of nested stacks are assets, which the manifest does not tell from other files.
    nested = (os.path.join(folder, name) for name in _names(folder) if name.endswith(_NESTED))
    for name in chain(_named(folder, "templateFile"), nested):
        place = _within(name, root)
        if place and os.path.isfile(place):
            yield name


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _named(folder: str, property_: str) -> Iterator[str]:
    """Yield the paths that a property of the artifacts of a folder has."""
    for artifact in (manifest_of(folder) or {}).values():
        properties = artifact.get("properties") if isinstance(artifact, dict) else None
        name = properties.get(property_) if isinstance(properties, dict) else None
        if isinstance(name, str):
            yield os.path.join(folder, name)


def _within(name: str, root: str) -> str | None:
    """Return where a path leads to, if that is in a folder."""
    try:
        place = os.path.realpath(name)
    except (OSError, ValueError):  # such as a name with U+0000 in it
        return None
    return place if place.startswith(os.path.join(root, "")) else None
