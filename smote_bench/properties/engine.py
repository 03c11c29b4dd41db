"""Put one property to one subject: draw cases, shrink the first failure, say what came of it."""

from __future__ import annotations

import builtins
import contextlib
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.errors import HypothesisException

from smote_bench.environment.leaving import watched_signals
from smote_bench.environment.threads import one_thread
from smote_bench.environment.timeouts import CellTimeout, time_limit
from smote_bench.errors import ConfigError
from smote_bench.properties.cases import Case
from smote_bench.properties.fewer_rows import fewer_rows
from smote_bench.properties.kit import Property
from smote_bench.properties.pasting import pasted, search_code
from smote_bench.properties.repeatable import same_draws_everywhere
from smote_bench.properties.subject import Subject, one_line
from smote_bench.properties.violations import OutOfTime, Refused, Violation

__all__ = ["Result", "run_property"]

FEWEST_CASES, FEWEST_SMOKE_CASES = 5, 3
SMOKE = 0.2
"""The share of a property's cases that a smoke run draws."""

_CHECK_SECONDS = 20.0
# A process of its own takes seconds to start, and many on a machine that has other things to do.
_PATIENCE = 6
# Less of the time than this at the processor: the machine was busy with other things, or the sampler waits.
_OWN_SHARE = 0.8
_SHRINK_CALLS = 400
# For shrinking one failure, at most; and at least, however little time is left.
_SHRINK_SECONDS, _FEWEST_SHRINK_SECONDS = 4.0, 1.0
_SMOKE_SHRINK_SECONDS = 0.4
# For taking rows away, after that.
_ROWS_SECONDS, _SMOKE_ROWS_SECONDS = 1.0, 0.2


@dataclass(frozen=True)
class Result:
    """What came of one property.

    Parameters
    ----------
    property : Property
    status : {"passed", "failed", "not applicable"}
    reason : str
        The violation in words, or why the property does not apply.
    counterexample : str
        Code to paste; empty unless failed.
    seed : int
        The seed of the search: the same seed finds the same counterexample.
    n_cases : int
        How many cases were checked, those of shrinking included.
    cut : bool
        Whether the time was over before all cases were drawn.
    seconds : float
    convention : str
        Whose convention was broken; empty for a law.
    claimed : bool
        Whether the sampler claims that convention, so that breaking it rejects.
    case : Case, optional
        The data of the counterexample.
    point : sequence of float, optional
        The row that is wrong.
    """

    property: Property
    status: str
    reason: str = ""
    counterexample: str = ""
    seed: int = 0
    n_cases: int = 0
    seconds: float = 0.0
    cut: bool = False
    convention: str = ""
    claimed: bool = False
    case: Case | None = field(default=None, compare=False, repr=False)
    point: Sequence[float] | None = field(default=None, compare=False, repr=False)

    @builtins.property
    def is_remark(self) -> bool:
        """Whether nothing worse failed than a convention that the sampler does not claim."""
        return self.status == "failed" and bool(self.convention) and not self.claimed

    def __str__(self) -> str:
        if self.status != "failed":
            return f"{self.property.name}: {self.status}{': ' if self.reason else ''}{self.reason}"
        indented = "\n".join(f"    {line}".rstrip() for line in self.counterexample.splitlines())
        return (
            f"{self.property.name} ({self.property.group}{self._whose}) does not hold: "
            f"{self.property.meaning}\n"
            f"  {self.reason}\n"
            f"  The smallest data set found (search seed {self.seed}):\n\n{indented}\n"
        )

    @builtins.property
    def _whose(self) -> str:
        if not self.convention:
            return ""
        return f", a convention of {self.convention}{' that its tags claim' if self.claimed else ''}"


