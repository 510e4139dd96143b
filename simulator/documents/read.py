"""Finding the policies in a text, whatever it is: a policy, a template, a plan, a printed list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.documents import cloudformation, codes, printed, terraform
from simulator.documents.candidate import Candidate, is_policy
from simulator.documents.found import Contents, Found
from simulator.documents.functions import TAGS
from simulator.documents.json_notation import JsonNotation
from simulator.documents.large_json import decode_large
from simulator.documents.notation import document_at
from simulator.policy.envelope import unwrap
from simulator.source import Range, Source, Span
from simulator.syntax import SIZE_LIMIT, Code, decode_text
from simulator.syntax.hopeless import hopeless
from simulator.syntax.quick import is_clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulator.documents.notation import Notation
    from simulator.syntax import JsonValue, Path

FILE_LIMIT: Final = 32 * 1024 * 1024
"""The bytes a file may have: plans of Terraform and dumps of accounts are large."""

YAML_LIMIT: Final = 4 * 1024 * 1024
"""The characters a YAML text may have; CloudFormation takes a quarter of it."""

_MOST_TOLD: Final = 5
_JSON_STARTS: Final = ("{", "[", "%")
_YAML_SUFFIXES: Final = (".yaml", ".yml")
#: Where a template is: the file is one, or what `aws cloudformation get-template` prints.
_TEMPLATES: Final[tuple[Path, ...]] = ((), ("TemplateBody",))
_WORD: Final = b"statement"
_ZIP: Final = b"PK\x03\x04"
_LIKELY: Final = re.compile(r"AWS::\w|20(?:12|08)-10-17|resource_changes")


class _Sort(NamedTuple):
    """What a file is, and when what is open in it is settled."""

    name: str
    settled: str


_TEMPLATE: Final = _Sort("template", "the template is deployed")
_PLAN: Final = _Sort("plan", "the plan is applied")


def text_in(name: str, data: bytes, *, given: bool = True) -> Source | None:
    """Return the text of a file, of which one byte more than `FILE_LIMIT` may have been read.

    Of one that nobody gave by name there is none where no policy can be in it.

    Raises:
        DocumentError: it is no text.
    """
    if not given and _WORD not in data.replace(b"\0", b"").lower():
        return None
    if data.startswith(_ZIP):
        raise DocumentError((_saved_plan(name),))
    return decode_text(name, data, FILE_LIMIT)[0]


def find_documents(source: Source, *, given: bool = True) -> Contents:
    """Return the policies in a text; of one that nobody gave by name, only where it is about any.

    Raises:
        DocumentError: the text is not JSON or YAML, or it was given and there is no policy in it.
    """
    if not given and _WORD.decode() not in source.text.lower():
        return Contents()
    try:
        return _contents(source, given=given)
    except DocumentError:
        if given or _LIKELY.search(source.text):
            raise
        return Contents()


def _contents(source: Source, *, given: bool) -> Contents:
    if not _is_json(source):
        return _of_yaml(source, given=given)
    if source.text.lstrip().startswith("%"):
        return _alone(source)
    value = decode_large(source)
    root = next((each for each in _TEMPLATES if cloudformation.is_template(_at(value, each))), None)
    if root is not None:
        found = tuple(cloudformation.candidates(_at(value, root), root))
        return _of_json(source, value, found, _TEMPLATE)
    if terraform.is_plan(value):
        _check_version(source, value)
        found, unknown = terraform.planned(value)
        return _of_json(source, value, found, _PLAN, unknown)
    if isinstance(value, str) or is_policy(value):
        return _alone(source)
    found = tuple(printed.candidates(value))
    if found:
        contents = _of_json(source, value, found, None)
        alone = len(found) == 1
        documents = (each._replace(name="" if alone else each.name) for each in contents.documents)
        return contents._replace(documents=tuple(documents))
    return _alone(source) if given else Contents()


def _at(value: JsonValue, path: Path) -> JsonValue:
    for step in path:
        value = value.get(str(step)) if isinstance(value, dict) else None
    return value


def _is_json(source: Source) -> bool:
    """Whether a text is JSON by its name and beginning, or something told of as no JSON."""
    text = source.text.lstrip()
    if text.startswith('"') or (text.startswith("{") and source.name.endswith(_YAML_SUFFIXES)):
        return is_clean(text)  # YAML may begin so, too
    problem = None if text.startswith(_JSON_STARTS) else hopeless(text)
    return text.startswith(_JSON_STARTS) or (problem is not None and "YAML" not in problem.message)


def _alone(source: Source) -> Contents:
    """Return the policy that a text is, or that a command printed into it."""
    if len(source.text) > SIZE_LIMIT:
        message = f"a policy is larger than {SIZE_LIMIT:,} characters"
        raise DocumentError((_error(source, Code.TOO_LARGE, message),))
    unwrapped = unwrap(source)
    # What a command prints is often a policy as a string, and is meant to be.
    warnings = () if unwrapped.document.root else unwrapped.warnings
    return Contents((Found(unwrapped.document, warnings=warnings),))


def _of_json(
    source: Source,
    value: JsonValue,
    candidates: Sequence[Candidate],
    sort: _Sort | None,
    unknown: Sequence[Candidate] = (),
) -> Contents:
    paths = [each.path for each in (*candidates, *unknown)]
    notation = JsonNotation(source, value, paths, functions=sort is _TEMPLATE)
    return _gathered(notation, candidates, unknown, sort)


def _of_yaml(source: Source, *, given: bool) -> Contents:
    if len(source.text) > YAML_LIMIT:
        message = f"the file is larger than the {YAML_LIMIT:,} characters that are read of YAML"
        raise DocumentError((_error(source, Code.TOO_LARGE, message),))
    # PyYAML costs 20 ms to import, and JSON does not need it.
    from simulator.documents.yaml_notation import YamlNotation  # noqa: PLC0415
    from simulator.syntax.yaml_text import YamlForm, read_yaml  # noqa: PLC0415

    form = YamlForm(codes.NOT_YAML, codes.YAML_FEATURE, "a template", TAGS)
    value, positions = read_yaml(source, form)
    notation = YamlNotation(source, value, positions.root)
    if cloudformation.is_template(value):
        return _gathered(notation, tuple(cloudformation.candidates(value)), (), _TEMPLATE)
    if is_policy(value):
        return _gathered(notation, (Candidate((), "", sure=True),), (), None)
    if given:
        raise DocumentError((_no_policy(source, Severity.ERROR, "file"),))
    return Contents()


def _gathered(
    notation: Notation,
    candidates: Iterable[Candidate],
    unknown: Iterable[Candidate],
    sort: _Sort | None,
) -> Contents:
    documents: list[Found] = []
    diagnostics: list[Diagnostic] = []
    later = list(unknown)
    for candidate in candidates:
        try:
            document = document_at(notation, candidate)
        except DocumentError as error:
            diagnostics += error.diagnostics
            continue
        if document is not None:
            documents.append(Found(document, candidate.name, candidate.kind))
        elif candidate.sure:
            later.append(candidate)
    if later and sort is not None:
        diagnostics.append(_not_known(notation, later, sort))
    elif sort is not None and not (documents or diagnostics):
        diagnostics.append(_no_policy(notation.source, Severity.NOTE, sort.name))
    return Contents(tuple(documents), tuple(diagnostics))


def _not_known(notation: Notation, later: Sequence[Candidate], sort: _Sort) -> Diagnostic:
    """Return that policies are open as a whole, and so were not checked."""
    source = notation.source
    labels = tuple(
        Label(Span(source, notation.range(each.path)), f"`{each.name}`")
        for each in later[:_MOST_TOLD]
    )
    many = "1 policy is" if len(later) == 1 else f"{len(later)} policies are"
    message = f"{many} not known before {sort.settled}, and not checked"
    return Diagnostic(codes.NOT_KNOWN, Severity.NOTE, message, labels)


def _no_policy(source: Source, severity: Severity, name: str) -> Diagnostic:
    message = f"there is no policy in this {name}"
    label = Label(Span(source, Range(0, 1)), "in all of it")
    return Diagnostic(codes.NO_POLICY, severity, message, (label,))


def _check_version(source: Source, plan: JsonValue) -> None:
    """Refuse a plan of a form that came after this was written."""
    version = plan.get("format_version") if isinstance(plan, dict) else None
    if not isinstance(version, str) or version.partition(".")[0] not in {"0", "1"}:
        shown = str(version)[:20]
        message = f"this is a plan of format `{shown}`, and known are formats up to `1`"
        raise DocumentError((_error(source, codes.OTHER_FORM, message),))


def _saved_plan(name: str) -> Diagnostic:
    """Return that a file is a ZIP archive, which plans are as Terraform saves them."""
    source = Source(name, "")
    found = _error(source, codes.OTHER_FORM, "this is an archive, as Terraform saves a plan")
    return found._replace(help="give what `terraform show -json` prints of it")


def _error(source: Source, code: str, message: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, (Label(Span(source, Range(0, 1)), "here"),))
