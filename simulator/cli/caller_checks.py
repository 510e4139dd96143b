"""What is said of a caller who cannot be so: options that go with other callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog.names import fold
from simulator.cli.errors import QuestionError
from simulator.request.principal import RoleSession

if TYPE_CHECKING:
    from simulator.cli.call import Said
    from simulator.request.caller import Caller

_PRINCIPAL_TAG: Final = "aws:principaltag/"


def refuse_of_signers(said: Said, reason: str) -> None:
    """Refuse what describes a caller of an account, for one who is none.

    Raises:
        QuestionError: such an option was given.
    """
    described = {
        "--policy": said.files.policies,
        "--boundary": said.files.boundary,
        "--session-policy": said.files.session_policies,
        "--mfa": said.mfa is not None,
        "--caller-tag": said.tags,
        "--caller-transitive-tag-key": said.transitive_tag_keys,
        "--federated-by": said.federated_by,
    }
    for option, value in described.items():
        if value:
            raise QuestionError(f"`{option}`: {reason}")


def check_tags(said: Said, caller: Caller) -> None:
    """Refuse tags of a caller that contradict each other, or that he cannot have.

    Raises:
        QuestionError: they do, or he cannot.
    """
    tags = {fold(key): value for key, value in (said.tags or {}).items()}
    for key in said.transitive_tag_keys:
        if not isinstance(caller.principal, RoleSession):  # STS-71
            message = "only the session of a role hands tags on"
            raise QuestionError(f"`--caller-transitive-tag-key {key}`: {message}")
        if fold(key) not in tags:
            message = f"give the tag with `--caller-tag {key}=VALUE`, too"
            raise QuestionError(f"`--caller-transitive-tag-key {key}`: {message}")
    for name, value in said.context.items():
        tag = fold(name).removeprefix(_PRINCIPAL_TAG)
        if fold(name).startswith(_PRINCIPAL_TAG) and tags.get(tag, value) != value:
            message = "`--caller-tag` gives this tag another value"
            raise QuestionError(f"`--context {name}={value}`: {message}")