def run_property(
    prop: Property,
    subject: Subject,
    *,
    seed: int = 0,
    smoke: bool = False,
    examples: int | None = None,
    limit_seconds: float = 60.0,
    fewest_cases: int = FEWEST_CASES,
) -> Result:
    """Put `prop` to `subject`.

    Parameters
    ----------
    prop : Property
    subject : Subject
    seed : int
        Of the search and of the designs: the same seed gives the same result, if the subject is repeatable.
    smoke : bool
        Fewer cases and smaller designs.
    examples : int, optional
        How many cases to draw, in place of the property's own number.
    limit_seconds : float
        After so long no further case is drawn, once there were `fewest_cases`: a slow sampler gets fewer.
    fewest_cases : int
    """
    why_not = prop.not_applicable(subject)
    if not why_not and smoke and prop.full_only:
        why_not = "it takes its time: in full runs only"
    if why_not:
        return Result(prop, "not applicable", why_not, seed=seed)
    started = time.perf_counter()
    search = _Search(prop, subject, limit_seconds, fewest_cases, smoke)
    own_seed = search.own_seed = zlib.crc32(prop.name.encode()) ^ seed
    # On so little data threads that wait for each other take ten times as long as the work.
    with one_thread():
        if prop.design is not None:
            search.check(prop.design(subject, own_seed, smoke), discard=lambda: None)
        else:
            fewest = min(FEWEST_SMOKE_CASES if smoke else FEWEST_CASES, prop.examples)
            n_examples = examples or max(fewest, round(prop.examples * (SMOKE if smoke else 1.0)))
            search.run(own_seed, n_examples)
    seconds = time.perf_counter() - started
    return search.result(seed, seconds)


class _Enough(BaseException):
    """Ends hypothesis' search; not an `Exception`, which hypothesis would take for another failure."""


