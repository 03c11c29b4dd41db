"""The gate, called on a finished run or on tables of scores; and baselines made of runs."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from smote_bench.api.run import Run, stored_run
from smote_bench.arguments import as_flag, as_names, as_path, as_text, got
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.gating.verdicts import verdict as verdicts

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.experiment.gate_settings import GateSettings
    from smote_bench.gating.evidence.evidence import Evidence

    Side = Run | str | Path | pd.DataFrame

__all__ = ["GateVerdict", "check_directions", "check_metrics", "gate", "save_baseline"]


class GateVerdict(verdicts.Verdict):
    """What the gate says of a run; `gate` returns it.

    ``print(verdict)`` shows it as ``smote-bench gate`` does.

    Attributes
    ----------
    result : {"pass", "fail", "undecided", "not comparable"}
    passed : bool
    exit_code : int
        0 pass, 1 fail, 4 not comparable, 8 undecided; with ``mode="warn"`` 0 for all.
    findings : tuple of Finding
        Drops and changes beyond their limits, gravest first.
    problems, incomparable : tuple of Problem
        Cases that are missing; why the sides cannot be compared.
    """

    @property
    def passed(self) -> bool:
        """Whether the result is ``pass``, whatever the mode."""
        return self.result == "pass"

    @property
    def table(self) -> pd.DataFrame:
        """The findings, a row each."""
        import pandas as pd

        names = [part.name for part in dataclasses.fields(verdicts.Finding)]
        return pd.DataFrame([vars(finding) for finding in self.findings], columns=names)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as JSON values, as ``smote-bench gate --json`` writes them."""
        from smote_bench.gating.verdicts.files import to_json

        return to_json(self)

    def to_markdown(self) -> str:
        """Return the verdict as Markdown, for a CI's summary."""
        from smote_bench.gating.verdicts.files import to_markdown

        return to_markdown(self)

    def __str__(self) -> str:
        from smote_bench.gating.verdicts.words import lines

        return "\n".join(lines(self))

    def __repr__(self) -> str:
        return f"<GateVerdict {self.result}: {self.n_cases} cases, {len(self.alarms)} alarms>"

    def _repr_html_(self) -> str:
        from smote_bench.report.text.markup import element

        return element("pre", str(self))


