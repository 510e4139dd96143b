"""What the CDK writes: a folder with a manifest, templates, and folders of stages like itself.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema-readme.html
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST: Final = "manifest.json"
_NESTED: Final = ".nested.template.json"
_MOST_READ: Final = 16 * 1024 * 1024


def manifest_of(folder: str) -> Mapping[str, Any] | None:
    """Return the artifacts of a folder that the CDK wrote, or nothing if it is none."""
    try:
        with open(os.path.join(folder, MANIFEST), "rb") as file:
            manifest = json.loads(file.read(_MOST_READ))
    except (OSError, ValueError, RecursionError):
        return None
    artifacts = manifest.get("artifacts") if isinstance(manifest, dict) else None
    return artifacts if isinstance(artifacts, dict) else None


def templates(folder: str) -> Iterator[str]:
    """Yield the templates of all stacks in a folder that the CDK wrote, and of its stages.

    Nothing outside of the folder is among them, whatever the manifest says.
    """
    yield from _templates(folder, os.path.realpath(folder), set())


def _templates(folder: str, root: str, seen: set[str]) -> Iterator[str]:
    place = os.path.realpath(folder)
    if place in seen:
        return
    seen.add(place)
    for artifact in (manifest_of(folder) or {}).values():
        properties = artifact.get("properties") if isinstance(artifact, dict) else None
        if not isinstance(properties, dict):
            continue
        template, stage = properties.get("templateFile"), properties.get("directoryName")
        if isinstance(template, str) and _is_within(folder, template, root):
            yield os.path.join(folder, template)
        if isinstance(stage, str) and _is_within(folder, stage, root):
            yield from _templates(os.path.join(folder, stage), root, seen)
    # Those of nested stacks are assets, which the manifest does not tell from other files.
    for name in sorted(os.listdir(folder)):
        if name.endswith(_NESTED):
            yield os.path.join(folder, name)


def _is_within(folder: str, name: str, root: str) -> bool:
    place = os.path.realpath(os.path.join(folder, name))
    return place.startswith(os.path.join(root, "")) and os.path.exists(place)
