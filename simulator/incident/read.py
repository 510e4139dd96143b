"""From a file, a pipe or a pasted text to the incidents in it, each told once."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.incident.changes import Changes, seconds
from simulator.incident.decoded import incident_of_decoded, incident_of_encoded, is_decoded
from simulator.incident.errors import incident_of_answer, incidents_in
from simulator.incident.event import has_failed, incident_of_event, is_record
from simulator.incident.model import IncidentError
from simulator.incident.stream import texts
from simulator.incident.values import Values
from simulator.source import Source
from simulator.syntax import decode, decode_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.incident.model import Incident
    from simulator.incident.stream import Readable

_LONGEST_TEXT: Final = 256 * 1024  # characters of an error with all that stands around it
_MOST_KINDS: Final = 1000
_MOST_TIMES: Final = 100
_MOST_IDS: Final = 200_000


class Found(NamedTuple):
    """An incident, how often it was told, when first and last, and what was changed before it."""

    incident: Incident
    times: int = 1
    first: str | None = None
    last: str | None = None
    after_change: str | None = None


class Reading(NamedTuple):
    """The incidents in a text, and what else was in it.

    `records` is how many records of CloudTrail there were, nothing where it was no log, and
    `skipped` how many of them tell nothing, by the reason. `problems` are what is wrong with the
    text; what is whole was read. `whole` is whether that is all, but for a line half written yet.
    `asked` is the code of the error of the event that was asked for, empty if it succeeded, and
    nothing if it is not there.
    """

    found: tuple[Found, ...]
    records: int | None = None
    skipped: Mapping[str, int] = MappingProxyType({})
    problems: tuple[str, ...] = ()
    whole: bool = True
    asked: str | None = None


def read_incidents(file: Readable, name: str, event_id: str | None = None) -> Reading:
    """Return the incidents in a file; of a log only that of one event, if its id is given.

    Raises:
        IncidentError: there is none in it that could be read.
        DocumentError: it is meant to be JSON, and none.
    """
    damage: list[str] = []
    values = Values(texts(file, name, damage))
    if values.begins_as_json():
        return _read_values(values, name, damage, event_id)
    text = values.beginning(_LONGEST_TEXT + 1)
    if damage and not text.strip():
        raise _nothing(damage)
    if len(text) > _LONGEST_TEXT:
        raise IncidentError(
            f"`{name}` is no JSON, and longer than {_LONGEST_TEXT:,} characters: give the part"
            " with the error"
        )
    source, _ = decode_text(name, text.encode(errors="replace"))
    encoded = incident_of_encoded(source.text, name)
    found = (encoded,) if encoded is not None else incidents_in(source.text)
    if not found:
        raise (
            _nothing(damage)
            if damage
            else IncidentError(
                f"`{name}`: there is no error of AWS in this text: give it as it was printed, from"
                " `An error occurred`, the name of the error or `User:` on"
            )
        )
    return Reading(tuple(map(Found, found)), problems=_read_so_far(damage), whole=not damage)


def _nothing(damage: list[str]) -> IncidentError:
    """Return that nothing whole is in a damaged file."""
    return IncidentError(f"{damage[0]}, and nothing in it is whole: copy it anew from where it is")


def _read_so_far(damage: list[str]) -> tuple[str, ...]:
    return tuple(f"{each}: what came before was read" for each in damage)


def _read_values(values: Values, name: str, damage: list[str], event_id: str | None) -> Reading:
    beginning = values.beginning(_LONGEST_TEXT)
    log, others, strange = _Log(event_id), [], 0
    for value in values:
        record = _record(value)
        other = None if record is not None else _other(value, name)
        if record is not None:
            log.add(record)
        elif other is not None:
            others.append(other)
        else:
            strange += 1
    if not log.records and not others and not (values.is_empty and not damage):
        if damage:
            raise _nothing(damage)
        if values.broken and len(beginning) < _LONGEST_TEXT:
            decode(Source(name, beginning))  # raises what is wrong with it
        raise IncidentError(
            f"`{name}`: neither a record of CloudTrail, nor a decoded message, nor an error of AWS"
        )
    problems = [*_read_so_far(damage), *_oddities(values, name, damage)]
    if strange:
        problems.append(f"`{name}`: {strange} values are no records of CloudTrail: left out")
    return Reading(
        (*map(Found, others), *log.found()),
        log.records if log.records or values.is_empty else None,
        {k: n for k, n in log.skipped.items() if n},
        tuple(problems),
        not damage
        and not values.given_up
        and not (values.cut and values.listed),  # row 126: lines may grow still
        log.asked,
    )


def _oddities(values: Values, name: str, damage: list[str]) -> Iterator[str]:
    """Yield what was odd about the values of a log."""
    if values.given_up:
        yield f"`{name}`: too much of it is no JSON: the rest was not read"
    elif values.cut and not damage:
        yield f"`{name}` ends within a record: the others were read"
    elif values.broken:
        yield f"`{name}`: {values.broken} lines are no JSON: the others were read"


def _record(value: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 - any JSON value
    """Return a record of CloudTrail, also out of an event of EventBridge or of `lookup-events`."""
    if not isinstance(value, dict):
        return None
    if is_record(value):
        return value
    inner = value.get("detail")
    if isinstance(value.get("CloudTrailEvent"), str):
        first = next(iter(Values(iter([value["CloudTrailEvent"]]))), None)
        inner = first if isinstance(first, dict) else None
    return inner if is_record(inner) else None


def _other(value: Any, name: str) -> Incident | None:  # noqa: ANN401 - any JSON value
    if not isinstance(value, dict):
        return None
    if is_decoded(value):
        return incident_of_decoded(value, name)
    return incident_of_answer(value)


class _Group:
    """Incidents that are told as one."""

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        self.count = 0
        self.first: str | None = None
        self.last: str | None = None
        self.times: list[int] = []

    def add(self, time: str | None) -> None:
        self.count += 1
        instant = seconds(time)
        if time is None or instant is None:
            return
        if len(self.times) < _MOST_TIMES:
            self.times.append(instant)
        if self.first is None or instant < (seconds(self.first) or 0):
            self.first = time
        if self.last is None or instant > (seconds(self.last) or 0):
            self.last = time


class _Log:
    """The records of a log as they come: what failed, by its kind, and what was changed."""

    def __init__(self, event_id: str | None) -> None:
        self.records = 0
        self.asked: str | None = None
        self._wanted = event_id
        self.skipped: dict[str, int] = {}
        self._ids: set[str] = set()
        self._groups: dict[object, _Group] = {}
        self._changes = Changes()

    def add(self, record: Mapping[str, Any]) -> None:
        """Take note of a record."""
        self.records += 1
        if self._is_repeated(record):
            return self._skip("told twice")
        self._changes.add(record)
        is_wanted = self._wanted is None or record.get("eventID") == self._wanted
        if is_wanted and self._wanted is not None:
            self.asked = str(record.get("errorCode") or "")
        if not is_wanted or not has_failed(record):
            return None
        incident = incident_of_event(record)
        key = _kind(incident)
        group = self._groups.get(key)
        if group is None and len(self._groups) >= _MOST_KINDS:
            return self._skip(f"failed in another way than the first {_MOST_KINDS}")
        if group is None:
            group = self._groups[key] = _Group(incident)
        group.add(incident.time)
        return None

    def _skip(self, reason: str) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def _is_repeated(self, record: Mapping[str, Any]) -> bool:
        event_id = record.get("eventID")
        if not isinstance(event_id, str) or len(event_id) > 64:
            return False
        if event_id in self._ids:
            return True
        if len(self._ids) < _MOST_IDS:
            self._ids.add(event_id)
        return False

    def found(self) -> Iterator[Found]:
        """Yield what failed, what failed most often first."""
        for group in sorted(self._groups.values(), key=lambda each: -each.count):
            arns = (group.incident.role or group.incident.resource, group.incident.caller)
            is_denial = group.incident.is_denial
            after = self._changes.before(arns, group.times) if is_denial else None
            yield Found(group.incident, group.count, group.first, group.last, after)


def _kind(incident: Incident) -> object:
    """Return what two incidents share that are told as one: caller, role, reason, parameters."""
    passed = incident.parameters._replace(role_session_name=None)
    return (
        *(incident.caller, incident.caller_account, incident.action, incident.resource),
        *(incident.code, incident.reason, passed, incident.whole, incident.mfa),
        incident.credentials,
        None if incident.reason or incident.encoded else incident.message,
        tuple(incident.claims.items()),
    )
