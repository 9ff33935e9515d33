"""The only door to the expression engine (cel-expr-python, Google's C++ runtime of the Common Expression Language)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import re2
from cel_expr_python import cel

from sovscan.files.strict_yaml import suggestion
from sovscan.rulebook.cost import blanked, too_costly

LONGEST_CONDITION = 2000
"""Characters (fact 8 of the threat model)."""
MOST_ITEMS = 100
"""Items of a list fact: a longer one counts as not known, since a cut one could answer wrongly."""
LONGEST_TEXT = 4096
"""Characters of a text fact or of a list's item, likewise."""

FactValue = bool | int | float | str | tuple[str, ...]

_TYPES = {"bool": "BOOL", "int": "INT", "double": "DOUBLE", "string": "STRING"}
_NAME = re.compile(r"(?<![\w.)])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_PATTERN = re.compile(r"""\bmatches\s*\(\s*(r?)("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")
_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")
_UNBOUND = "UNKNOWN: No value with name"


class ConditionError(Exception):
    """A condition that cannot be used; ``line`` and ``column`` count from 1 inside its text."""

    def __init__(self, message: str, line: int = 1, column: int = 1, help_text: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.help = help_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a condition says of some facts."""

    value: bool | None
    """None: not decided, because of ``missing`` or ``problem``."""
    missing: tuple[str, ...] = ()
    """Facts the condition names that are not known; filled only when it is not decided."""
    problem: str | None = None
    """The engine's words when evaluation failed (budget, bad pattern); None: no failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Facts made ready for one engine; a fact that is not known is not in it."""

    names: frozenset[str]
    activation: cel.Activation


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A compiled condition."""

    text: str
    names: tuple[str, ...]
    """Facts it names, sorted."""
    expression: cel.Expression

    def ask(self, facts: Binding) -> Answer:
        """True, false, or not decided: ``&&`` and ``||`` settle what they can without a missing fact."""
        try:
            answer = self.expression.eval(facts.activation)
        except RuntimeError as error:  # the iteration budget ends as an exception, not as an error value
            return Answer(value=None, problem=str(error))
        if answer.type() == cel.Type.BOOL:
            return Answer(value=bool(answer.value()))
        if str(answer.value()).startswith(_UNBOUND):
            return Answer(value=None, missing=tuple(name for name in self.names if name not in facts.names))
        return Answer(value=None, problem=str(answer.value()))


class Engine:
    """Compiles conditions over declared facts and binds values to them."""

    def __init__(self, declared: Mapping[str, str]) -> None:
        """``declared`` gives each fact's type: ``bool``, ``int``, ``double``, ``string`` or ``list`` (of strings)."""
        self._declared = dict(declared)
        self._environment = cel.NewEnv(variables={name: _type(kind) for name, kind in declared.items()})

    def compile(self, text: str) -> Condition:
        """The condition behind the text; raises ConditionError for anything but a boolean over declared facts."""
        if len(text) > LONGEST_CONDITION:
            raise ConditionError(f"condition longer than {LONGEST_CONDITION} characters", help_text="split the rule")
        if (costly := too_costly(text)) is not None:
            raise ConditionError(costly[0], *_line_and_column(text[: costly[1]]), "one pass over one list is enough")
        names = self._named(text)
        try:
            expression = self._environment.compile(text)
        except RuntimeError as error:
            raise _located(str(error)) from None
        if expression.return_type() != cel.Type.BOOL:
            found = expression.return_type().name().lower()
            raise ConditionError(f"the condition gives {found}, not a boolean", help_text="compare it with something")
        _refuse_bad_patterns(text)
        return Condition(text=text, names=names, expression=expression)

    def bind(self, facts: Mapping[str, FactValue]) -> Binding:
        """The facts, ready to be asked about; beyond ``MOST_ITEMS`` and ``LONGEST_TEXT`` they are not known."""
        ready = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in facts.items()
            if not (isinstance(value, str | tuple) and _too_large(value))
        }
        return Binding(names=frozenset(ready), activation=self._environment.Activation(ready))

    def _named(self, text: str) -> tuple[str, ...]:
        bare = blanked(text)
        known = set()
        for match in _NAME.finditer(bare):
            name = match[0]
            if name not in self._declared and bare[match.end() : match.end() + 1] == "(":
                name = name.rpartition(".")[0]  # the last word is a method, such as size or matches
            if "." not in name and name != match[0]:
                continue  # a method of a loop variable
            if name not in self._declared:
                raise _unknown_fact(name, bare[: match.start()], self._declared)
            known.add(name)
        return tuple(sorted(known))


def _type(kind: str) -> cel.Type:
    return cel.Type.List(cel.Type.STRING) if kind == "list" else getattr(cel.Type, _TYPES[kind])


def _too_large(value: FactValue) -> bool:
    if isinstance(value, tuple):
        return len(value) > MOST_ITEMS or any(len(item) > LONGEST_TEXT for item in value)
    return isinstance(value, str) and len(value) > LONGEST_TEXT


def _line_and_column(before: str) -> tuple[int, int]:
    """Of what comes after ``before``, from 1."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _unknown_fact(name: str, before: str, declared: Mapping[str, str]) -> ConditionError:
    line, column = _line_and_column(before)
    near = suggestion(name, declared) or "`sovscan rules facts` lists them"
    return ConditionError(f"unknown fact {name!r}", line, column, near)


def _located(message: str) -> ConditionError:
    place = _PLACE.search(message)
    if place is None:
        return ConditionError(message.partition(" [")[0])
    fault = place[3].partition(" expecting ")[0].partition(" (in container")[0].partition(" [")[0].strip()
    return ConditionError(fault, int(place[1]), int(place[2]))


def _refuse_bad_patterns(text: str) -> None:
    options = re2.Options()
    options.log_errors = False
    for match in _PATTERN.finditer(text):
        pattern = match[2][1:-1] if match[1] else match[2][1:-1].replace("\\\\", "\\")
        try:
            re2.compile(pattern, options)
        except re2.error as error:
            line, column = _line_and_column(text[: match.start(2)])
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
            raise ConditionError(f"invalid pattern: {reason}", line, column, "patterns follow RE2") from None
