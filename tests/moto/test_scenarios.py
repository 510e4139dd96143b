"""moto holds the users, roles and policies; the engine decides.

What is expected stands in AWS's documentation, of which each test names the page (of the IAM User
Guide, https://docs.aws.amazon.com/IAM/latest/UserGuide/, or of the STS API reference). moto's own
checks are never asked, since its AssumeRole lets everybody in. All state goes the way of real
state: boto3 reads it back, and what boto3 returns is what `iamsim` reads.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import pytest
from click.testing import CliRunner
from moto import mock_aws

from simulator.cli.main import cli
from simulator.decision.verdict import Layer
from simulator.diagnosis.diagnose import diagnose
from simulator.evaluation.policies import Policies
from simulator.matcher.statement import CompiledPolicy, compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import Unwrapped, unwrap
from simulator.request.caller import Caller, Credentials, implied_credentials
from simulator.request.principal import RoleSession, called, parse_principal
from simulator.source import Source
from simulator.sts.answer import Answer, answer_to
from simulator.sts.call import Call, Role
from simulator.sts.parameters import Parameters
from simulator.syntax import apply_edits
from tests import worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.policy.kinds import PolicyKind

HOME, AWAY = "111111111111", "222222222222"
TUTORIAL = Path(__file__).parents[2] / "fixtures" / "tutorial"

Doc = dict[str, Any]


def policy(*statements: Doc) -> Doc:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(name: str, condition: Doc | None = None, action: Any = "sts:AssumeRole") -> Doc:  # noqa: ANN401
    statement = {"Effect": "Allow", "Principal": {"AWS": name}, "Action": action}
    return policy({**statement, "Condition": condition} if condition else statement)


def allowing(resource: str, action: Any = "sts:AssumeRole", effect: str = "Allow") -> Doc:  # noqa: ANN401
    return policy({"Effect": effect, "Action": action, "Resource": resource})


@pytest.fixture(scope="session")
def clients() -> Iterator[Callable[[str], Any]]:
    """Return how to get the IAM client of an account that moto holds."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.delenv("AWS_PROFILE", raising=False)
        with mock_aws():
            found: dict[str, Any] = {}

            def client(account: str) -> Any:  # noqa: ANN401 - clients are made at run time
                if account not in found:
                    found[account] = _client(account)
                return found[account]

            yield client


def _client(account: str) -> Any:  # noqa: ANN401
    client = boto3.client("iam")

    def into_account(params: Doc, **_: object) -> None:
        params["headers"]["x-moto-account-id"] = account

    client.meta.events.register("before-call.iam", into_account)
    return client


