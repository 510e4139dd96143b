"""The command line as the tests use it: called in this process, or in one of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from simulator.cli.main import main

ALICE = "arn:aws:iam::111111111111:user/alice"
CI = "arn:aws:sts::111111111111:assumed-role/ci/build"
DEPLOY = "arn:aws:iam::222222222222:role/deploy"  # in another account than both
LOCAL = "arn:aws:iam::111111111111:role/local"  # in the account of both

#: The command as it was installed beside the interpreter that runs the tests.
COMMAND = str(Path(sys.executable).with_name("iamsim"))


class Result(NamedTuple):
    """What a call of the command came to."""

    status: int
    out: str
    err: str


def run(*arguments: str, stdin: bytes = b"") -> Result:
    """Return what the command says when it is called in this process."""
    read, out, err = (TextIOWrapper(BytesIO(data), "utf-8") for data in (stdin, b"", b""))
    argv = ["iamsim", *arguments]
    with patch.multiple(sys, argv=argv, stdin=read, stdout=out, stderr=err):
        status = _status()
        result = Result(status, _written(out), _written(err))
    assert "Traceback" not in result.err
    assert "internal error" not in result.err
    return result


def _status() -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0


def _written(stream: TextIOWrapper[BytesIO]) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()


def spawn(*arguments: str, **variables: str) -> Result:
    """Return what the installed command says in a process of its own."""
    done = subprocess.run(
        [COMMAND, *arguments], input=b"", capture_output=True, check=False, env=variables or None
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def policy(*statements: dict[str, Any], version: str | None = "2012-10-17") -> dict[str, Any]:
    """Return a policy of some statements."""
    head = {} if version is None else {"Version": version}
    return {**head, "Statement": list(statements)}


def trusting(
    *principals: str, action: str | list[str] = "sts:AssumeRole", **more: object
) -> dict[str, Any]:
    """Return a trust policy that admits some AWS principals."""
    named = {"AWS": principals[0] if len(principals) == 1 else list(principals)}
    return policy({"Effect": "Allow", "Principal": named, "Action": action, **more})


def allowing(
    action: str | list[str] = "sts:*", resource: str | list[str] = "*", **more: object
) -> dict[str, Any]:
    """Return an identity policy that allows some actions."""
    return policy({"Effect": "Allow", "Action": action, "Resource": resource, **more})


def denying(action: str = "sts:*", resource: str = "*", **more: object) -> dict[str, Any]:
    """Return an identity policy that denies some actions."""
    return policy({"Effect": "Deny", "Action": action, "Resource": resource, **more})


def asked(
    *options: str, caller: str | None = ALICE, role: str | None = DEPLOY, **documents: object
) -> list[str]:
    """Return the arguments of a question; each document is written to a file of its layer's name.

    A document is its text, its bytes or plain values. Trust and identity policy allow unless given.
    """
    admitting = {"trust": trusting("111111111111"), "policy": allowing()}
    arguments = ["assume"]
    for option, value in (("--as", caller), ("--role-arn", role)):
        arguments += [option, value] if value is not None else []
    for layer, document in {**admitting, **documents}.items():
        for number, each in enumerate(document if isinstance(document, tuple) else (document,)):
            if each is not None:
                name = f"{layer}{number or ''}.json"
                Path(name).write_bytes(_as_bytes(each))
                arguments += [f"--{layer.replace('_', '-')}", name]
    return [*arguments, *options]


def _as_bytes(document: object) -> bytes:
    if isinstance(document, bytes):
        return document
    return (document if isinstance(document, str) else json.dumps(document)).encode()


def ask(*options: str, stdin: bytes = b"", **question: Any) -> Result:  # noqa: ANN401 - see `asked`
    """Return what the command says to a question."""
    return run(*asked(*options, **question), stdin=stdin)


def answer(*options: str, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - see `asked`
    """Return the JSON answer to a question, its exit status having been found right."""
    result = ask(*options, "--format", "json", **question)
    assert result.out, result.err
    value: dict[str, Any] = json.loads(result.out)
    assert result.status == (0 if value["decision"] == "allowed" else 1)
    return value


class Told(NamedTuple):
    """A diagnostic as it was printed: its code, and what it underlines where."""

    severity: str
    code: str
    message: str
    file: str
    line: int
    column: int
    underlined: str
    rest: str


_DIAGNOSTIC = re.compile(
    r"^(?P<severity>error|warning)\[(?P<code>IAM\d+)\]: (?P<message>.*)\n"
    r" *--> (?P<file>.*):(?P<line>\d+):(?P<column>\d+)\n"
    r" *\|\n"
    r"\d+ \| ?(?P<text>.*)\n"
    r" *\| (?P<pad> *)(?P<carets>\^+)(?P<rest>.*(?:\n.+)*)",
    re.MULTILINE,
)


def told(err: str) -> list[Told]:
    """Return the diagnostics in what was printed."""
    return [
        Told(
            found["severity"],
            found["code"],
            found["message"],
            found["file"],
            int(found["line"]),
            int(found["column"]),
            found["text"][len(found["pad"]) :][: len(found["carets"])],
            found["rest"],
        )
        for found in _DIAGNOSTIC.finditer(err)
    ]


class Marked(NamedTuple):
    """A text in which « and » stood around the places that are expected to be underlined."""

    text: str
    places: tuple[tuple[int, int, str], ...]


def marked(text: str) -> Marked:
    """Return a text without its marks, and line, column and first line of each marked place."""
    plain = ""
    opened: list[int] = []
    ranges: list[tuple[int, int]] = []
    for piece in re.split("([«»])", text):
        if piece == "«":
            opened.append(len(plain))
        elif piece == "»":
            ranges.append((opened.pop(), len(plain)))
        else:
            plain += piece
    return Marked(plain, tuple(_place(plain, *each) for each in sorted(ranges)))


def _place(text: str, start: int, end: int) -> tuple[int, int, str]:
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return line, column, text[start:end].split("\n", maxsplit=1)[0]