def gate(
    run: Side,
    baseline: Side,
    *,
    out: str | Path = "reports",
    alpha: float | None = None,
    tolerance: Mapping[str, float] | None = None,
    metrics: str | Iterable[str] | None = None,
    compare_fail: Mapping[str, float] | None = None,
    max_slowdown: float | None = None,
    overrides: Sequence[Mapping[str, Any]] | None = None,
    mode: Literal["warn", "fail"] | None = None,
    partial: bool = False,
    better: Mapping[str, Literal["high", "low"]] | None = None,
) -> GateVerdict:
    """Judge whether anything in a run became worse than in a baseline, as ``smote-bench gate`` does.

    Parameters
    ----------
    run : Run, path, str or DataFrame
        A finished run, as for `open_run`; or a table of any tool's scores (docs/gate.md), as a DataFrame or
        as the path of its file.
    baseline : str, path, Run or DataFrame
        A baseline's name below ``baselines`` in `out`, or the path of its JSON; another run (as `Run`); a
        table where `run` is one.
    out : path
        The folder of reports in which names are looked up.
    alpha : float, optional
        False alarms per run; default 0.01. This and the next six hold over the ``gate:`` section of the run's
        experiment, and mean what they mean there.
    tolerance : mapping of {"method", "dataset", "case"} to float, optional
        Mean drops up to this are never an alarm.
    metrics : str or iterable of str, optional
        To be judged; default all that the baseline has.
    compare_fail : mapping of metric to float, optional
        Fixed limits of a case's mean drop, without statistics.
    max_slowdown : float, optional
        Judge seconds too.
    overrides : sequence of mapping, optional
        Another strictness for some cases.
    mode : {"warn", "fail"}, optional
        With ``warn`` the exit code is 0 whatever was found.
    partial : bool
        Cases that are missing were not selected, and are no problem.
    better : mapping of metric to {"high", "low"}, optional
        For tables: directions of metrics that are not ours.

    Raises
    ------
    ConfigError
        If there is no such run or baseline, or an option is wrong.

    Examples
    --------
    >>> import pandas as pd
    >>> names = {"dataset": "churn", "method": "Mine", "classifier": "kNN", "metric": "g_mean"}
    >>> fits = [{**names, "split": s, "seed": 0, "fold": f} for s in range(3) for f in range(5)]
    >>> before = pd.DataFrame(fits).assign(value=[0.7 + 0.001 * (n % 5) for n in range(15)])
    >>> gate(before, before).result, gate(before.assign(value=before["value"] - 0.2), before).result
    ('pass', 'fail')
    """
    from smote_bench.experiment.gate_options import checked_better
    from smote_bench.gating.judging.judge import judge

    reports = as_path("out", out)
    as_flag("partial", partial)
    directions = {} if better is None else checked_better(better)
    chosen = {
        "alpha": alpha,
        "tolerance": tolerance,
        "metrics": as_names("metrics", metrics, "g_mean"),
        "compare_fail": compare_fail,
        "max_slowdown": max_slowdown,
        "overrides": overrides,
        "mode": mode,
    }
    settings = _settings(chosen, None, partial=partial)  # a typing error is told before a minute of reading
    if _is_table(run) or _is_table(baseline):
        sides = _tables(run, baseline, settings, directions)
    else:
        sides = _stored(run, baseline, reports, better)
        settings = _settings(chosen, sides[1].about.get("gate"), partial=partial)
    check_metrics(settings, sides[0])
    return GateVerdict(**vars(judge(*sides, settings)))


def save_baseline(
    run: Run | str | Path,
    name: str,
    *,
    out: str | Path = "reports",
    reason: str = "",
) -> Path:
    """Save a finished run as a baseline, in files that are fit for git.

    Parameters
    ----------
    run : Run, path or str
        As for `open_run`.
    name : str
        It comes to lie in ``baselines`` in `out`.
    out : path
        The folder of reports.
    reason : str
        Why a baseline of this name is replaced, in words; without a reason it is not.

    Returns
    -------
    Path
        Of the baseline's JSON.

    Raises
    ------
    ConfigError
        If there is such a baseline and no reason, or the run has no scores.

    Notes
    -----
    A run has one split with one seed, from which little noise can be known: a gate against it says
    ``undecided`` where only one split speaks. ``smote-bench baseline save`` computes five splits with four
    seeds each.

    Examples
    --------
    >>> save_baseline("latest", "main")  # doctest: +SKIP
    PosixPath('reports/baselines/main.json')
    """
    from smote_bench.gating.baselines.baseline import check_free, save_from_run

    as_text("name", name, "a baseline's name")
    reports = as_path("out", out)
    as_text("reason", reason, "words")
    check_free(name, reports, reason=reason)
    folder = stored_run(run, reports).folder
    return save_from_run(folder, name, reports, reason=reason, replace=bool(reason.strip()))


def check_metrics(
    settings: GateSettings, baseline: Evidence, names: tuple[str, str] = ("metrics", "compare_fail")
) -> None:
    """Refuse metrics that the baseline does not have: nothing would be judged by them, in silence.

    Parameters
    ----------
    settings : GateSettings
    baseline : Evidence
    names : pair of str
        What the two options that name metrics are called.

    Raises
    ------
    ConfigError
    """
    known = baseline.scores.names
    for option, wanted in zip(names, (settings.metrics, tuple(settings.fixed)), strict=True):
        for name in wanted:
            if name not in known:
                raise ConfigError(
                    f"{option}: expected a metric of the baseline, got {name!r}.{did_you_mean(name, known)} "
                    f"Choose from {', '.join(known)}"
                )


