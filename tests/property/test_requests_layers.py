"""Laws of principals and of layers of policies, for requests of any kind.

Each test begins with the id of its law. The laws speak of worlds in which no fact is open.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.decision.combine import decide
from simulator.decision.requirements import Relation, Requirement
from simulator.decision.verdict import Layer
from simulator.evaluation.relation import UNDENIABLE
from simulator.simulate import as_request
from simulator.testing.makers import behind
from simulator.testing.pools import AWAY, HOME, account_of, policy, role_arn, session_arn, user_arn
from tests import questions, strategies
from tests.questions import ALLOW_EVERYONE, LIMITS
from tests.strategies import ALLOW_ALL, statements_of
from tests.transformations import each_statement, without_conditions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.questions import Ask
    from tests.strategies import World

OTHER_SERVICE = {"Service": "x.amazonaws.com"}


def root_arn(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def naming(ask: Ask, principal: Any, effect: str = "Allow", form: str = "Principal") -> Ask:  # noqa: ANN401
    """Return the same with a resource's policy that speaks of somebody, about everything."""
    scope = {"Action": "sts:*"} if ask.is_role else {"Action": "*", "Resource": "*"}
    return ask.having(resource_policy=policy({"Effect": effect, form: principal, **scope}))


def own_names(ask: Ask) -> Iterator[str]:
    """Yield what a caller may be called by, from the weakest name to the strongest."""
    caller = ask.world["caller"]
    yield root_arn(account_of(caller["arn"]))
    if ":sts:" in caller["arn"]:
        yield behind(caller)
    if ":root" not in caller["arn"]:
        yield caller["arn"]
    yield "*"


def is_signed(ask: Ask) -> bool:
    """Whether the caller is one with an account, in the usual partition."""
    return str(ask.world["caller"].get("arn")).startswith("arn:aws:")


def is_denied_by(ask: Ask, layer: str) -> bool:
    """Whether a layer denies explicitly."""
    return layer in ask.said[1] and ask.outcome == "explicitDeny"


def renamed(change: Callable[[str], str]) -> Callable[[World], World]:
    """Return the change that gives every AWS principal of a document another name."""

    def of_statement(statement: World) -> World:
        made = dict(statement)
        for form in ("Principal", "NotPrincipal"):
            if "AWS" in (made.get(form) or {}) and made[form] != "*":
                names = [change(name) for name in strategies.listed(made[form]["AWS"])]
                made[form] = {**made[form], "AWS": names}
        return made

    return each_statement(of_statement)


@given(questions.known_asks())
def test_c01_an_account_id_is_its_root_arn(ask: Ask) -> None:
    as_arn = ask.mapped(renamed(lambda name: root_arn(name) if name.isdigit() else name))
    as_id = ask.mapped(renamed(lambda name: account_of(name) if name.endswith(":root") else name))
    # The bare id of an account is that of every partition.
    assume("arn:aws-cn:" not in str(ask.world["caller"]))
    assert ask.said == as_arn.said == as_id.said


@given(questions.known_asks(), st.sampled_from(("Allow", "Deny")))
def test_c02_a_star_is_every_aws_principal(ask: Ask, effect: str) -> None:
    assume("service" not in ask.world["caller"])  # STAR-SERVICE
    assume(not ask.is_role)  # PRN-8
    assert naming(ask, "*", effect).said == naming(ask, {"AWS": "*"}, effect).said


@given(questions.known_asks())
def test_c03_in_one_account_a_stronger_name_allows_what_a_weaker_does(ask: Ask) -> None:
    if not (is_signed(ask) and ask.same_account):
        return
    allowed = [naming(ask, {"AWS": name}).outcome == "allowed" for name in own_names(ask)]
    assert allowed == sorted(allowed)


@given(questions.known_asks())
def test_c04_across_accounts_all_names_are_equivalent(ask: Ask) -> None:
    if not (is_signed(ask) and ask.same_account is False):
        return
    said = [naming(ask, {"AWS": name}).said for name in own_names(ask)]
    assert all(one == said[0] for one in said)


@given(questions.known_asks(), st.data())
def test_c05_a_list_of_principals_is_their_union(ask: Ask, data: st.DataObject) -> None:
    names = ["*", HOME, AWAY, user_arn(HOME, "alice"), role_arn(HOME, "deploy")]
    names += own_names(ask) if is_signed(ask) else ()
    drawn = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    together = naming(ask, {"AWS": drawn}).outcome
    apart = [naming(ask, {"AWS": [name]}).outcome for name in drawn]
    assert (together == "allowed") == ("allowed" in apart)


