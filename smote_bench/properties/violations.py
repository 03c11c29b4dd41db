"""How a check says that a property does not hold, or that the sampler gave it no answer."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smote_bench.properties.cases import Case

__all__ = ["OutOfTime", "Refused", "Violation", "as_time_allows", "shown"]


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
    convention : str, optional
        Whose convention is broken, where this is no law; default what the property says of itself.
    proof : str
        Lines of code after the call that assert what is wrong; default, the check itself is made again.
    point : sequence of float, optional
        The row that is wrong, for a picture.
    """

    def __init__(
        self,
        message: str,
        *,
        setup: str = "",
        case: Case | None = None,
        convention: str | None = None,
        proof: str = "",
        point: Sequence[float] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.setup = setup
        self.case = case
        self.convention = convention
        self.proof = proof
        self.point = point


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


class OutOfTime(Exception):
    """What is left of a check would take a slow sampler too long; what was looked at holds."""


def as_time_allows(cases: Iterable[Case], seconds: float) -> Iterator[Case]:
    """Yield cases, small ones first, as long as the next one may be done within some seconds of CPU for all.

    It is taken to need as long as the last one, times the square of how many times as many rows it has, as if
    all rows were compared with all: slow is not wrong.

    Raises
    ------
    OutOfTime
    """
    total, spent, n_before = 0.0, 0.0, 0
    for case in cases:
        if n_before and total + spent * (len(case.y) / n_before) ** 2 > seconds:
            raise OutOfTime
        started, n_before = time.process_time(), len(case.y)
        yield case
        spent = time.process_time() - started
        total += spent