class Cloud(NamedTuple):
    """Accounts of one test, by which moto keeps the tests apart."""

    client: Callable[[str], Any]
    home: str
    away: str

    def arn(self, kind_and_name: str, account: str | None = None) -> str:
        """Return the ARN of a user or a role."""
        return f"arn:aws:iam::{account or self.home}:{kind_and_name}"

    def user(self, name: str = "alice", *policies: Doc, account: str | None = None) -> str:
        """Make a user with inline policies; return the ARN."""
        iam = self.client(account or self.home)
        made = iam.create_user(UserName=name)["User"]
        for number, document in enumerate(policies):
            put(iam.put_user_policy, UserName=name, PolicyName=f"p{number}", document=document)
        return str(made["Arn"])

    def role(
        self,
        name: str,
        trust: Doc,
        *policies: Doc,
        account: str | None = None,
        **more: Any,  # noqa: ANN401 - what create_role takes
    ) -> str:
        """Make a role with inline policies; return the ARN."""
        iam = self.client(account or self.home)
        text = json.dumps(trust)
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=text, **more)["Role"]
        for number, document in enumerate(policies):
            put(iam.put_role_policy, RoleName=name, PolicyName=f"p{number}", document=document)
        return str(made["Arn"])

    def decide(
        self,
        caller: str,
        role: str,
        credentials: Credentials | None = None,
        **parameters: Any,  # noqa: ANN401 - what AssumeRole takes
    ) -> Asked:
        """Return the call of a caller, as boto3 reads it all back."""
        theirs = read_role(self.client(account_of(role)), role)
        facts = theirs.role
        assert facts is not None
        found = Role(facts.arn, facts.unique_id, facts.tags, facts.max_session_duration)
        who, policies = self._caller(caller, credentials)
        trust = compile_policy(build(theirs.document, kinds.TRUST))
        return Asked(
            Call(
                who,
                Parameters(role, **parameters),
                found if str(facts.arn) == role else None,
                policies.having({Layer.TRUST: ((trust,),)}),
                {},
            )
        )

    def _caller(self, arn: str, credentials: Credentials | None) -> tuple[Caller, Policies]:
        iam, principal = self.client(account_of(arn)), parse_principal(arn)
        policies = Policies({})
        if isinstance(principal, RoleSession):
            own = iam.get_role(RoleName=principal.role_name)["Role"]
            principal = principal._replace(role=worlds.arn(own["Arn"]), unique_id=own["RoleId"])
            identity = tuple(role_policies(iam, own["RoleName"]))
            if "PermissionsBoundary" in own:
                limit = own["PermissionsBoundary"]["PermissionsBoundaryArn"]
                boundary = compiled(managed(iam, limit), kinds.BOUNDARY)
                policies = policies.having({Layer.BOUNDARY: ((boundary,),)})
        else:
            own = iam.get_user(UserName=principal.arn.name)["User"]
            identity = tuple(user_policies(iam, own["UserName"]))
        implied = credentials or implied_credentials(principal)
        who = Caller(principal, implied, tags=tagged(own.get("Tags", [])))
        return who, policies.having({Layer.IDENTITY: (identity,)})


def account_of(arn: str) -> str:
    return arn.split(":")[4]


class Asked(NamedTuple):
    """A call, and what the engine says about it."""

    call: Call

    @property
    def answer(self) -> Answer:
        """What the engine says."""
        return answer_to(self.call)

    @property
    def outcome(self) -> str:
        """The decision with the layers that said no."""
        answer = self.answer
        return " ".join([str(answer.outcome), *sorted(worlds.layers(answer))])

    @property
    def codes(self) -> set[str]:
        """The codes of the causes."""
        return {cause.code for cause in diagnose(self.call, self.answer).causes}


@pytest.fixture
def cloud(clients: Callable[[str], Any], request: pytest.FixtureRequest) -> Cloud:
    """Return two accounts that no other test uses."""
    number = request.session.items.index(request.node)
    return Cloud(clients, f"{number:06}111111", f"{number:06}222222")


# --- Reading back what moto holds, as people do with the aws CLI


def printed(response: Doc) -> str:
    """Return a response as the aws CLI prints it."""
    shown = {key: value for key, value in response.items() if key != "ResponseMetadata"}
    return json.dumps(shown, indent=4, default=str)


def unwrapped(name: str, response: Doc) -> Unwrapped:
    return unwrap(Source(name, printed(response)))


def compiled(response: Doc, kind: PolicyKind = kinds.IDENTITY) -> CompiledPolicy:
    return compile_policy(build(unwrapped("printed.json", response).document, kind))


def read_role(iam: Any, arn: str) -> Unwrapped:  # noqa: ANN401
    return unwrapped("get-role.json", iam.get_role(RoleName=arn.rsplit("/", maxsplit=1)[-1]))


def managed(iam: Any, arn: str) -> Doc:  # noqa: ANN401
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found: Doc = iam.get_policy_version(PolicyArn=arn, VersionId=version)
    return found