@given(questions.known_asks(), st.booleans())
def test_c07_not_principal_exempts_who_is_listed(ask: Ask, bounded: bool) -> None:  # noqa: FBT001
    assume(is_signed(ask) and not ask.is_role)
    assume("arn" in ask.world["caller"] and ask.request["action"].lower() not in UNDENIABLE)
    ask = ask.having(boundary=ALLOW_ALL if bounded else None)
    chain = [*own_names(ask)][:-1]
    plain = naming(ask, OTHER_SERVICE, "Deny")
    exempt = naming(ask, {"AWS": chain}, "Deny", "NotPrincipal")
    others = naming(ask, {"AWS": [AWAY, user_arn(AWAY, "bob")]}, "Deny", "NotPrincipal")
    assert is_denied_by(exempt, "resource") if bounded else exempt.said == plain.said
    assert account_of(ask.world["caller"]["arn"]) == AWAY or is_denied_by(others, "resource")


@given(questions.known_asks())
def test_c08_nobody_in_particular_needs_a_grant_to_everyone(ask: Ask) -> None:
    anonymous = ask.having(caller={"anonymous": True}, rcps=[], endpoint_policies=[])
    assume(ask.request["action"].lower() not in UNDENIABLE and not ask.is_role)
    for name in (HOME, AWAY, user_arn(HOME, "alice")):
        assert naming(anonymous, {"AWS": name}).outcome != "allowed"
    for everyone in ("*", {"AWS": "*"}):
        assert naming(anonymous, everyone).outcome == "allowed"
        denied = anonymous.having(rcps=ask.world.get("rcps", []))
        assert naming(denied, everyone).outcome != "implicitDeny"


@given(
    questions.known_asks(), st.sampled_from(({"service": "ec2.amazonaws.com"}, {"anonymous": True}))
)
def test_c09_who_has_no_account_has_no_policies_of_his_own(ask: Ask, caller: World) -> None:
    ask = ask.having(caller=caller)
    without = ask.having(identity=[], boundary=None, session_policies=[], scps=[])
    deny = strategies.policy({"Effect": "Deny", "Action": "*", "Resource": "*"})
    with_all = ask.having(identity=[deny], boundary=deny, session_policies=[deny], scps=[[deny]])
    assert without.said == ask.said == with_all.said


@given(questions.known_asks(), st.sampled_from(("aws-cn", "aws-us-gov")))
def test_c10_nothing_is_allowed_across_partitions(ask: Ask, partition: str) -> None:
    assume(ask.request["resource"] != "*")
    arn = user_arn(HOME, "alice").replace(":aws:", f":{partition}:")
    caller = {"arn": arn}
    for name in (HOME, arn, "*", root_arn(HOME)):
        elsewhere = naming(ask.having(caller=caller, identity=[ALLOW_ALL]), {"AWS": name})
        assert elsewhere.outcome != "allowed"


def has_policies(ask: Ask) -> bool:
    """Whether the caller has policies of its own, and can be kept from what it asks."""
    signed = is_signed(ask) and ":root" not in ask.world["caller"]["arn"]
    return signed and ask.request["action"].lower() not in UNDENIABLE


@given(questions.known_asks())
def test_d01_a_boundary_is_an_intersection(ask: Ask) -> None:
    assume(has_policies(ask))
    account = account_of(ask.world["caller"]["arn"])
    ask = naming(ask, {"AWS": account})  # no direct grant
    boundary = ask.world.get("boundary") or policy(*_own_statements(ask))
    both = ask.having(boundary=boundary)
    alone = ask.having(boundary=None)
    other = alone.having(identity=[boundary])
    assert (both.outcome == "allowed") == (alone.outcome == other.outcome == "allowed")


def _own_statements(ask: Ask) -> list[World]:
    found = [s for document in ask.world["identity"] for s in statements_of(document)]
    return found or [{"Effect": "Allow", "Action": ask.request["action"], "Resource": "*"}]


@given(questions.known_asks())
def test_d02_taking_a_limit_away_takes_no_access_away(ask: Ask) -> None:
    federated = ":federated-user/" in ask.world["caller"].get("arn", "")
    if ask.outcome == "allowed":
        for layer in LIMITS:
            if not (federated and layer == "session_policies"):
                # Without an endpoint the request comes from a public address.
                address = {"aws:SourceIp": "203.0.113.7"} if layer == "endpoint_policies" else {}
                assume(not address or not ask.mentions("Vpc", "SourceIp"))
                assert ask.having(**{layer: None}).outcome == "allowed"


