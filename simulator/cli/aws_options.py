"""The options of `aws sts`, and their values: as text, as `file://`, in shorthand, as JSON."""

from __future__ import annotations

import json
import os
import re
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from simulator.cli import options as shared
from simulator.cli.errors import QuestionError
from simulator.cli.options import option_of
from simulator.source import Source
from simulator.sts.operations import Operation
from simulator.sts.parameters import TAKES
from simulator.syntax import SIZE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from simulator.cli.files import Reader

    Decorator = Callable[[click.Command], click.Command]


class Form(Enum):
    """How the value of a parameter is written."""

    TEXT = auto()
    DOCUMENT = auto()
    NUMBER = auto()
    WORDS = auto()
    STRUCTURE = auto()
    STRUCTURES = auto()


class Parameter(NamedTuple):
    """A parameter: AWS's name for it, what is told of it, its form, and the members within."""

    member: str
    metavar: str
    help: str
    form: Form = Form.TEXT
    members: tuple[str, ...] = ()


SEVERAL: Final = frozenset({Form.WORDS, Form.STRUCTURES})
PARAMETERS: Final[Mapping[str, Parameter]] = {
    "role_arn": Parameter("RoleArn", "ARN", "The role to assume."),
    "role_session_name": Parameter("RoleSessionName", "NAME", "Name of the new session."),
    "policy_arns": Parameter(
        *("PolicyArns", "arn=ARN ...", "Managed policies for the new session."),
        *(Form.STRUCTURES, ("arn",)),
    ),
    "policy": Parameter(
        "Policy", "JSON", "The policy for the new session: its text, or file://FILE.", Form.DOCUMENT
    ),
    "duration_seconds": Parameter(
        "DurationSeconds", "N", "How long the session is to last.", Form.NUMBER
    ),
    "tags": Parameter(
        "Tags", "Key=K,Value=V ...", "Session tags passed.", Form.STRUCTURES, ("Key", "Value")
    ),
    "transitive_tag_keys": Parameter(
        "TransitiveTagKeys", "K ...", "Keys of these tags that are handed on.", Form.WORDS
    ),
    "external_id": Parameter("ExternalId", "ID", "External id passed with the call."),
    "serial_number": Parameter("SerialNumber", "ARN", "MFA device of the caller."),
    "token_code": Parameter("TokenCode", "N", "Its code: any six digits are right."),
    "source_identity": Parameter("SourceIdentity", "NAME", "Source identity to set."),
    "provided_contexts": Parameter(
        *("ProvidedContexts", "ProviderArn=ARN,ContextAssertion=TEXT ...", "Trusted contexts."),
        *(Form.STRUCTURES, ("ProviderArn", "ContextAssertion")),
    ),
    "web_identity_token": Parameter(
        "WebIdentityToken", "TOKEN", "The token, or file://FILE.", Form.DOCUMENT
    ),
    "provider_id": Parameter("ProviderId", "HOST", "Who issued an opaque token."),
    "principal_arn": Parameter("PrincipalArn", "ARN", "The SAML provider."),
    "saml_assertion": Parameter(
        "SAMLAssertion", "BASE64", "The response of the provider, or file://FILE.", Form.DOCUMENT
    ),
    "name": Parameter("Name", "NAME", "Name of the federated user."),
    "target_principal": Parameter("TargetPrincipal", "ID", "The account to act in."),
    "task_policy_arn": Parameter(
        "TaskPolicyArn", "arn=ARN", "The task to do there.", Form.STRUCTURE, ("arn",)
    ),
    "encoded_message": Parameter("EncodedMessage", "TEXT", "The message to decode."),
    "access_key_id": Parameter("AccessKeyId", "ID", "The key whose account is asked for."),
    "minimum_session_token_size": Parameter(
        "MinimumSessionTokenSize", "N", "Has no effect on the decision.", Form.NUMBER
    ),
}
#: What the aws CLI takes beside the parameters: who vouches for the caller.
_BESIDE: Final[Mapping[Operation, tuple[str, ...]]] = {
    Operation.ASSUME_ROLE_WITH_WEB_IDENTITY: ("web_identity_token", "provider_id"),
    Operation.ASSUME_ROLE_WITH_SAML: ("principal_arn", "saml_assertion"),
}
#: What the aws CLI wants to have typed.
REQUIRED: Final[Mapping[Operation, tuple[str, ...]]] = {
    Operation.ASSUME_ROLE: ("role_arn", "role_session_name"),
    Operation.ASSUME_ROLE_WITH_WEB_IDENTITY: (
        "role_arn",
        "role_session_name",
        "web_identity_token",
    ),
    Operation.ASSUME_ROLE_WITH_SAML: ("role_arn", "principal_arn", "saml_assertion"),
    Operation.ASSUME_ROOT: ("target_principal", "task_policy_arn"),
    Operation.DECODE_AUTHORIZATION_MESSAGE: ("encoded_message",),
    Operation.GET_ACCESS_KEY_INFO: ("access_key_id",),
    Operation.GET_FEDERATION_TOKEN: ("name",),
}
_INPUT: Final = "--cli-input-json"
_FILE = re.compile(r"fileb?://(?P<path>.*)", re.DOTALL)
_FILE_NAME = re.compile(r"\S+\.(?:json|jwt|xml|txt|b64)|(?:\S*[/._-])?token", re.IGNORECASE)
_LONGEST_NAME: Final = 255
_PAIR = re.compile(
    r"""\s*(?P<key>[\w.#/:-]+)\s*=\s*
    (?:'(?P<single>(?:\\'|[^'])*)'
    | "(?P<double>(?:\\"|[^"])*)"
    | (?P<plain>(?:(?:\\,|[^\s"',=\[{])(?:\\,|[^"',\]}])*+)?+)
    )\s*(?:,|$)""",
    re.ASCII | re.VERBOSE,
)


