"""A run's summary in Markdown: a file in its folder, and a part of GitHub's step summary in CI."""

from __future__ import annotations

import os
import warnings
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.report.text.text_table import TextTable, escape_markdown
from smote_bench.runs.data_findings import finding_lines
from smote_bench.runs.failure_groups import grouped_failures
from smote_bench.runs.trivial_arms import threshold_note
from smote_bench.runs.whole_folder import write_whole

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["append_to_step_summary", "build_ci_summary", "write_ci_summary"]

VARIABLE = "GITHUB_STEP_SUMMARY"
_LIMIT = 1024 * 1024
"""GitHub drops the summary of a step that is larger, in bytes."""

_CUT = "\n\n*Cut here: GitHub shows 1 MiB of a step's summary; the whole is in `summary.md` of the run.*\n"
_SHOWN = 20


def write_ci_summary(run: Run, environ: Mapping[str, str] = os.environ) -> Path:
    """Write ``summary.md`` into the run's folder, and append it to the step summary of CI where there is one.

    Parameters
    ----------
    run : Run
    environ : mapping of str to str
        ``GITHUB_STEP_SUMMARY`` names a file.

    Returns
    -------
    Path
        Of ``summary.md``.
    """
    text = build_ci_summary(run)
    path = run.folder / "summary.md"
    write_whole(path, text)
    append_to_step_summary(text, environ)
    return path


def append_to_step_summary(text: str, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Append to the file named by ``GITHUB_STEP_SUMMARY``; a run never fails because of it, but warns.

    Returns
    -------
    Path or None
        The file that was written to.
    """
    name = environ.get(VARIABLE)
    if not name:
        return None
    path = Path(name)
    try:
        taken = path.stat().st_size if path.exists() else 0
        data = _cut(text.encode("utf-8"), _LIMIT - taken)
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        warnings.warn(
            f"expected to append the run's summary to the file that {VARIABLE} names, got {name!r} and "
            f"{type(error).__name__}: {error}; it is in the run's summary.md",
            stacklevel=2,
        )
        return None
    return path


def _cut(data: bytes, room: int) -> bytes:
    """Return as many whole lines as there is room for, and say so; nothing where there is no room."""
    if len(data) <= room:
        return data
    end = room - len(_CUT.encode())
    if end <= 0:
        warnings.warn(f"no room is left in the file that {VARIABLE} names: summary not shown", stacklevel=3)
        return b""
    return data[: data.rfind(b"\n", 0, end) + 1] + _CUT.encode()


def build_ci_summary(run: Run) -> str:
    """Return the run's summary in Markdown: the answer, the ranking, what was not ok, where the report is."""
    from smote_bench.report.analysis.answer import answer

    said = answer(run)
    name = run.manifest["experiment"].get("name") or run.folder.name
    account = run.account
    parts = [
        f"**{escape_markdown(account.headline)}**" if account.cut else "",
        f"## smote-bench: {escape_markdown(name)}",
        "\n\n".join(map(escape_markdown, said.sentences)),
        "\n".join(["Before it is believed:", "", *(f"- {escape_markdown(c)}" for c in said.caveats)])
        if said.caveats
        else "",
        _read(run),
        _ranking(run),
        _same_method(run),
        _not_ok(run),
        f"{escape_markdown(account.line)}. "
        f"Report: `{run.folder / 'report.html'}`; tables and figures beside it.",
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _read(run: Run) -> str:
    """Return how tables were read and what was left out; what is doubtful stands among the caveats."""
    others = {name: [one for one in found if not one.is_caveat] for name, found in run.findings.items()}
    lines = [f"- {escape_markdown(line)}" for line in finding_lines(others)]
    return "\n".join(["How the data were read:", "", *lines]) if lines else ""


def _ranking(run: Run) -> str:
    from smote_bench.report.analysis.ranking import ranking

    if not run.priority_metrics:
        return ""
    metric = run.priority_metrics[0]
    header = ["method", "mean rank", "mean delta to Original", "n", "wins/ties/losses", "against trivial"]
    rows = [
        [
            run.label_of(str(row["method"])),
            _number(row["mean_rank"], ".2f"),
            _delta(row),
            _n(row),
            _record(row, ""),
            _record(row, "trivial_"),
            _number(row["seconds"], ".1f"),
            str(row["not_ok"] or ""),
        ]
        for row in ranking(run, metric).to_dict("records")
    ]
    note = threshold_note(run.outcomes, metric)
    caption = f"Methods by mean rank of {metric}; delta with the 95% interval of each method alone."
    caption += f" {note}" if note else ""
    return TextTable([*header, "seconds", "not ok"], rows, caption).markdown()


def _same_method(run: Run) -> str:
    from smote_bench.report.analysis.same_method import same_method_lines

    lines = same_method_lines(run, run.priority_metrics[0]) if run.priority_metrics else []
    return "\n\n".join(map(escape_markdown, lines))


def _delta(row: Mapping[Hashable, Any]) -> str:
    delta, half_width = _number(row["delta"], "+z.4f"), _number(row["half_width"], ".4f")
    return f"{delta} ± {half_width}" if delta and half_width else delta


def _n(row: Mapping[Hashable, Any]) -> str:
    n, why = _number(row["n"], ".0f"), str(row["left_out_because"])
    return f"{n} ({_number(row['left_out'], '.0f')} cells left out: {why})" if why else n


def _record(row: Mapping[Hashable, Any], prefix: str) -> str:
    counts = [_number(row[f"{prefix}{name}"], ".0f") for name in ("wins", "ties", "losses")]
    return "/".join(counts) if all(counts) else ""


def _number(value: Any, form: str) -> str:
    """Format a number; empty where pandas has none."""
    import pandas as pd

    return "" if pd.isna(value) else format(float(value), form)


def _not_ok(run: Run) -> str:
    """Return the cells that are not ok by what they have in common, the most frequent first."""
    groups = sorted(grouped_failures(run.outcomes), key=lambda group: -len(group.cells))
    if not groups:
        return ""
    rows = [[str(len(group.cells)), group.status, group.words, group.which] for group in groups[:_SHOWN]]
    left = len(groups) - len(rows)
    more = f"\n{left} more reasons: see `tables/not_ok.csv`.\n" if left else ""
    return TextTable(["cells", "status", "reason", "which"], rows, "Not ok:").markdown() + more
