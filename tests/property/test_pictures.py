"""Whatever stands in policies, pictures are made of our elements alone, and show it as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from simulator.decision.verdict import Layer
from simulator.diagnosis.diagnose import diagnose_request
from simulator.policy import kinds
from simulator.rendering.evaluation import Result
from simulator.rendering.excerpt import safe
from simulator.rendering.mermaid import flowchart
from simulator.rendering.page.document import page
from simulator.rendering.picture import Fact, Known, picture_of_request
from simulator.simulate import simulate
from tests import worlds
from tests.pages import parsed

if TYPE_CHECKING:
    from simulator.rendering.picture import Picture

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title></textarea>-->]]>",
    "javascript:alert(1)",
    "\x1b[2J\x1b]0;pwn\x07",
    "\x1b]8;;https://example.com\x1b\\here\x1b]8;;\x1b\\",
    "\x9b31m\x7f\u202egnp.exe\u200b\u200d\ufeff\u2028",
    "[bold]x[/bold] `tick` ``` | @user ![](http://example.com/x.png)",
    '"];%%{init: {"theme":"dark"}}%% click A "https://example.com"',
    "end; style a fill:#f9f,stroke:#333; classDef x fill:#fff; fa:fa-car $$x$$ \\n www.a.b",
    "&lt;b&gt; &amp; &#60; #60; #quot; \ufb02\xb0\xb060\xb6\xdf",
    "x" * 10_000,
    "line\nline\r\n\tline",
)
#: What a document can hold: AWS and we refuse NUL in one, and halves of surrogate pairs.
IN_DOCUMENTS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(IN_DOCUMENTS, min_size=1, max_size=40))
#: What names of files hold besides: bytes that are no UTF-8.
NAMES = st.one_of(TEXTS, st.just("\udcff.json"), st.text(st.characters(), min_size=1, max_size=40))
_SPACES = re.compile(r"\s+")
_NODE = re.compile(
    r'(d\d+\w+)\["((?:[A-Za-z0-9 ,./():=-]|#\d+;|<br/>)*)"\]:::(?:passes|stops|open|idle|asked)'
)
_ARROW = re.compile(r"d\d+\w+ (?:-->|==>|-\.->) d\d+\w+")
_STYLE = re.compile(r"classDef \w+ fill:#\w+,stroke:#\w+,color:#\w+")


def picture(sid: str, resource: str, value: str, name: str) -> Picture:
    """Return the picture of a request that a condition keeps from being allowed."""
    resource = f"arn:aws:s3:::b/{resource}"
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:user/u"},
        "Action": "s3:GetObject",
        "Resource": resource,
        "Condition": {"StringEquals": {"aws:SourceVpce": value}},
    }
    document = {"Version": "2008-10-17", "Statement": [statement]}
    world = {"caller": {"arn": "arn:aws:iam::111111111111:user/u"}}
    asked = {"action": "s3:GetObject", "resource": resource, "resource_account": "111111111111"}
    question = worlds.question(world, asked, {"aws:UserAgent": value})
    compiled = worlds.compiled(document, kinds.RESOURCE, name)
    question = question._replace(
        policies=question.policies.having({Layer.RESOURCE: ((compiled,),)})
    )
    evaluation = simulate(question)
    diagnosis = diagnose_request(question, evaluation)
    result = Result(evaluation, diagnosis, (), (sid,), None)
    return picture_of_request(result, question.context)


@given(TEXTS, TEXTS, TEXTS, NAMES)
def test_a_page_shows_all_of_it_as_text(sid: str, resource: str, value: str, name: str) -> None:
    found = parsed(page([picture(sid, resource, value, name)]))
    text = _SPACES.sub(" ", found.text)
    for shown in (safe(sid, 120), safe(name), safe(f"arn:aws:s3:::b/{resource}"), safe(value)):
        assert _SPACES.sub(" ", shown) in text


@given(NAMES)
def test_a_text_changes_nothing_of_a_page_but_its_text(text: str) -> None:
    plain, hostile = (_speaking(each) for each in ("plain", text))
    assert parsed(page([hostile])).shape == parsed(page([plain])).shape


def _speaking(text: str) -> Picture:
    """Return a picture whose own texts are all the same."""
    fact = Fact(text, (text, text), Known.GIVEN, is_asked=True)
    return picture("S", "k", "v", "p.json")._replace(
        sentence=safe(text),
        question=((text, text),),
        facts=(fact, fact._replace(is_asked=False)),
        said=(safe(text), safe(text)),
        notes=(text,),
        title=safe(text),
    )


@given(TEXTS, TEXTS, TEXTS, NAMES)
def test_a_flowchart_is_of_our_nodes_and_arrows_alone(
    sid: str, resource: str, value: str, name: str
) -> None:
    head, *lines = flowchart([picture(sid, resource, value, name)]).splitlines()
    assert head == "flowchart TD"
    nodes = [found for line in lines if (found := _NODE.fullmatch(line.strip()))]
    others = [line.strip() for line in lines if not _NODE.fullmatch(line.strip())]
    assert all(_ARROW.fullmatch(line) or _STYLE.fullmatch(line) for line in others)
    shown = [_decoded(part) for node in nodes for part in node[2].split("<br/>")]
    assert drawn(f"arn:aws:s3:::b/{resource}") in shown


def drawn(text: str) -> str:
    """Return a text as a flowchart shows it, in which no formula, icon or line's end is drawn."""
    shown = re.sub(r"(?<=\$)\$", r"\\u0024", safe(text, 120))
    shown = re.sub(":(?=fa-)", r"\\u003a", shown, flags=re.IGNORECASE)
    shown = re.sub(r"\\(?=n)", r"\\u005c", shown, flags=re.IGNORECASE)
    return shown.replace("\ufb02\xb0", "\\ufb02\xb0").replace("\xb6\xdf", "\\u00b6\xdf")


def _decoded(label: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


@given(TEXTS)
def test_no_word_of_a_flowchart_is_one_that_mermaid_acts_on(text: str) -> None:
    lines = flowchart([picture("S", text, "v", "p.json")]).splitlines()
    labels = "".join(found[2] for line in lines if (found := _NODE.fullmatch(line.strip())))
    for word in ("style", "classdef", ":fa-", "://", "www."):
        assert word not in labels.lower()
