"""`--apply`: the edits of a fix written into the files, before the question is asked again."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.errors import QuestionError
from simulator.cli.writing import Change, replace_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.diagnosis.fixes import Fix
    from simulator.rendering.patch import FileChange

_FIRST = ""  # what click passes where no number was typed
_BOM = "\ufeff".encode()


def check_can_apply(options: Mapping[str, Any]) -> None:
    """Refuse to apply a fix to what cannot be read a second time.

    Raises:
        QuestionError: a file of the question is standard input, or the number is none.
    """
    number = options["apply"]
    if number is None:
        return
    if number != _FIRST and not (number.isdecimal() and int(number) > 0):
        raise QuestionError(f"`--apply {number}`: expected the number of a fix, from 1")
    if any("-" in (value if isinstance(value, tuple) else (value,)) for value in options.values()):
        raise QuestionError(
            "`--apply` and `-`: standard input cannot be written, so give the name of a file"
        )


def apply_fix(diagnosis: Diagnosis | None, number: str) -> None:
    """Write what a fix changes in files, all of them or none, and tell it on standard error.

    Raises:
        QuestionError: there is no such fix, it changes no file, or a file cannot be written.
    """
    if diagnosis is None or diagnosis.is_of_yes:
        click.echo("note: it is allowed as it is, and no file is written", err=True)
        return
    place, fix = _chosen(diagnosis.fixes, number)
    changes = _changes(fix)
    replace_files([_change(change) for change in changes])
    for line in _told(place, fix, changes):
        click.echo(f"note: {line}", err=True)


def _chosen(fixes: Sequence[Fix], number: str) -> tuple[int, Fix]:
    """Return the fix of a number; without one the first that takes nothing out of the way."""
    from simulator.diagnosis.cause import Rank  # noqa: PLC0415 - hardly anybody applies

    if not fixes:
        raise QuestionError("`--apply`: no fix was found, and no file is written")
    if number == _FIRST:
        written = [(n, f) for n, f in enumerate(fixes, 1) if _edits(f) and not _is_new(f)]
        for each in written:
            if each[1].rank is not Rank.UNGUARDED:
                return each
        hint = (
            f": `--apply {written[0][0]}` would take a Deny or a condition out of the way"
            if written
            else ": each is a change of the call, or a new policy"
        )
        raise QuestionError(f"`--apply`: no fix changes a file just so{hint}; no file is written")
    if int(number) > len(fixes):
        count = f"there are {len(fixes)} fixes" if len(fixes) > 1 else "there is one fix"
        raise QuestionError(f"`--apply {number}`: {count}, and no file is written")
    return int(number), fixes[int(number) - 1]


def _edits(fix: Fix) -> bool:
    return any(remedy.edits for remedy in fix.remedies)


def _is_new(fix: Fix) -> bool:
    return any(remedy.attached is not None for remedy in fix.remedies)


def _changes(fix: Fix) -> tuple[FileChange, ...]:
    from simulator.rendering.patch import patches  # noqa: PLC0415 - likewise

    if _is_new(fix):
        raise QuestionError("`--apply`: a new policy belongs to no file; no file is written")
    if not _edits(fix):
        raise QuestionError(
            f"`--apply`: this fix only changes the call: {fix.title}; no file is written"
        )
    return _once(patches(edit for remedy in fix.remedies for edit in remedy.edits))


def _once(changes: Sequence[FileChange]) -> tuple[FileChange, ...]:
    """Return changes, each file once: one may have been given under two names.

    Raises:
        QuestionError: it is to be changed otherwise under each.
    """
    found: dict[str, FileChange] = {}
    for change in changes:
        first = found.setdefault(os.path.realpath(change.name), change)
        if first.new != change.new:
            raise QuestionError(
                f"`{first.name}` and `{change.name}` are one file, and the fix changes it for each"
                " otherwise: give each policy a file of its own; no file is written"
            )
    return tuple(found.values())


def _change(change: FileChange) -> Change:
    """Return a change of a file as one of its bytes.

    Raises:
        QuestionError: what was read is no longer in it, or is no file.
    """
    name = change.name
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):  # noqa: PTH116 - pathlib is not needed
            raise QuestionError(f"cannot write `{name}`: it is no ordinary file")
        with open(name, "rb") as file:  # noqa: PTH123 - likewise
            data = file.read(2 * len(change.old.encode()) + len(_BOM))
    except OSError as error:
        raise QuestionError(f"cannot write `{name}`: {error.strerror or error}") from error
    mark = _BOM if data.startswith(_BOM) else b""
    if data != mark + change.old.encode():
        raise QuestionError(f"`{name}` has changed since it was read, and is left as it is now")
    return Change(name, data, mark + change.new.encode())


def _told(place: int, fix: Fix, changes: Sequence[FileChange]) -> Iterator[str]:
    from simulator.diagnosis.commands import commands  # noqa: PLC0415 - likewise
    from simulator.rendering.excerpt import safe  # noqa: PLC0415 - likewise

    yield f"fix {place} (access {fix.access}) is written: {safe(fix.title, 2000)}"
    yield f"changed: {', '.join(safe(f'`{change.name}`') for change in changes)}"
    for remedy in fix.remedies:
        if not remedy.edits:
            yield f"not done by that, and still to do: {safe(remedy.title)}"
    for command in commands(fix, written=True):
        yield f"nothing has changed at AWS; this does it: `{safe(command, 20_000)}`"
