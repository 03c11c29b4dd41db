"""What a property is, and how one is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from smote_bench.properties.cases import Case
    from smote_bench.properties.subject import Subject

__all__ = ["CONVENTIONS", "GROUPS", "Property", "prop", "registered"]

GROUPS = ("contract", "structure", "geometry", "metamorphic", "statistics", "degenerate", "mixed")


CONVENTIONS = ("scikit-learn", "imbalanced-learn", "smote-bench")
"""Whose a convention is: a sampler claims the first two by its tags, ours only `--strict` holds it to."""


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
    convention : str
        One of `CONVENTIONS`: to break it is a remark, unless the sampler claims it. Empty for a law, against
        the method or the data: to break it rejects.
    full_only : bool
        Whether a smoke run leaves it out, because it takes its time.
    keeps_rows : bool
        Whether it needs all rows of a case, such as many new ones, none of which are the same by chance.
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
    convention: str = ""
    full_only: bool = False
    keeps_rows: bool = False

    @property
    def kind(self) -> str:
        """``law``, or whose convention it is."""
        return f"convention of {self.convention}" if self.convention else "law"

    def not_applicable(self, subject: Subject) -> str:
        """Return why the property does not apply to a subject, or an empty string."""
        if subject.family not in self.families:
            return f"for the families {', '.join(self.families)}; this one is {subject.family}"
        if self.design is not None and str(subject.needs):
            return f"its data are laid out, and the sampler needs {subject.needs}"
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
    convention: str = "",
    full_only: bool = False,
    keeps_rows: bool = False,
) -> Callable[[Callable[[Subject, Case], None]], Property]:
    """Declare a check as a property of the kit; its name is the function's."""

    def declare(check: Callable[[Subject, Case], None]) -> Property:
        name = check.__name__
        if group not in GROUPS or name in _REGISTRY.properties or (cases is None) == (design is None):
            raise ValueError(
                f"property {name!r}: unknown group, a name twice, or not exactly one of cases and design"
            )
        if convention and convention not in CONVENTIONS:
            raise ValueError(f"property {name!r}: expected one of {CONVENTIONS}, got {convention!r}")
        made = Property(
            name,
            group,
            meaning,
            families,
            needs,
            check,
            cases,
            design,
            examples,
            false_alarm,
            convention,
            full_only,
            keeps_rows,
        )
        _REGISTRY.properties[name] = made
        return made

    return declare


def registered() -> Mapping[str, Property]:
    """Return the declared properties by name, in the order in which a cause goes before what it brings about.

    Whether it answers at all, seeds, counts, geometry, then the rest: a sampler that ignores its seed is not
    to be stopped at one whose check needs the seed.
    """
    in_order = sorted(
        _REGISTRY.properties.values(),
        key=lambda made: (_place(made), GROUPS.index(made.group), _place(made, _FIRST_OF_MIXED)),
    )
    return {made.name: made for made in in_order}


_FIRST_OF_MIXED = ("mixed_contract", "mixed_levels")
_FIRST = (
    "contract",
    "contract_randomness",
    "contract_seeds",
    "structure",
    "structure_classes",
    "structure_removing",
    "structure_staying",
    "structure_combined",
    "geometry",
)


def _place(made: Property, first: tuple[str, ...] = _FIRST) -> int:
    module = made.check.__module__.rpartition(".")[2]
    return first.index(module) if module in first else len(first)