@given(questions.known_asks())
def test_d03_a_limit_that_allows_everything_is_none(ask: Ask) -> None:
    assume(has_policies(ask))
    federated = ":federated-user/" in ask.world["caller"]["arn"]
    for layer, everything in (
        ("boundary", ALLOW_ALL),
        ("session_policies", [ALLOW_ALL]),
        ("scps", [[ALLOW_ALL], [ALLOW_ALL]]),
        ("endpoint_policies", [ALLOW_EVERYONE]),
    ):
        known = {"boundary": "NotPrincipal", "endpoint_policies": "Vpc"}.get(layer, "~")
        if not (federated and layer == "session_policies") and not ask.mentions(known, "SourceIp"):
            assert ask.having(**{layer: everything}).said == ask.having(**{layer: None}).said


@given(questions.known_asks())
def test_d04_across_accounts_both_sides_must_allow(ask: Ask) -> None:
    if not (has_policies(ask) and ask.same_account is False):
        return
    assert ask.having(identity=[]).outcome != "allowed"
    assert naming(ask, OTHER_SERVICE).outcome != "allowed"


def decided(ask: Ask, relation: Relation) -> str:
    """Return what is decided if caller and resource stood to each other so."""
    evaluation = ask.evaluation
    requirement = Requirement(evaluation.requirement.grantor, relation)
    return str(decide(evaluation.verdicts, requirement).outcome)


@given(questions.known_asks())
def test_d05_d07_what_must_be_granted_is_less(ask: Ask) -> None:
    across = decided(ask, Relation.OTHER_ACCOUNT)
    delegated = decided(ask, Relation.DELEGATED)
    assert across != "allowed" or delegated == "allowed"
    assert delegated != "allowed" or decided(ask, Relation.ORDINARY) == "allowed"


@given(questions.known_asks())
def test_d06_nothing_of_an_organization_limits_a_service_linked_role(ask: Ask) -> None:
    path = "aws-service-role/ec2.amazonaws.com/AWSServiceRoleForEC2"
    arn = session_arn(HOME, path, "ci")
    linked = ask.having(caller={"arn": arn, "role_arn": role_arn(HOME, path)}, identity=[ALLOW_ALL])
    deny = policy({"Effect": "Deny", "Action": "*", "Resource": "*"})
    everyone = policy({**deny["Statement"][0], "Principal": "*"})
    assert (
        linked.having(scps=[[deny]], rcps=[[everyone]]).said == linked.having(scps=[], rcps=[]).said
    )


@given(questions.known_asks())
def test_d08_accounts_may_be_called_otherwise(ask: Ask) -> None:
    text = json.dumps(ask)
    assume("1111111111*" not in text and "1111111111??" not in text)
    swapped = text.replace(HOME, "333333333333").replace(AWAY, HOME)
    assert questions.Ask(*json.loads(swapped)).said == ask.said


@given(questions.known_asks())
def test_d09_an_explicit_deny_needs_no_other_document(ask: Ask) -> None:
    outcome, layers = ask.said
    if outcome != "explicitDeny" or ask.mentions("Vpc", "SourceIp", "NotPrincipal"):
        return
    for layer in ask.layers:
        if ask.name(layer) not in layers:
            without = {name: value for name, value in ask.world.items() if name != layer}
            assert ask._replace(world=without).outcome == "explicitDeny"


@given(questions.known_asks())
def test_d10_filling_the_layers_that_are_missing_allows(ask: Ask) -> None:
    assume(not as_request(ask.question).other_partition)
    assume(not ask.is_role or ask.request["action"].lower().startswith("sts:"))
    outcome, layers = ask.said
    if outcome == "implicitDeny":
        for layer in layers:
            ask = filled(ask, layer)
        assert ask.outcome == "allowed" or ask.said[0] == "explicitDeny"


def filled(ask: Ask, layer: str) -> Ask:
    """Return the same with one statement more, by which a layer allows."""
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    if layer in ("trust", "resource"):
        caller = ask.world["caller"]
        who = {"Service": caller["service"]} if "service" in caller else {"AWS": "*"}
        if "arn" in caller:
            who = {"AWS": account_of(caller["arn"])}
        scope = {"Action": "sts:*"} if layer == "trust" else {"Action": "*", "Resource": "*"}
        given_policy = ask.world.get("resource_policy") or {"Statement": []}
        statement = {"Effect": "Allow", "Principal": who, **scope}
        return ask.having(resource_policy=policy(*statements_of(given_policy), statement))
    if layer == "scp":
        return ask.having(scps=[[*level, ALLOW_ALL] for level in ask.world["scps"]])
    if layer == "endpoint":
        return ask.having(endpoint_policies=[*ask.world["endpoint_policies"], ALLOW_EVERYONE])
    if layer == "session":
        return ask.having(session_policies=[*ask.world.get("session_policies", []), ALLOW_ALL])
    return ask.adding(layer, allow)