_AWS_FLAGS: Final = (
    *("--debug", "--no-verify-ssl", "--no-paginate", "--no-sign-request", "--no-cli-pager"),
    *("--cli-auto-prompt", "--no-cli-auto-prompt", "--v2-debug"),
)
_AWS_VALUES: Final = (
    *("--endpoint-url", "--output", "--color", "--ca-bundle", "--cli-read-timeout"),
    *("--cli-connect-timeout", "--cli-binary-format"),
)
_EFFECTS: Final = {
    "--no-sign-request": "The call is not signed: nobody makes it.",
    "--endpoint-url": "Sets aws:RequestedRegion where it names a region of STS.",
    "--output": "json: as --format json.",
}
_NO_EFFECT: Final = "Has no effect on the decision."


def of_aws() -> Iterator[Decorator]:
    """Yield the options that every command of the aws CLI has."""
    yield click.option("--profile", metavar="NAME", help="Who calls, as a profile says.")
    yield click.option("--region", metavar="REGION", help="Sets aws:RequestedRegion.")
    yield shared.QUERY
    for name in _AWS_VALUES:
        yield click.option(name, metavar="VALUE", help=_EFFECTS.get(name, _NO_EFFECT))
    for name in _AWS_FLAGS:
        yield click.option(name, is_flag=True, help=_EFFECTS.get(name, _NO_EFFECT))


def of_verb(operation: Operation) -> Iterator[Decorator]:
    """Yield AWS's options of one operation."""
    for field in fields_of(operation):
        _, metavar, told, form, _ = PARAMETERS[field]
        yield click.option(
            option_of(field),
            metavar=metavar,
            help=told,
            type=int if form is Form.NUMBER else str,
            multiple=form in SEVERAL,
        )
    yield click.option("--cli-input-json", metavar="JSON", help="All of them, or file://FILE.")
    yield click.option("--generate-cli-skeleton", is_flag=True, help="Refused: it calls nobody.")


def fields_of(operation: Operation) -> tuple[str, ...]:
    """Return the parameters that the aws CLI takes for an operation."""
    return (*TAKES[operation], *_BESIDE.get(operation, ()))


def read_parameters(
    reader: Reader, options: Mapping[str, Any], operation: Operation
) -> dict[str, Any]:
    """Return what is passed to an operation, by name; of documents the source.

    Raises:
        QuestionError: something is not of its form, or is missing; no value is told.
    """
    found: dict[str, Any] = {}
    if options["cli_input_json"] is not None:
        found |= _of_json(reader, options["cli_input_json"], operation)
    for field in fields_of(operation):
        if options[field] not in (None, ()):
            found[field] = _read(reader, field, options[field])
    missing = [option_of(f) for f in REQUIRED.get(operation, ()) if f not in found]
    if missing:
        raise QuestionError(f"the following arguments are required: {', '.join(missing)}")
    return found


def _read(reader: Reader, field: str, given: Any) -> Any:  # noqa: ANN401 - as its form has it
    """Return the value of an option."""
    option, parameter = option_of(field), PARAMETERS[field]
    match parameter.form:
        case Form.NUMBER:
            return given
        case Form.TEXT:
            return _source(reader, option, given).text
        case Form.DOCUMENT:
            return _document(reader, option, given)
        case Form.STRUCTURE:
            return _structure(option, parameter, _source(reader, option, given).text)
        case Form.WORDS | Form.STRUCTURES:
            return _several(option, parameter, tuple(_words(reader, option, given)))


def _words(reader: Reader, option: str, given: tuple[str, ...]) -> Iterable[str]:
    """Return the words of a list, the only one of which may name a file."""
    return (_source(reader, option, given[0]).text,) if len(given) == 1 else given


def _several(option: str, parameter: Parameter, words: tuple[str, ...]) -> Any:  # noqa: ANN401
    if len(words) == 1 and words[0].lstrip().startswith("["):
        return _typed(option, parameter, _json(option, words[0]))
    if parameter.form is Form.WORDS:
        return words
    return tuple(_structure(option, parameter, word) for word in words)


def _structure(option: str, parameter: Parameter, text: str) -> str | tuple[str, ...]:
    """Return the members of a structure in shorthand or as JSON, of a single one its text."""
    if text.lstrip().startswith("{"):
        return _members(option, parameter, _json(option, text))
    return _members(option, parameter, _shorthand(option, parameter, text))


