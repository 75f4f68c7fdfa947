"""Jinja2 templates of users, in a sandbox that can read, loop and filter, and nothing else.

A template sees the data of one message. It can call nothing, reach no attribute but keys of the data, define or
include nothing, and neither what it writes nor what it does is without bounds: every turn of every loop and every
text that it puts together is counted, so that one that would run for ever ends with an error. All values are escaped
for the form that is written (`escaping`), and there is no way around that. Reads no clock and no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from tracker.alerts.escaping import ESCAPES
from tracker.model.alerts import Form

MAX_SOURCE = 20_000  # characters of a template
MAX_OUTPUT = 200_000  # characters that it writes
MAX_TURNS = 50_000  # of all its loops together
MAX_TEXT = 100_000  # characters of a text that it puts together

# What a filter may do is known of these: none grows its input by a number that it is given, none loses the escapes.
FILTERS = frozenset(
    "abs capitalize count d default first float groupby int items last length list lower map max min reject rejectattr "
    "reverse select selectattr sort string striptags sum title trim truncate unique upper urlencode wordcount".split()
)
# Statements that define, include or recurse: without them, the turns of the loops bound the time.
REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from … import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.AssignBlock: "set … endset",
    nodes.FilterBlock: "filter",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.EvalContextModifier: "autoescape",
}
# Filters, and a value, that no template can name.
TURNS, JOINED, BUDGET = "(turns)", "(joined)", "(budget)"


class TemplateFaultError(Exception):
    """What is wrong with a template, and in which of its lines."""

    def __init__(self, what: str, line: int) -> None:
        """Keep both; the message has them too."""
        super().__init__(f"line {line} of the template: {what}")
        self.what = what
        self.line = line


@dataclass(slots=True)
class _Budget:
    """What one rendering may still do."""

    turns: int = MAX_TURNS

    def over(self, values: Iterable[Any]) -> Iterator[Any]:
        """The values, each counted as a turn of a loop."""
        for value in values:
            self.turns -= 1
            if self.turns < 0:
                raise SecurityError(f"more than {MAX_TURNS:,} turns of its loops")
            yield value


class _Bounds(NodeTransformer):
    """Puts a count into every loop and a limit on every text that is put together."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - jinja2's name
        """Let a loop's values pass the count."""
        node.iter = nodes.Filter(node.iter, TURNS, [], [], None, None, lineno=node.lineno)
        self.generic_visit(node)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - jinja2's name
        """Join by a filter that knows a limit."""
        self.generic_visit(node)
        return nodes.Filter(nodes.List(node.nodes, lineno=node.lineno), JOINED, [], [], None, None, lineno=node.lineno)


