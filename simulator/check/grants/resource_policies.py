"""Policies of resources that speak of other resources, or shut out those who have to manage them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-action-in-policy
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from simulator.arn import ACCOUNT_ID, parse_arn
from simulator.check.grants.coverage import ANY_SERVICE, service_of
from simulator.check.subject import is_open
from simulator.matcher.actions import takes_in
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Setting, Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import PrincipalEntry, Statement
    from simulator.syntax import Path

OTHER_SERVICE: Final = "IAM683"
OTHER_BUCKET: Final = "IAM684"
LOCKED_OUT: Final = "IAM685"

_MANAGES_KEY: Final = "kms:putkeypolicy"


# --- Of which resource a policy is


def other_service(findings: Findings, subject: Subject) -> None:
    """Tell of actions that are not of the service whose resource the policy belongs to."""
    if _is_of_everyone(subject):
        return
    found = [(s, path, action) for s in subject.statements for path, action in _actions(s)]
    services = Counter(service_of(action) for _, _, action in found)
    if len(services) < 2:
        return
    home = _home(subject, services)
    told: set[str] = set()
    for statement, path, action in found:
        service = service_of(action)
        if service in {home, *told} or _shares_words(service, home) or _is_told(statement, action):
            continue
        told.add(service)
        findings.warn(
            OTHER_SERVICE,
            path,
            f"`{action}` is of another service than the resource: the policy of a resource speaks"
            " of that resource only",
            f"everything else here is of `{home}`",
            help="put it into the policy of the resource it is about, or into an identity-based"
            " policy",
        )


def _is_of_everyone(subject: Subject) -> bool:
    """Whether it names nobody: then it may as well be the policy of a VPC endpoint."""
    entries = [e for s in subject.statements if s.principals for e in s.principals.entries]
    return all(entry.value == "*" for entry in entries)


def _actions(statement: Statement) -> Iterator[tuple[Path, str]]:
    values = statement.actions.values
    for index, action in enumerate(values.items):
        if service_of(action) != ANY_SERVICE and not statement.actions.negated:
            yield values.place(index), action


def _home(subject: Subject, services: Counter[str]) -> str:
    """Return the service that the resources are of, or else most of the actions."""
    words = {word for s in subject.statements for word in _words(s)} & services.keys()
    return words.pop() if len(words) == 1 else services.most_common(1)[0][0]


def _words(statement: Statement) -> Iterator[str]:
    items = statement.resources.values.items if statement.resources is not None else ()
    arns = (parse_arn(text) for text in items if not is_open(text))
    return (arn.service for arn in arns if arn is not None)


def _shares_words(service: str, home: str) -> bool:
    """Whether two services have resources in common, or one of them is not known."""
    from simulator.catalog.actions import is_service  # noqa: PLC0415 - takes 5 ms
    from simulator.catalog.resource_types import arn_words  # noqa: PLC0415 - likewise

    if not (is_service(service) and is_service(home)):
        return True  # told as unknown
    return bool(arn_words(service) & (arn_words(home) | {home}))


def _is_told(statement: Statement, action: str) -> bool:
    """Whether it is told already that the action is done to none of the resources."""
    resources = statement.resources
    is_named = "*" not in action and "?" not in action
    lists = resources is not None and not resources.negated and "*" not in resources.values.items
    return is_named and lists


def other_bucket(findings: Findings, subject: Subject) -> None:
    """Tell of a bucket policy that speaks of several buckets."""
    if _is_of_everyone(subject):
        return
    first: str | None = None
    for statement in subject.statements:
        for path, bucket in _buckets(statement):
            if first is None:
                first = bucket
            elif bucket != first:
                findings.warn(
                    OTHER_BUCKET,
                    path,
                    f"a bucket policy speaks of its own bucket only, and not of `{bucket}` beside"
                    f" `{first}`",
                    "this is another bucket",
                    help="S3 answers `Policy has invalid resource`; each bucket has a policy of its"
                    " own",
                )
                return


def _buckets(statement: Statement) -> Iterator[tuple[Path, str]]:
    if statement.resources is None:
        return
    values = statement.resources.values
    for index, text in enumerate(values.items):
        arn = None if is_open(text) else parse_arn(text)
        if arn is None or (arn.service, arn.region, arn.account) != ("s3", "", ""):
            continue
        bucket = arn.resource.partition("/")[0]
        if not {"*", "?", "$"} & {*bucket}:
            yield values.place(index), bucket


# --- Whether a key can be managed


def locked_out(findings: Findings, subject: Subject) -> None:
    """Tell of a key policy by which no account can manage the key, or not ours."""
    statements = subject.statements
    is_whole = len(statements) == len(subject.policy.statements)
    if not is_whole or not _is_key_policy(statements) or _is_of_everyone(subject):
        return
    managing = [e for s in statements if _manages(s) for e in _entries(s)]
    if any(is_open(entry.value) or _admits(entry, subject.setting) for entry in managing):
        return
    path, help_ = statements[0].path[:1], "add a statement that allows `kms:*` to the account"
    if not managing:
        message = "nobody can change this key policy: it does not allow `kms:PutKeyPolicy`"
        findings.warn(LOCKED_OUT, path, message, "no statement allows it", help=help_)  # EVAL-17
        return
    ours = any(_account_of(entry) for entry in managing)
    findings.warn(  # EVAL-17
        LOCKED_OUT,
        path,
        "the key policy lets another account manage the key, and not its own"
        if ours
        else "the key policy does not name its account, so identity-based policies give no access"
        " to the key",
        "no statement allows `kms:PutKeyPolicy` to the account of the key",
        help=f"{help_}: once the users and roles that it names are gone, only AWS support can help",
    )


def _is_key_policy(statements: tuple[Statement, ...]) -> bool:
    services = {service_of(a) for s in statements for a in s.actions.values.items}
    words = {word for statement in statements for word in _words(statement)}
    allows = any(statement.effect is Effect.ALLOW for statement in statements)
    return allows and services == {"kms"} and words <= {"kms"}


def _manages(statement: Statement) -> bool:
    actions = statement.actions
    if statement.effect is not Effect.ALLOW or actions.negated:
        return False
    return any(takes_in(text, _MANAGES_KEY) for text in actions.values.items)


def _entries(statement: Statement) -> tuple[PrincipalEntry, ...]:
    pattern = statement.principals
    return pattern.entries if pattern is not None and not pattern.negated else ()


def _admits(entry: PrincipalEntry, setting: Setting) -> bool:
    if entry.value == "*":
        return True
    account = _account_of(entry)
    return account is not None and (not setting.accounts or account in setting.accounts)


def _account_of(entry: PrincipalEntry) -> str | None:
    """Return the account that a principal names as a whole."""
    if ACCOUNT_ID.fullmatch(entry.value):
        return entry.value
    arn = parse_arn(entry.value)
    return arn.account if arn is not None and arn.resource == "root" else None