@given(questions.known_asks(), st.randoms(use_true_random=False))
def test_d12_levels_and_policies_of_scps_may_repeat_and_move(ask: Ask, dice: Any) -> None:  # noqa: ANN401
    levels = [[*level, dice.choice(level)] for level in ask.world.get("scps") or [[ALLOW_ALL]]]
    levels += [dice.choice(levels)]
    for level in (levels, *levels):
        dice.shuffle(level)
    assert ask.having(scps=levels).said == ask.having(scps=ask.world.get("scps")).said


@given(questions.known_asks())
def test_d13_no_scp_is_full_access_and_an_empty_level_denies(ask: Ask) -> None:
    assume(has_policies(ask))
    linked = "aws-service-role" in ask.world["caller"].get("role_arn", "")
    none = ask.having(scps=[], management_account=None)
    only_deny = policy({"Effect": "Deny", "Action": "iam:DeleteUser", "Resource": "*"})
    assert none.said == none.having(scps=[[ALLOW_ALL]]).said
    assert none.said == none.having(scps=[[ALLOW_ALL, only_deny]]).said
    for levels in ([[ALLOW_ALL], []], [[only_deny]]):
        assert linked or none.having(scps=levels).outcome != "allowed"
        managing = none.having(scps=levels, management_account=ask.account)
        assert managing.outcome == none.having(management_account=ask.account).outcome


@given(questions.known_asks())
def test_d14_an_rcp_only_denies(ask: Ask) -> None:
    without = ask.having(rcps=[])
    assert ask.outcome != "allowed" or without.outcome == "allowed"
    outcome, layers = ask.said
    assert "rcp" not in layers or outcome == "explicitDeny"
    unlisted = ask.asking(action="iam:DeleteUser", resource=user_arn(HOME, "alice"))
    assert unlisted.said == unlisted.having(rcps=[]).said


@given(questions.known_asks())
def test_d16_in_one_account_either_side_suffices(ask: Ask) -> None:
    if not (has_policies(ask) and ask.evaluation.requirement.relation is Relation.ORDINARY):
        return
    free = ask.having(**dict.fromkeys(LIMITS))
    if ":federated-user/" not in ask.world["caller"]["arn"]:
        assert naming(free.having(identity=[ALLOW_ALL]), OTHER_SERVICE).outcome == "allowed"
    if not ask.is_role:
        direct = naming(free.having(identity=[]), {"AWS": ask.world["caller"]["arn"]})
        assert direct.outcome == "allowed"


TRACES = ("userid", "SourceIdentity", "PrincipalTag", "TokenIssueTime", "MultiFactor")


@given(questions.known_asks(), st.sampled_from(("ci", "alice", "bob")))
def test_d17_a_session_may_be_called_otherwise(ask: Ask, session: str) -> None:
    caller = ask.world["caller"]
    if not (
        ":assumed-role/" in caller.get("arn", "") and not ask.mentions(":assumed-role/", *TRACES)
    ):
        return
    arn = f"{caller['arn'].rpartition('/')[0]}/{session}"
    other = {**caller, "arn": arn, "tags": {}, "source_identity": "carol"}
    assert ask.having(caller=other).said == ask.said


TIMES = ("time", "mfaage", "multifactorauthage")


@given(questions.known_asks(), st.sampled_from(strategies.INSTANTS))
def test_d18_time_is_irrelevant_where_nobody_asks(ask: Ask, moment: str) -> None:
    assume(not ask.mentions(*TIMES))
    later = {"aws:CurrentTime": moment, "aws:EpochTime": moment, "aws:TokenIssueTime": moment}
    assert ask.knowing(**later).said == ask.said


@given(questions.known_asks())
def test_session_policies_only_narrow(ask: Ask) -> None:
    assume(has_policies(ask) and ":federated-user/" not in ask.world["caller"]["arn"])
    little = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}
    session = ask.world.get("session_policies") or [policy(little)]
    limited = ask.having(session_policies=session)
    free = ask.having(session_policies=[])
    assert limited.outcome != "allowed" or free.outcome == "allowed"
    direct = Layer.RESOURCE if not ask.is_role else Layer.TRUST
    assert limited.evaluation.verdicts[direct] == free.evaluation.verdicts[direct]


@given(questions.known_asks())
def test_without_conditions_the_context_is_irrelevant(ask: Ask) -> None:
    plain = ask.mapped(each_statement(without_conditions))
    assume(not plain.mentions("${"))
    assert plain._replace(context={}).said == plain.said