class _Search:
    """The cases of one property: how many were answered, and the smallest that failed."""

    def __init__(
        self, prop: Property, subject: Subject, limit_seconds: float, fewest_cases: int, smoke: bool
    ) -> None:
        self.limit_seconds = limit_seconds
        self.fewest_cases = fewest_cases
        self.shrink_seconds = min(_SHRINK_SECONDS, max(limit_seconds, _FEWEST_SHRINK_SECONDS))
        if smoke:
            self.shrink_seconds = _SMOKE_SHRINK_SECONDS
        self.started = time.perf_counter()
        self.prop = prop
        self.subject = subject
        self.n_cases = 0
        self.refusal = ""
        self.refused: Case | None = None
        self.n_refused = 0
        self.smoke = smoke
        self.own_seed = 0
        # What is shown, what was found, and the case that was checked.
        self.worst: tuple[Case, Violation, Case] | None = None
        self.cut = False
        self._first_failure: tuple[int, float] | None = None
        # Whether a convention that is broken is kept, but does not end the search.
        self._for_laws = False

    def run(self, seed: int, n_examples: int) -> None:
        """Draw cases until one fails or there were enough, and shrink the failure.

        A convention that breaks on one case does not hide a law that breaks on another: laws are looked for
        on all cases first, and only where none is broken is the convention's case made smaller.
        """
        self._for_laws = True
        self._draw(seed, n_examples)
        if self.worst is not None and self._first_failure is None:
            self._for_laws = False
            self._draw(seed, n_examples)

    def _draw(self, seed: int, n_examples: int) -> None:
        def body(case: Case) -> None:
            self._stop_when_enough()
            if self.check(case, discard=hypothesis.reject):
                # Always a new one raised here: hypothesis tells failures apart by where they were raised.
                raise Violation("see the smallest case")

        assert self.prop.cases is not None
        test = hypothesis.given(self.prop.cases(self.subject))(body)
        test = hypothesis.settings(
            max_examples=n_examples,
            phases=(Phase.generate, Phase.shrink),
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )(test)
        # What failed is kept in `worst`. A subject that is not repeatable makes hypothesis complain of flaky
        # tests; the failure it gave once is a failure.
        with same_draws_everywhere(), contextlib.suppress(Violation, HypothesisException, _Enough):
            hypothesis.seed(seed)(test)()

    def check(self, case: Case, *, discard: Callable[[], Any]) -> bool:
        """Check one case and keep it if it is the smallest failure so far.

        Returns
        -------
        bool
            Whether it failed, in what is looked for.
        """
        self.n_cases += 1
        refused = False
        limit = _CHECK_SECONDS * (_PATIENCE if self.prop.full_only else 1)
        try:
            self._check_within(limit, case)
        except (Refused, ConfigError) as refusal:  # a constructor may refuse the numbers that a case sets
            refused, self.refusal = True, str(refusal)
            if self.refused is None or case.size <= self.refused.size:
                self.refused = case
        except OutOfTime:
            self.cut = True
        except Violation as violation:
            return self._failed(violation.case or case, violation, case)
        except CellTimeout:
            late = Violation(f"expected an answer, there was none after {limit:g} s")
            return self._failed(case, late, case)
        except HypothesisException:
            raise
        except Exception as error:  # whatever the sampler returned, it was nothing a check could read
            what = f"expected an answer that can be checked, checking it raised {one_line(error)}"
            return self._failed(case, Violation(what), case)
        if refused:
            self.n_refused += 1
            discard()
        return False

    def _check_within(self, limit: float, case: Case) -> None:
        """Check a case, once more with patience where most of the time was not the sampler's."""
        started = time.process_time()
        try:
            with watched_signals(), time_limit(limit):
                self.prop.check(self.subject, case)
        except CellTimeout:
            if time.process_time() - started > _OWN_SHARE * limit:
                raise
            with watched_signals(), time_limit(limit * _PATIENCE):
                self.prop.check(self.subject, case)

    def _failed(self, case: Case, violation: Violation, drawn: Case) -> bool:
        law = self._is_law(violation)
        looked_for = law or not self._for_laws
        if looked_for and self._first_failure is None:
            self._first_failure = self.n_cases, time.perf_counter()
        worst_law = self.worst is not None and self._is_law(self.worst[1])
        # A law that is broken goes before a convention, however small the case of the other.
        if self.worst is None or law > worst_law or (law == worst_law and case.size <= self.worst[0].size):
            self.worst = case, violation, drawn
        return looked_for

    def _is_law(self, violation: Violation) -> bool:
        return not (self.prop.convention if violation.convention is None else violation.convention)

    def _stop_when_enough(self) -> None:
        now = time.perf_counter()
        if self._first_failure is not None:
            n_cases, since = self._first_failure
            if self.n_cases - n_cases > _SHRINK_CALLS or now - since > self.shrink_seconds:
                raise _Enough
        elif self.n_cases >= self.fewest_cases and now - self.started > self.limit_seconds:
            self.cut = True
            raise _Enough

    def result(self, seed: int, seconds: float) -> Result:
        """Say what came of it."""
        if not self.n_cases:
            reason = "no data set could be drawn that suits its numbers of neighbours and columns"
            return Result(self.prop, "not applicable", reason, seed=seed, seconds=seconds)
        if self.worst is not None:
            comes_again = self._comes_again()
            shown, violation, drawn = self._with_fewer_rows()
            code = pasted(self.prop, self.subject, drawn, violation, seed=self.own_seed, smoke=self.smoke)
            whose = self.prop.convention if violation.convention is None else violation.convention
            message = violation.message
            if not comes_again:
                message += (
                    "; it did not come again on the same call: it takes the earlier calls of the search"
                )
                code += f"\n{search_code(self.prop, self.subject, seed, self.smoke)}"
            found = self._failure(message, code, seed, seconds, whose)
            return replace(found, case=shown, point=violation.point)
        if self.n_refused and self.n_refused == self.n_cases:
            reason = f"expected an answer on valid data, it raised on each of {self.n_cases}: {self.refusal}"
            code = ""
            if self.refused is not None:
                refused = Violation(reason)
                code = pasted(
                    self.prop, self.subject, self.refused, refused, seed=self.own_seed, smoke=self.smoke
                )
            return self._failure(reason, code, seed, seconds, self.prop.convention)
        return Result(self.prop, "passed", "", "", seed, self.n_cases, seconds, self.cut)

    def _comes_again(self) -> bool:
        """Return whether the smallest failing case fails once more, or has to be taken for what it was."""
        assert self.worst is not None
        _, violation, drawn = self.worst
        if "none after" in violation.message:
            return True
        for _ in range(2):
            try:
                self.prop.check(self.subject, drawn)
            except Violation:
                return True
            except Exception:
                return True
        return False

    def _with_fewer_rows(self) -> tuple[Case, Violation, Case]:
        """Return the smallest failure, after rows were taken from it that it does not need."""
        assert self.worst is not None
        _, violation, drawn = self.worst
        # Hypothesis cannot go below the number of rows that are drawn. Which of them a failure needs is clear
        # for the contract, whose data are any table.
        if self.prop.group != "contract" or self.prop.design is not None or self.prop.keeps_rows:
            return self.worst
        limit = _SMOKE_ROWS_SECONDS if self.smoke else _ROWS_SECONDS
        smaller = fewer_rows(self.prop, self.subject, drawn, violation, seconds=limit)
        if smaller is None:
            return self.worst
        drawn, violation = smaller
        return violation.case or drawn, violation, drawn

    def _failure(self, reason: str, code: str, seed: int, seconds: float, convention: str) -> Result:
        claimed = bool(convention) and self.subject.claims(convention)
        return Result(
            self.prop,
            "failed",
            reason,
            code,
            seed,
            self.n_cases,
            seconds,
            convention=convention,
            claimed=claimed,
        )