class _Sandbox(ImmutableSandboxedEnvironment):
    """jinja2's sandbox, narrowed to reading data."""

    intercepted_binops = frozenset({"+", "*", "**", "%", "//", "/", "-"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of the data, which may be called like a method of a dict ("items")."""
        return self.getitem(obj, attribute) if isinstance(obj, Mapping) else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A key of the data, or a place in a list."""
        if not isinstance(obj, Mapping):
            return super().getitem(obj, argument)
        return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002 - jinja2's signature
        """Nothing can be called."""
        return False

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002 - as above
        """No attribute of a Python object is data."""
        return isinstance(obj, _LOOP) and attr in LOOP_WORDS

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Sums of small numbers, and texts one after another."""
        if operator == "**" or not all(isinstance(side, int | float | str) for side in (left, right)):
            raise SecurityError(f"the operator {operator} is not to be used on this")
        if isinstance(left, str) or isinstance(right, str):
            if operator != "+":
                raise SecurityError(f"the operator {operator} is not to be used on texts")
            return _joined([left, right])
        if max(abs(left), abs(right)) > 10**15:
            raise SecurityError("a number beyond all use")
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template, if it has nothing that is refused, with its bounds."""
        tree = super()._parse(source, name, filename)
        for refused, word in REFUSED.items():
            for node in tree.find_all(refused):
                raise TemplateSyntaxError(f"{{% {word} %}} is not to be used", node.lineno)
        for loop in tree.find_all(nodes.For):
            if loop.recursive:
                raise TemplateSyntaxError("a recursive loop is not to be used", loop.lineno)
        for call in tree.find_all(nodes.Call):
            raise TemplateSyntaxError("nothing can be called; use a filter, such as {{ x|upper }}", call.lineno)
        for literal in tree.find_all((nodes.List, nodes.Tuple, nodes.Dict)):
            if getattr(literal, "ctx", "load") == "load" and literal.find(nodes.Name):
                raise TemplateSyntaxError("a list can only be written of texts and numbers", literal.lineno)
        bounded: nodes.Template = _Bounds().visit(tree)
        return bounded


LOOP_WORDS = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"})


def _loop_type() -> type:
    from jinja2.runtime import LoopContext  # noqa: PLC0415 - its only use

    return LoopContext


_LOOP = _loop_type()


def _joined(parts: Iterable[Any]) -> Any:
    """Texts as one, at most MAX_TEXT long; escaped where one of them is."""
    texts = list(parts)
    whole: str = (
        Markup("").join(escape(text) for text in texts)
        if any(isinstance(text, Markup) for text in texts)
        else "".join(map(str, texts))
    )
    if len(whole) > MAX_TEXT:
        raise SecurityError(f"a text of more than {MAX_TEXT:,} characters")
    return whole


def _join(values: Iterable[Any], between: str = "") -> Any:
    """jinja2's filter with a limit."""
    parts = [part for value in values for part in (between, value)]
    return _joined(parts[1:])


def _rounded(value: float, precision: int = 0) -> float:
    """jinja2's filter without its powers of ten."""
    return round(value, min(max(precision, 0), 10))


def _environment(form: Form) -> _Sandbox:
    """A sandbox with what the tables allow."""
    made = _Sandbox(
        autoescape=form is Form.HTML,
        finalize=ESCAPES[form],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    made.globals.clear()
    made.filters = {name: call for name, call in made.filters.items() if name in FILTERS}
    made.filters |= {TURNS: _turns, JOINED: _joined, "join": _join, "round": _rounded}
    return made


@pass_context
def _turns(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    """The values of a loop, counted by the budget of this rendering."""
    budget: _Budget = context[BUDGET]
    return budget.over(values)


@lru_cache(maxsize=256)
def _compiled(source: str, form: Form) -> Template:
    """A template, made once: that takes longer than using it."""
    return _environment(form).from_string(source)


def render(source: str, form: Form, data: Mapping[str, Any]) -> str:
    """What a template writes.

    Raises:
        TemplateFaultError: it is no template, or does what it must not, or asks for what the data does not have.
    """
    if len(source) > MAX_SOURCE:
        raise TemplateFaultError(f"longer than {MAX_SOURCE:,} characters", 1)
    written: list[str] = []
    size = 0
    try:
        for piece in _compiled(source, form).generate({**data, BUDGET: _Budget()}):
            size += len(piece)
            if size > MAX_OUTPUT:
                raise SecurityError(f"it writes more than {MAX_OUTPUT:,} characters")
            written.append(piece)
    except TemplateSyntaxError as error:
        raise TemplateFaultError(str(error.message), error.lineno) from None
    except NameError:  # jinja2 writes a number that is too large as a name
        raise TemplateFaultError("a number is too large", 1) from None
    except SyntaxError:  # of the code that jinja2 makes of it, which Python reads only so deep
        raise TemplateFaultError("nested too deeply", 1) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError, KeyError, RecursionError, AttributeError) as error:
        raise TemplateFaultError(str(error) or type(error).__name__, _line(error)) from None
    return "".join(written)


def _line(error: BaseException) -> int:
    """The line of a template in which an error arose: jinja2 rewrites the traceback so that it names it."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