def _shorthand(option: str, parameter: Parameter, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        pair = _PAIR.match(text, place)
        if pair is None or pair["key"] in found:
            raise _misshapen(option, parameter)
        found[pair["key"]] = _unquoted(pair)
        place = pair.end()
    if not text or (text.endswith(",") and not text.endswith("\\,")):
        raise _misshapen(option, parameter)
    return found


def _unquoted(pair: re.Match[str]) -> str:
    if pair["plain"] is not None:
        return pair["plain"].replace("\\,", ",").rstrip()
    quote = "'" if pair["single"] is not None else '"'
    text = pair["single"] if pair["single"] is not None else pair["double"]
    return text.replace(f"\\{quote}", quote).replace("\\\\", "\\")


def _misshapen(option: str, parameter: Parameter) -> QuestionError:
    form = ",".join(f"{member}={member.upper()}" for member in parameter.members)
    several = ", each in quotes if it has spaces" if parameter.form is Form.STRUCTURES else ""
    return QuestionError(
        f"`{option}`: expected `{form}`{several}, or JSON with these names; a comma within a value"
        " is written `\\,`"
    )


def _members(option: str, parameter: Parameter, value: Any) -> str | tuple[str, ...]:  # noqa: ANN401
    texts = value if isinstance(value, dict) else {}
    are_texts = all(isinstance(text, str) for text in texts.values())
    if set(texts) != set(parameter.members) or not are_texts:
        raise _misshapen(option, parameter)
    found = tuple(texts[member] for member in parameter.members)
    return found[0] if len(found) == 1 else found


def _document(reader: Reader, option: str, given: str) -> Source:
    """Return a document, unless it is the name of a file from which `file://` is missing."""
    if len(given) <= _LONGEST_NAME and not given.lstrip().startswith(("{", "<", "eyJ")):
        named = _FILE_NAME.fullmatch(given) or os.path.isfile(given)  # noqa: PTH113 - see above
        if named and not _FILE.match(given):
            raise QuestionError(f"`{option}`: did you mean `file://{given}`?")
    return _source(reader, option, given)


def _source(reader: Reader, option: str, given: str) -> Source:
    """Return a text as it was typed, or that of the file it names."""
    file = _FILE.fullmatch(given)
    if file is None:
        return Source(option, given)
    path = os.path.expanduser(os.path.expandvars(file["path"]))  # noqa: PTH111 - as the aws CLI
    data = reader.read(path)
    if len(data) > SIZE_LIMIT:
        raise QuestionError(f"`{option}`: `{path}` is larger than {SIZE_LIMIT} bytes")
    try:
        return Source(path, data.decode())
    except UnicodeDecodeError as error:
        # Without the place, which would show what may be secret.
        raise QuestionError(f"`{option}`: `{path}` is not UTF-8") from error


def _json(option: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text, object_pairs_hook=partial(_object, option))
    except json.JSONDecodeError as error:
        reason = f"{error.msg}, line {error.lineno} column {error.colno}"
    except (ValueError, RecursionError):
        reason = "a number is too long, or it is nested too deeply"
    raise QuestionError(f"`{option}` is no JSON: {reason}")


def _object(option: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object, none of whose keys stands there twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        again = next(key for key in keys if keys.count(key) > 1)
        raise QuestionError(f"`{option}`: the key `{again}` is given twice")
    return found


def _of_json(reader: Reader, given: str, operation: Operation) -> Iterator[tuple[str, Any]]:
    """Yield the parameters in the JSON that stands for all of them."""
    value = _json(_INPUT, _document(reader, _INPUT, given).text)
    fields = {PARAMETERS[field].member: field for field in fields_of(operation)}
    if not isinstance(value, dict):
        raise QuestionError(f"`{_INPUT}`: expected an object with the parameters of {operation}")
    for member, each in value.items():
        if member not in fields:
            known = ", ".join(fields) or "none"
            raise QuestionError(
                f"`{_INPUT}`: unknown parameter `{member}`, must be one of: {known}"
            )
        field = fields[member]
        yield field, _typed(f"{_INPUT}: {member}", PARAMETERS[field], each)


def _typed(name: str, parameter: Parameter, value: Any) -> Any:  # noqa: ANN401 - see `_read`
    """Return a JSON value as the form of a parameter has it."""
    match parameter.form, value:
        case Form.TEXT, str():
            return value
        case Form.DOCUMENT, str():
            return Source(name, value)
        case Form.NUMBER, int() if not isinstance(value, bool):
            return value
        case Form.STRUCTURE, dict():
            return _members(name, parameter, value)
        case Form.STRUCTURES, list():
            return tuple(_members(name, parameter, each) for each in value)
        case Form.WORDS, list() if all(isinstance(each, str) for each in value):
            return tuple(value)
        case _:
            raise QuestionError(f"`{name}`: expected {_EXPECTED[parameter.form]}")


_EXPECTED: Final[Mapping[Form, str]] = {
    Form.TEXT: "a text",
    Form.DOCUMENT: "a text",
    Form.NUMBER: "a whole number",
    Form.STRUCTURE: "an object",
    Form.STRUCTURES: "a list of objects",
    Form.WORDS: "a list of texts",
}
