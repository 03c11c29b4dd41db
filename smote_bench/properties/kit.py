"""What a property is, how one is declared, and how a check says that it does not hold."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from smote_bench.properties.cases import Case
    from smote_bench.properties.subject import Subject

__all__ = ["GROUPS", "Property", "Refused", "Violation", "prop", "registered", "shown"]

GROUPS = ("contract", "structure", "geometry", "metamorphic", "statistics", "degenerate")


class Violation(AssertionError):
    """A property does not hold.

    Parameters
    ----------
    message : str
        What was expected and what came, with numbers.
    setup : str
        Lines of code that have to run between building `X` and `y` and calling the sampler, such as
        ``X = pd.DataFrame(X)``; for the counterexample.
    case : Case, optional
        The case to show, where a check makes several out of the one it was given.
    """

    def __init__(self, message: str, *, setup: str = "", case: Case | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.setup = setup
        self.case = case


@contextlib.contextmanager
def shown(*, case: Case | None = None, setup: str = "") -> Iterator[None]:
    """Let a violation of the block show this case, or this setup, where it names none itself."""
    try:
        yield
    except Violation as violation:
        violation.case = violation.case or case
        violation.setup = violation.setup or setup
        raise


class Refused(Exception):
    """The sampler raised where a property only wanted an answer; another property deals with that."""


@dataclass(frozen=True)
class Property:
    """One thing that has to hold for every sampler of the families named.

    Parameters
    ----------
    name : str
        Unique; a statement, as ``originals_come_first``.
    group : str
        One of `GROUPS`.
    meaning : str
        One sentence for the reader of a failure: what goes wrong for users where it does not hold.
    families : tuple of str
        The families it applies to.
    needs : tuple of str
        What the subject must be able to do: see `Subject.lacks`.
    check : callable (subject, case) -> None
        Raises `Violation`.
    cases : callable (subject) -> SearchStrategy of Case, optional
        What hypothesis draws from and shrinks in.
    design : callable (subject, seed, smoke) -> Case, optional
        In place of `cases`: one case laid out so that a distribution can be tested exactly.
    examples : int
        How many cases are drawn.
    false_alarm : float
        The probability that a correct sampler fails it in one run; 0 where nothing is random about the truth.
    """

    name: str
    group: str
    meaning: str
    families: tuple[str, ...]
    needs: tuple[str, ...]
    check: Callable[[Subject, Case], None]
    cases: Callable[[Subject], SearchStrategy[Case]] | None = None
    design: Callable[[Subject, int, bool], Case] | None = None
    examples: int = 25
    false_alarm: float = 0.0

    def not_applicable(self, subject: Subject) -> str:
        """Return why the property does not apply to a subject, or an empty string."""
        if subject.family not in self.families:
            return f"for the families {', '.join(self.families)}; this one is {subject.family}"
        return next(filter(None, (subject.lacks(need) for need in self.needs)), "")


@dataclass
class _Registry:
    properties: dict[str, Property] = field(default_factory=dict)


_REGISTRY = _Registry()


def prop(
    group: str,
    meaning: str,
    *,
    families: tuple[str, ...],
    needs: tuple[str, ...] = (),
    cases: Callable[[Subject], SearchStrategy[Case]] | None = None,
    design: Callable[[Subject, int, bool], Case] | None = None,
    examples: int = 25,
    false_alarm: float = 0.0,
) -> Callable[[Callable[[Subject, Case], None]], Property]:
    """Declare a check as a property of the kit; its name is the function's."""

    def declare(check: Callable[[Subject, Case], None]) -> Property:
        name = check.__name__
        if group not in GROUPS or name in _REGISTRY.properties or (cases is None) == (design is None):
            raise ValueError(
                f"property {name!r}: unknown group, a name twice, or not exactly one of cases and design"
            )
        made = Property(name, group, meaning, families, needs, check, cases, design, examples, false_alarm)
        _REGISTRY.properties[name] = made
        return made

    return declare


def registered() -> Mapping[str, Property]:
    """Return the declared properties by name, group after group."""
    in_order = sorted(_REGISTRY.properties.values(), key=lambda made: GROUPS.index(made.group))
    return {made.name: made for made in in_order}