def user_policies(iam: Any, name: str) -> Iterator[CompiledPolicy]:  # noqa: ANN401
    for inline in iam.list_user_policies(UserName=name)["PolicyNames"]:
        yield compiled(iam.get_user_policy(UserName=name, PolicyName=inline))
    for attached in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        yield compiled(managed(iam, attached["PolicyArn"]))
    for group in iam.list_groups_for_user(UserName=name)["Groups"]:
        of_group = {"GroupName": group["GroupName"]}
        for inline in iam.list_group_policies(**of_group)["PolicyNames"]:
            yield compiled(iam.get_group_policy(**of_group, PolicyName=inline))
        for attached in iam.list_attached_group_policies(**of_group)["AttachedPolicies"]:
            yield compiled(managed(iam, attached["PolicyArn"]))


def role_policies(iam: Any, name: str) -> Iterator[CompiledPolicy]:  # noqa: ANN401
    for inline in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        yield compiled(iam.get_role_policy(RoleName=name, PolicyName=inline))
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        yield compiled(managed(iam, attached["PolicyArn"]))


def tagged(tags: list[Doc]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def put(operation: Callable[..., Any], *, document: Doc, **names: str) -> None:
    operation(**names, PolicyDocument=json.dumps(document))


# --- The tutorial: one mistake after the other, and what mends it


class Mistake(NamedTuple):
    """Files of the tutorial that do not work, what says no, and what does work."""

    trust: str
    identity: str
    refused: str
    code: str
    mended_trust: str
    mended_identity: str
    parameters: Doc


FINE = ("trust-root.json", "alice.json")
CODE = {"serial_number": f"arn:aws:iam::{HOME}:mfa/alice", "token_code": "123456"}
MISTAKES = {
    "wrong-account": Mistake(
        "trust-wrong-account.json", "alice.json", "trust", "IAM301", *FINE, {}
    ),
    "no-permission": Mistake(
        "trust-root.json", "alice-no-sts.json", "identity", "IAM201", *FINE, {}
    ),
    "misspelt-role": Mistake("trust-root.json", "alice-typo.json", "identity", "IAM202", *FINE, {}),
    "no-mfa": Mistake(
        "trust-mfa.json", "alice.json", "trust", "IAM312", "trust-mfa.json", "alice.json", CODE
    ),
    "no-external-id": Mistake(
        *("trust-external-id.json", "alice.json", "trust", "IAM313"),
        *("trust-external-id.json", "alice.json", {"external_id": "tutorial-2026"}),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_of_the_tutorial_and_its_fix(
    clients: Callable[[str], Any], mistake: Mistake
) -> None:
    cloud = Cloud(clients, HOME, AWAY)
    near, far = clients(HOME), clients(AWAY)
    trust, identity = (tutorial(name) for name in (mistake.trust, mistake.identity))
    caller = cloud.user()
    put(near.put_user_policy, UserName="alice", PolicyName="own", document=identity)
    role = cloud.role("deploy", trust, account=AWAY)
    try:
        asked = cloud.decide(caller, role)
        assert asked.outcome == f"implicitDeny {mistake.refused}"
        assert mistake.code in asked.codes
        assert mends(cloud, asked)
        mended = tutorial(mistake.mended_identity)
        put(near.put_user_policy, UserName="alice", PolicyName="own", document=mended)
        trust = tutorial(mistake.mended_trust)
        put(far.update_assume_role_policy, RoleName="deploy", document=trust)
        assert cloud.decide(caller, role, **mistake.parameters).outcome == "allowed"
    finally:
        near.delete_user_policy(UserName="alice", PolicyName="own")
        near.delete_user(UserName="alice")
        far.delete_role(RoleName="deploy")


def tutorial(name: str) -> Doc:
    found: Doc = json.loads((TUTORIAL / name).read_text())
    return found


def mends(cloud: Cloud, asked: Asked) -> bool:
    """Carry out the first fix: a changed call is asked, a changed trust policy goes to moto."""
    fix = diagnose(asked.call, asked.answer).fixes[0]
    edits = [edit for remedy in fix.remedies for edit in remedy.edits]
    if edits and edits[0].source.name == "get-role.json":
        after = json.loads(apply_edits(edits[0].source.text, edits))["Role"]
        names = {"RoleName": after["RoleName"], "document": after["AssumeRolePolicyDocument"]}
        put(cloud.client(cloud.away).update_assume_role_policy, **names)
        again = cloud.decide(called(asked.call.principal), asked.call.parameters.role_arn)
        return again.outcome == "allowed"
    assert isinstance(fix.asked, Call)
    return Asked(fix.asked).outcome == "allowed"


# --- Scenarios


def test_the_permission_of_a_group_is_the_users(cloud: Cloud) -> None:
    # IAM User Guide, id_groups: a user has the policies of the groups the user is in
    iam = cloud.client(cloud.home)
    caller = cloud.user("alice")
    role = cloud.role("deploy", trusting(cloud.arn("root")))
    assert cloud.decide(caller, role).outcome == "implicitDeny identity"
    iam.create_group(GroupName="deployers")
    put(iam.put_group_policy, GroupName="deployers", PolicyName="p", document=allowing(role))
    assert cloud.decide(caller, role).outcome == "implicitDeny identity"  # not in the group yet
    iam.add_user_to_group(GroupName="deployers", UserName="alice")
    assert cloud.decide(caller, role).outcome == "allowed"


def test_a_managed_policy_counts_in_its_default_version(cloud: Cloud) -> None:
    # IAM User Guide, access_policies_managed-versioning; an explicit deny is final
    iam = cloud.client(cloud.home)
    caller = cloud.user("alice")
    role = cloud.role("deploy", trusting(cloud.arn("root")))
    first = json.dumps(allowing("*"))
    arn = iam.create_policy(PolicyName="assume", PolicyDocument=first)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    assert cloud.decide(caller, role).outcome == "allowed"
    second = json.dumps(allowing("*", "sts:*", "Deny"))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=second, SetAsDefault=True)
    assert cloud.decide(caller, role).outcome == "explicitDeny identity"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert cloud.decide(caller, role).outcome == "allowed"


def test_naming_the_user_is_enough_within_the_account(cloud: Cloud) -> None:
    # API_AssumeRole: a user of the same account needs no permission if the trust names the user
    caller = cloud.user("alice")
    other = cloud.user("alice-admin")
    role = cloud.role("deploy", trusting(caller))
    assert cloud.decide(caller, role).outcome == "allowed"
    assert cloud.decide(other, role).outcome == "implicitDeny identity trust"


def test_across_accounts_both_sides_must_allow(cloud: Cloud) -> None:
    # IAM User Guide, reference_policies_evaluation-logic-cross-account
    caller = cloud.user("alice")
    role = cloud.role("deploy", trusting(caller), account=cloud.away)
    assert cloud.decide(caller, role).outcome == "implicitDeny identity"
    iam = cloud.client(cloud.home)
    put(iam.put_user_policy, UserName="alice", PolicyName="p", document=allowing(role))
    assert cloud.decide(caller, role).outcome == "allowed"
    admin = cloud.user("root-like", allowing("*", "*"))
    assert cloud.decide(admin, role).outcome == "implicitDeny trust"


def test_a_role_has_its_path_in_its_arn(cloud: Cloud) -> None:
    # IAM User Guide, reference_identifiers: the ARN of a role includes its path
    without = cloud.arn("role/deploy")
    caller = cloud.user("alice", allowing(without))
    role = cloud.role("deploy", trusting(cloud.arn("root")), Path="/ops/")
    assert role == cloud.arn("role/ops/deploy")
    assert cloud.decide(caller, role).outcome == "implicitDeny identity"
    asked = cloud.decide(caller, without)  # such a role does not exist
    assert asked.outcome == "implicitDeny sts"
    assert asked.codes == {"IAM501"}


def test_chaining_ends_after_an_hour(cloud: Cloud) -> None:
    # IAM User Guide, id_roles_terms-and-concepts: role chaining, one hour at most
    second = cloud.arn("role/second")
    first = cloud.role("first", trusting(cloud.arn("root")), allowing(second))
    cloud.role("second", trusting(first), MaxSessionDuration=7200)
    session = f"arn:aws:sts::{cloud.home}:assumed-role/first/ci"
    assert cloud.decide(session, second).outcome == "allowed"
    asked = cloud.decide(session, second, duration_seconds=7200)
    assert asked.outcome == "error sts"
    assert asked.answer.error is not None
    assert "role chaining" in asked.answer.error.message
    user = cloud.user("alice", allowing(second))
    iam = cloud.client(cloud.home)
    trust = trusting(cloud.arn("root"))
    put(iam.update_assume_role_policy, RoleName="second", document=trust)
    assert cloud.decide(user, second, duration_seconds=7200).outcome == "allowed"
    asked = cloud.decide(user, second, duration_seconds=7201)
    assert asked.answer.error is not None
    assert "MaxSessionDuration" in asked.answer.error.message


def test_a_role_does_not_trust_itself(cloud: Cloud) -> None:
    # AWS Security Blog, 21 Sep 2022: an update to IAM role trust policy behavior
    role = cloud.role("loop", trusting(cloud.arn("user/nobody")), allowing("*", "*"))
    session = f"arn:aws:sts::{cloud.home}:assumed-role/loop/ci"
    assert cloud.decide(session, role).outcome == "implicitDeny trust"
    iam = cloud.client(cloud.home)
    put(iam.update_assume_role_policy, RoleName="loop", document=trusting(role))
    assert cloud.decide(session, role).outcome == "allowed"


def test_a_boundary_limits_all_but_the_session_named_itself(cloud: Cloud) -> None:
    # IAM User Guide, access_policies_boundaries: resource-based policies and boundaries
    iam = cloud.client(cloud.home)
    s3 = json.dumps(allowing("*", "s3:*"))
    boundary = iam.create_policy(PolicyName="only-s3", PolicyDocument=s3)["Policy"]["Arn"]
    robot = cloud.role(
        "robot", trusting(cloud.arn("root")), allowing("*", "*"), PermissionsBoundary=boundary
    )
    session = f"arn:aws:sts::{cloud.home}:assumed-role/robot/ci"
    role = cloud.role("deploy", trusting(cloud.arn("root")))
    for name, expected in (
        (cloud.arn("root"), "implicitDeny boundary"),
        (robot, "implicitDeny boundary"),
        (session, "allowed"),
    ):
        put(iam.update_assume_role_policy, RoleName="deploy", document=trusting(name))
        assert cloud.decide(session, role).outcome == expected


def test_tags_are_compared_and_passed(cloud: Cloud) -> None:
    # IAM User Guide, id_session-tags: sts:TagSession; access_iam-tags: aws:ResourceTag
    iam = cloud.client(cloud.home)
    same_team = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    caller = cloud.user("alice")
    role = cloud.role("deploy", trusting(caller, same_team), Tags=[{"Key": "team", "Value": "red"}])
    assert cloud.decide(caller, role).outcome == "implicitDeny identity trust"
    iam.tag_user(UserName="alice", Tags=[{"Key": "Team", "Value": "red"}])  # keys ignore case
    assert cloud.decide(caller, role).outcome == "allowed"
    asked = cloud.decide(caller, role, tags=(("cost", "7"),))
    assert asked.outcome == "implicitDeny identity trust"
    assert worlds.action(asked.answer) == "sts:TagSession"
    both = trusting(caller, same_team, ["sts:AssumeRole", "sts:TagSession"])
    put(iam.update_assume_role_policy, RoleName="deploy", document=both)
    assert cloud.decide(caller, role, tags=(("cost", "7"),)).outcome == "allowed"


def test_a_role_made_anew_is_not_the_one_that_was_trusted(cloud: Cloud) -> None:
    # IAM User Guide, reference_policies_elements_principal: AWS stores the unique id of a role
    iam = cloud.client(cloud.home)
    trust, may = trusting(cloud.arn("root")), allowing("*")
    cloud.role("robot", trust, may)
    stored = iam.get_role(RoleName="robot")["Role"]["RoleId"]  # what AWS keeps, moto does not
    role = cloud.role("deploy", trusting(stored), account=cloud.away)
    session = f"arn:aws:sts::{cloud.home}:assumed-role/robot/ci"
    assert cloud.decide(session, role).outcome == "allowed"
    iam.delete_role_policy(RoleName="robot", PolicyName="p0")
    iam.delete_role(RoleName="robot")
    cloud.role("robot", trust, may)
    asked = cloud.decide(session, role)
    assert asked.outcome == "implicitDeny trust"
    assert "IAM304" in asked.codes


def test_a_session_with_mfa_meets_a_trust_that_asks_for_it(cloud: Cloud) -> None:
    # IAM User Guide, id_credentials_mfa_configure-api-require
    caller = cloud.user("alice")
    with_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    role = cloud.role("deploy", trusting(caller, with_mfa))
    refused = "implicitDeny identity trust"
    assert cloud.decide(caller, role).outcome == refused
    assert cloud.decide(caller, role, Credentials.SESSION_TOKEN).outcome == refused
    assert cloud.decide(caller, role, Credentials.SESSION_TOKEN_WITH_MFA).outcome == "allowed"


# --- What boto3 returns is what iamsim reads


def test_boto3s_get_role_is_read_with_all_its_facts(cloud: Cloud) -> None:
    role = cloud.role(
        *("deploy", trusting(cloud.arn("root"))),
        Path="/ops/",
        MaxSessionDuration=7200,
        Description="Deploys",
        Tags=[{"Key": "env", "Value": "prod"}],
    )
    response = cloud.client(cloud.home).get_role(RoleName="deploy")
    found = unwrapped("get-role.json", response)
    assert found.role is not None
    assert (str(found.role.arn), found.role.unique_id) == (role, response["Role"]["RoleId"])
    assert (found.role.tags, found.role.max_session_duration) == ({"env": "prod"}, 7200)
    assert found.document.root == ("Role", "AssumeRolePolicyDocument")
    assert not found.warnings
    inner = {"Role": {**response["Role"], "AssumeRolePolicyDocument": json.dumps(trusting("*"))}}
    assert unwrapped("as-string.json", inner).document.value == trusting("*")


def test_the_command_line_decides_on_files_written_from_accounts(
    cloud: Cloud, tmp_path: Path
) -> None:
    caller = cloud.user("alice", allowing(cloud.arn("role/ops/deploy", cloud.away)))
    condition = {"StringEquals": {"sts:ExternalId": "Ext-42"}}
    trust = trusting(cloud.arn("root"), condition)
    role = cloud.role("deploy", trust, account=cloud.away, Path="/ops/")
    mine = cloud.client(cloud.home).get_user_policy(UserName="alice", PolicyName="p0")
    theirs = cloud.client(cloud.away).get_role(RoleName="deploy")
    (tmp_path / "alice.json").write_text(printed(mine))
    (tmp_path / "get-role.json").write_text(printed(theirs))
    command = ["assume", "--as", caller, "--role-arn", role]
    command += ["--trust", str(tmp_path / "get-role.json")]
    command += ["--policy", str(tmp_path / "alice.json"), "--format", "json"]
    refused = CliRunner().invoke(cli, command)
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["decision"] == "implicitDeny"
    assert "IAM313" in refused.stdout
    allowed = CliRunner().invoke(cli, [*command, "--external-id", "Ext-42"])
    assert allowed.exit_code == 0, allowed.output
    assert json.loads(allowed.stdout)["decision"] == "allowed"
