"""What the CDK writes: a folder with a manifest, templates, and folders of stages like itself.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema-readme.html
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

from simulator.documents.regular import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST: Final = "manifest.json"
_NESTED: Final = ".nested.template.json"
_MOST_READ: Final = 16 * 1024 * 1024
_DEEPEST: Final = 16  # stages in each other


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

    Nothing outside of the folder is among them, whatever the manifest says, and no stage that is
    deeper in others than any the CDK writes.
    """
    root = os.path.realpath(folder)
    yield from _templates(folder, root, {root})


def _templates(folder: str, root: str, seen: set[str], depth: int = 0) -> Iterator[str]:
    for artifact in (manifest_of(folder) or {}).values():
        properties = artifact.get("properties") if isinstance(artifact, dict) else None
        if not isinstance(properties, dict):
            continue
        template, stage = properties.get("templateFile"), properties.get("directoryName")
        if isinstance(template, str) and _is_template(os.path.join(folder, template), root):
            yield os.path.join(folder, template)
        if isinstance(stage, str) and depth < _DEEPEST:
            inner = os.path.join(folder, stage)
            place = _within(inner, root)
            if place and place not in seen and os.path.isdir(place):
                seen.add(place)
                yield from _templates(inner, root, seen, depth + 1)
    # Those of nested stacks are assets, which the manifest does not tell from other files.
    for name in _names(folder):
        if name.endswith(_NESTED) and _is_template(os.path.join(folder, name), root):
            yield os.path.join(folder, name)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _is_template(name: str, root: str) -> bool:
    place = _within(name, root)
    return place is not None and os.path.isfile(place)


def _within(name: str, root: str) -> str | None:
    """Return where a path leads to, if that is in a folder."""
    try:
        place = os.path.realpath(name)
    except (OSError, ValueError):  # such as a name with U+0000 in it
        return None
    return place if place.startswith(os.path.join(root, "")) else None
