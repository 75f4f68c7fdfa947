"""The words of messages: templates of the tracker's own, and the writing of a message by these or by a user's.

A message is written from a JSON-ready document (`Message.document`), the same that commands, files and webhooks get.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.alerts import templates
from tracker.alerts.escaping import block, one_line
from tracker.alerts.templates import TemplateFaultError
from tracker.model.alerts import Form

MAX_TITLE = 200  # characters; longer ones are cut
MAX_BODY = 100_000

TITLE = """\
{% if test %}[TEST] {% endif %}{% if count > 1 %}{{ alert.title }}: {{ count }} changes{% else %}\
{{ item.words }}: {{ item.event.summary if item.event else item.source.name }}{% endif %}
"""
BODIES: Mapping[Form, str] = {
    Form.TEXT: """\
{% for item in items %}
{% if item.event %}
{{ item.event.date }}  {{ item.words }}: {{ item.event.summary }}
{% if item.event.effective_on %}  takes effect: {{ item.event.effective_on }}
{% endif %}
{% for one in item.event.contradictions %}  {{ one.field }}: {{ one.taken }} is taken; others say {{ one.others }}
{% endfor %}
{% for report in item.event.reports %}  "{{ report.quote }}"
    {{ report.source_name }}{% if report.url %}, {{ report.url }}{% endif %}

{% endfor %}
  tracker show {{ item.event.id }}
{% else %}
{{ item.words }}: {{ item.source.name }} ({{ item.source.id }}): {{ item.source.detail }}
{% endif %}

{% endfor %}
""",
    Form.MARKDOWN: """\
{% for item in items %}
{% if item.event %}
**{{ item.words }}** {{ item.event.date }}: {{ item.event.summary }}
{% if item.event.effective_on %}takes effect: {{ item.event.effective_on }}
{% endif %}
{% for one in item.event.contradictions %}{{ one.field }}: {{ one.taken }} is taken; others say {{ one.others }}
{% endfor %}
{% for report in item.event.reports %}
> {{ report.quote }}

{{ report.source_name }}{% if report.url %}: {{ report.url }}{% endif %}

{% endfor %}
{% else %}
**{{ item.words }}**: {{ item.source.name }}: {{ item.source.detail }}
{% endif %}

{% endfor %}
""",
    Form.HTML: """\
{% for item in items %}
{% if item.event %}
<h3>{{ item.words }}: {{ item.event.summary }}</h3>
<p>{{ item.event.date }}{% if item.event.effective_on %}, takes effect {{ item.event.effective_on }}{% endif %}</p>
{% for one in item.event.contradictions %}
<p>{{ one.field }}: {{ one.taken }} is taken; others say {{ one.others }}</p>
{% endfor %}
{% for report in item.event.reports %}
<blockquote>{{ report.quote }}<br>
{% if report.url %}<a href="{{ report.url }}">{{ report.source_name }}</a>{% else %}{{ report.source_name }}{% endif %}
</blockquote>
{% endfor %}
<p><code>tracker show {{ item.event.id }}</code></p>
{% else %}
<h3>{{ item.words }}: {{ item.source.name }}</h3>
<p>{{ item.source.detail }}</p>
{% endif %}
{% endfor %}
""",
}

_EVENT: Mapping[str, Any] = {
    "id": "0123456789abcdef",
    "date": "2024-10-01",
    "type": "export_control",
    "subtype": None,
    "status": "in_force",
    "direction": "restrict",
    "certainty": "confirmed",
    "actors": ["United States"],
    "targets": ["China"],
    "items": ["chips"],
    "instruments": ["Entity List"],
    "announced_on": "2024-10-01",
    "effective_on": "2024-11-01",
    "summary": "United States tightens export controls on chips to China",
    "confidence": 0.9,
    "reports_count": 2,
    "origins": 2,
    "sources": 2,
    "url": "https://news.example/chips",
    "measure_id": "fedcba9876543210",
    "reports": [
        {
            "source_name": "Example News",
            "url": "https://news.example/chips",
            "title": "Chips",
            "quote": "Washington tightened its export controls on chips.",
            "published": "2024-10-01",
            "tier": "major",
        }
    ],
    "contradictions": [{"field": "status", "taken": "in_force", "others": ["announced"]}],
}


def _sample(trigger: str, words: str, count: int = 1, **rest: Any) -> dict[str, Any]:
    item = {"trigger": trigger, "words": words, "key": trigger, "event": None, "source": None, "day": None}
    item |= {"old": None, "new": None} | rest
    return {
        "id": "0" * 32,
        "alert": {"name": "sample", "title": "A sample"},
        "made_at": "2024-10-01T08:00:00Z",
        "test": True,
        "count": count,
        "items": [item] * count,
    }


# One document for each trigger, and a digest: what templates are checked on before they are used.
SAMPLES: tuple[Mapping[str, Any], ...] = (
    _sample("new", "new event", event=_EVENT),
    _sample("status", "status: announced → in_force", event=_EVENT, old="announced", new="in_force"),
    _sample("effective", "takes effect in 7 days", event=_EVENT, day="2024-11-01"),
    _sample("contradicted", "contradicted: status", event=_EVENT, new="status"),
    _sample(
        "silent",
        "silent",
        source={"id": "us-bis", "name": "BIS", "alarm": "silent", "since": "2024-09-01", "detail": "nothing new"},
    ),
    _sample(
        "held",
        "held back",
        source={"id": "us-bis", "name": "BIS", "alarm": "held", "since": "2024-09-01", "detail": "12 articles"},
    ),
    _sample("new", "new event", 3, event=_EVENT),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A message's words; `fault` says why they are not those of the user's template."""

    title: str
    body: str
    fault: str | None = None


def check(source: str, form: Form, *, trigger: str | None = None) -> None:
    """Try a template on samples; TemplateFaultError says what is wrong with it and where.

    Args:
        source: the template.
        form: what it writes.
        trigger: of the samples only those of this trigger, since not all data is there for all of them.
    """
    for sample in SAMPLES:
        if trigger is None or sample["items"][0]["trigger"] == trigger:
            templates.render(source, form, data(sample))


def data(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a template sees: the document, and its first item's parts for templates that tell one thing."""
    first = document["items"][0]
    return {**document, "item": first, "event": first["event"], "source": first["source"]}


def write(document: Mapping[str, Any], form: Form, title: str | None, body: str | None) -> Written:
    """Title and body by the user's templates, where they do it; else by the tracker's own, which tell what was wrong.

    Nothing is lost because a template fails.
    """
    seen = data(document)
    try:
        head = templates.render(title or TITLE, Form.TEXT, seen)
        text = templates.render(body or BODIES[form], form, seen)
        fault = None
    except TemplateFaultError as error:
        head = templates.render(TITLE, Form.TEXT, seen)
        text = templates.render(BODIES[form], form, seen)
        fault = str(error)
    return Written(one_line(head, MAX_TITLE) or document["alert"]["title"], block(text)[:MAX_BODY], fault)