def check_directions(
    better: Mapping[str, object], baseline: Evidence, current: Evidence, option: str = "better"
) -> None:
    """Refuse directions of metrics that no table has.

    Raises
    ------
    ConfigError
    """
    known = {*baseline.better, *current.better}
    for name in better:
        if name not in known:
            raise ConfigError(
                f"{option}: expected a metric of the tables, got {name!r}.{did_you_mean(name, known)} "
                f"Choose from {', '.join(sorted(known))}"
            )


def _settings(chosen: Mapping[str, Any], block: Any, *, partial: bool) -> GateSettings:
    """Return what the call says over what the experiment's ``gate:`` section says over the defaults."""
    from smote_bench.experiment.gate_options import parse_gate_block, parse_mode

    if chosen["mode"] is not None:
        parse_mode(chosen["mode"], "mode", modes=("warn", "fail"))
    given = {key: value for key, value in chosen.items() if value is not None}
    own = parse_gate_block(given, "gate")  # names the arguments in its errors
    settings = parse_gate_block(block, "gate section of the run's experiment")
    fields = {"compare_fail": "fixed"}
    change = {fields.get(key, key): getattr(own, fields.get(key, key)) for key in given}
    if "tolerance" in change:
        change["tolerance"] = {**settings.tolerance, **{k: own.tolerance[k] for k in given["tolerance"]}}
    if "overrides" in change:
        change["overrides"] = (*settings.overrides, *own.overrides)
    if settings.mode == "off":
        # off is for pytest; who calls this wants a verdict
        change.setdefault("mode", "fail")
    return dataclasses.replace(settings, partial=partial, **change)


def _is_table(side: object) -> bool:
    if isinstance(side, str | os.PathLike):
        from smote_bench.gating.evidence.table_source import is_table

        return is_table(Path(side))
    return not isinstance(side, Run) and hasattr(side, "to_parquet")


def _tables(
    run: Any, baseline: Any, settings: GateSettings, better: Mapping[str, Literal["high", "low"]]
) -> tuple[Evidence, Evidence]:
    for name, side in (("run", run), ("baseline", baseline)):
        if not _is_table(side):
            raise ConfigError(
                f"expected two tables, or a run and a baseline; got one table, and {side!r} as {name}: "
                "give the scores of both as tables"
            )
    if settings.max_slowdown is not None:
        raise ConfigError(
            f"expected max_slowdown with a run, got {settings.max_slowdown!r} with tables, which have no "
            "seconds: leave it out"
        )
    old = _table(baseline, "baseline", better, settings)
    new = _table(run, "run", better, settings)
    check_directions(better, old, new)
    return old, new


def _table(
    side: Any, name: str, better: Mapping[str, Literal["high", "low"]], settings: GateSettings
) -> Evidence:
    from smote_bench.gating.evidence.tidy import read_table

    if isinstance(side, str | os.PathLike):
        return read_table(Path(side), better=better, metrics=settings.metrics)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.parquet")
        side.to_parquet(path, index=False)
        try:
            found = read_table(path, better=better, metrics=settings.metrics)
        except ConfigError as error:
            raise ConfigError(str(error).replace(str(path), f"{name} (DataFrame)")) from error
    label = f"{name} (DataFrame)"
    return dataclasses.replace(found, name=label, about={**found.about, "file": label})


def _stored(run: Any, baseline: Any, out: Path, better: object) -> tuple[Evidence, Evidence]:
    from smote_bench.gating.baselines.baseline import load_baseline
    from smote_bench.gating.evidence.from_run import run_evidence

    if better is not None:
        raise ConfigError(
            f"expected better with tables only, got {better!r} with a run, which knows it: leave it out"
        )
    if not isinstance(baseline, Run | str | os.PathLike):
        raise ConfigError(
            f"expected a baseline's name or path, or a Run, got {got(baseline)}: `main` is the usual name"
        )
    current = run_evidence(stored_run(run, out).folder)
    if isinstance(baseline, Run):
        return run_evidence(baseline.folder), current
    return load_baseline(os.fspath(baseline), out), current
