"""What is taken for granted in a call of STS, because nobody said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.relation import UNDENIABLE
from simulator.federation.issuers import BUILT_IN
from simulator.federation.model import SamlAssertion, WebIdentity
from simulator.readings import iso
from simulator.request.caller import Caller
from simulator.sts.operations import Operation
from simulator.sts.refusals import region_to_enable, time_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.sts.answer import Answer
    from simulator.sts.call import Call


def taken_for_granted(call: Call, answer: Answer) -> Iterator[str]:
    """Yield what is taken to be so of a call."""
    if call.identity is not None:
        yield "no signature was checked: what the token or assertion says is taken to be true"
        if answer.outcome is Outcome.ALLOWED:
            yield from _of_time(call)
    yield from _of_provider(call)
    if call.operation is Operation.DECODE_AUTHORIZATION_MESSAGE and not _is_ours(call):
        yield "only AWS can decode what AWS encoded: whether it takes this message is not known"
    if call.operation is Operation.ASSUME_ROOT and call.management_account is None:
        yield (
            "the caller's account is taken to be the management account of the target's"
            " organization, or a delegated administrator: `--inventory` can tell"
        )
    region = region_to_enable(call)
    if region is not None and call.regions is None:
        yield (
            f"the caller's account is taken to have enabled the Region `{region}`: where it has"
            " not, STS answers InvalidClientTokenId"  # ERR-37
        )
    if isinstance(call.caller, Caller) and answer.outcome is Outcome.ALLOWED:
        yield from _of_policies(answer)


def _of_time(call: Call) -> Iterator[str]:
    """Yield until when a token or an assertion is good, where nobody said when the call is made."""
    match call.identity:
        case WebIdentity(expires=end) | SamlAssertion(usable_until=end):
            pass
        case None:
            return
    if end is not None and time_of(call) is None:
        yield (
            f"the call is taken to be made before {iso(end)}, when the token or assertion ends:"
            " `--context aws:CurrentTime=TIME` says when it is made"
        )


def _of_provider(call: Call) -> Iterator[str]:
    """Yield what is taken to be so of who vouches for the caller."""
    match call.identity, call.provider:
        case WebIdentity(issuer=issuer), _ if issuer in BUILT_IN:
            pass  # STS-61: every account has it, without client ids
        case WebIdentity(issuer=issuer), provider if provider.exists is None:
            yield (
                f"the account of the role is taken to have a provider for `{issuer}`"
                " that takes the audience of this token: `--inventory` can tell"
            )
        case WebIdentity(issuer=issuer), provider if (
            provider.exists and provider.client_ids is None
        ):
            yield (
                f"the provider for `{issuer}` is taken to take the audience of this token:"
                " `--inventory` can tell, with what get-open-id-connect-provider prints"
            )
        case SamlAssertion(provider=arn), provider if provider.exists is None:
            yield (
                f"the account of the role is taken to have the provider `{arn}`:"
                " `--inventory` can tell"
            )
        case _:
            pass


def _of_policies(answer: Answer) -> Iterator[str]:
    deniable = (e for e in answer.evaluations if e.request.action.lower() not in UNDENIABLE)
    if any(not each.policies.is_known(Layer.IDENTITY) for each in deniable):
        yield (
            "nobody told the identity policies of the caller: what nobody knows is taken to deny"
            " nothing"
        )


def _is_ours(call: Call) -> bool:
    from simulator.evaluation.encoded import is_ours  # noqa: PLC0415 - hardly anybody decodes

    return is_ours(call.parameters.encoded_message or "")
