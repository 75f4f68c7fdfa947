"""Templates: what they see, how what stands in articles is escaped, and what they cannot do."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tracker.alerts import templates, wording
from tracker.alerts.templates import TemplateFaultError
from tracker.model.alerts import Form

SEEN = wording.data(wording.SAMPLES[0])
HOSTILE = "<script>alert(1)</script> *bold* [x](https://e.example) @everyone \x1b[31m\u202ered\nnext"


def with_summary(text: str) -> dict[str, Any]:
    (item,) = wording.SAMPLES[0]["items"]
    event = {**item["event"], "summary": text}
    event["reports"] = [{**report, "quote": text, "source_name": text} for report in event["reports"]]
    return {**wording.SAMPLES[0], "items": [{**item, "event": event}]}


@pytest.mark.parametrize(
    ("form", "source", "written"),
    [
        pytest.param(
            Form.TEXT, "{{ event.summary }}", "United States tightens export controls on chips to China", id="field"
        ),
        pytest.param(Form.TEXT, "{{ event.items }}", "chips", id="a field with the name of a method"),
        pytest.param(Form.TEXT, "{{ event.actors }}-{{ event.subtype }}", "United States-", id="lists and nothing"),
        pytest.param(
            Form.TEXT, "{% for i in items %}{{ loop.index }}{{ i.words|upper }}{% endfor %}", "1NEW EVENT", id="loop"
        ),
        pytest.param(Form.TEXT, "{{ event.confidence + 1 }} {{ 'a' + 'b' ~ 1 }}", "1.9 ab1", id="sums"),
        pytest.param(
            Form.HTML, "{{ '<b>' ~ event.type }}", "&lt;b&gt;export_control", id="texts put together are escaped"
        ),
        pytest.param(
            Form.HTML, "<b>{{ event.type }}</b>", "<b>export_control</b>", id="the template's own markup stays"
        ),
        pytest.param(
            Form.MARKDOWN,
            "**{{ event.type }}** {{ event.url }}",
            r"**export\_control** https://news.example/chips",
            id="md",
        ),
    ],
)
def test_what_a_template_writes(form: Form, source: str, written: str) -> None:
    assert templates.render(source, form, SEEN) == written


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("body", [None, "{{ event.summary }}|{{ event.reports[0].quote|upper|truncate(200) }}"])
def test_what_stands_in_articles_is_never_markup(form: Form, body: str | None) -> None:
    found = wording.write(with_summary(HOSTILE), form, None, body)
    assert found.fault is None
    assert "\x1b" not in found.title + found.body
    assert "\u202e" not in found.title + found.body
    assert "\n" not in found.title
    if form is Form.HTML:
        assert "<script" not in found.body.lower()
    if form is Form.MARKDOWN:
        assert "@everyone" not in found.body.lower().replace("\\@", "")
        assert "<script" not in found.body.lower().replace("\\<", "")
        assert "[x](" not in found.body.lower()


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        pytest.param("{{ unknown }}", 1, "'unknown' is undefined", id="unknown name"),
        pytest.param("a\n\n{{ event.sumary }}", 3, "sumary", id="unknown field, with its line"),
        pytest.param("a\n{% for x in items %}", 2, "Unexpected end of template", id="syntax"),
        pytest.param("a\n{{ event.summary", 2, "end of", id="unclosed"),
        pytest.param("{{ event.summary.__class__ }}", 1, "unsafe", id="attribute of an object"),
        pytest.param("{{ ''['__class__'] }}", 1, "unsafe", id="the same by a subscript"),
        pytest.param("{{ items.__class__.__mro__ }}", 1, "unsafe", id="of a list"),
        pytest.param("{{ ()|attr('__class__') }}", 1, "No filter named 'attr'", id="by a filter"),
        pytest.param("{{ items|map(attribute='__class__')|list }}", 1, "__class__", id="by a filter of many"),
        pytest.param("{{ event.items() }}", 1, "nothing can be called", id="method"),
        pytest.param("{{ cycler('a') }}", 1, "nothing can be called", id="function"),
        pytest.param("{{ self.__init__ }}", 1, "unsafe", id="the template itself"),
        pytest.param("{% include '/etc/passwd' %}", 1, "include", id="include"),
        pytest.param("{% import 'x' as x %}", 1, "import", id="import"),
        pytest.param("{% macro a() %}{% endmacro %}", 1, "macro", id="macro"),
        pytest.param("{% autoescape false %}{{ event }}{% endautoescape %}", 1, "autoescape", id="no escapes"),
        pytest.param("{{ event.summary|safe }}", 1, "No filter named 'safe'", id="safe"),
        pytest.param("{% for a in items recursive %}{% endfor %}", 1, "recursive", id="recursion"),
        pytest.param("{{ 'a' * 1000000000 }}", 1, "operator *", id="long text"),
        pytest.param("{{ 9 ** 999999999 }}", 1, "operator **", id="large number"),
        pytest.param("{{ '%999999999d' % 1 }}", 1, "operator %", id="wide number"),
        pytest.param("{{ event|center(999999999) }}", 1, "No filter named 'center'", id="wide text"),
        pytest.param("{% set x = [event, event] %}", 1, "a list can only", id="lists of lists"),
        pytest.param("{{ 1 / 0 }}", 1, "division by zero", id="arithmetic"),
        pytest.param("{{ " + "(" * 300 + "1" + ")" * 300 + " }}", 1, "", id="nested values"),
        pytest.param("{% if " + "not " * 210 + "event %}{% endif %}", 1, "nested too deeply", id="nested code"),
        pytest.param("{% if event == 1e999 %}{% endif %}", 1, "a number is too large", id="infinite number"),
        pytest.param("x" * 20_001, 1, "longer than", id="long template"),
    ],
)  # fmt: skip
def test_what_a_template_cannot_do(source: str, line: int, words: str) -> None:
    with pytest.raises(TemplateFaultError) as error:
        templates.render(source, Form.HTML, SEEN)
    assert error.value.line == line
    assert words in error.value.what


GROWING = "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}"
JOINING = "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a|list|join(a) %}" * 10 + "{{ a }}"
LOOPING = "{% for a in event.summary %}" * 8 + "x" + "{% endfor %}" * 8
SILENT = "{% for a in event.summary %}" * 8 + "{% endfor %}" * 8
WRITING = "{% for a in event.summary %}{% for b in event.summary %}" + "y" * 200 + "{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    "source", [GROWING, JOINING, LOOPING, SILENT, WRITING], ids=["~", "join", "loops", "idle", "long"]
)
def test_no_template_runs_or_writes_for_ever(source: str) -> None:
    began = time.monotonic()
    with pytest.raises(TemplateFaultError, match="more than"):
        templates.render(source, Form.TEXT, SEEN)
    assert time.monotonic() - began < 5


def test_a_template_that_fails_loses_nothing() -> None:
    found = wording.write(wording.SAMPLES[0], Form.TEXT, None, "{{ event.sumary }}")
    assert found.fault is not None
    assert "sumary" in found.fault
    assert "United States tightens" in found.body


@pytest.mark.parametrize("form", Form)
def test_our_own_templates_can_write_every_sample(form: Form) -> None:
    for sample in wording.SAMPLES:
        assert wording.write(sample, form, None, None).fault is None
    wording.check(wording.BODIES[form], form)
