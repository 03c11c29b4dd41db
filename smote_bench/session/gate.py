"""The gate's side of the controller: saves a baseline, judges the run, and says so to pytest.

A failed gate is a verdict in the summary and in the exit code, not a traceback. Every pytest session where
smote-bench is installed imports this module, so the gate itself is imported where one was asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smote_bench.errors import SmoteBenchError
from smote_bench.session.progress import start_new_line

if TYPE_CHECKING:
    from smote_bench.gating.verdicts.verdict import Verdict
    from smote_bench.session.gate_plan import GatePlan
    from smote_bench.session.setup import Setup

__all__ = ["SessionGate"]


class SessionGate:
    """Follows a session for its gate.

    Parameters
    ----------
    arguments : list of str
        pytest's, by which a baseline can be made again.
    """

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._overrides: list[str] = []
        self._lines: list[tuple[str, dict[str, bool]]] = []

    def follow(self, properties: dict[str, Any]) -> None:
        """Take from a finished cell's report what its markers ask for."""
        if "smote_gate" in properties:
            self._overrides.append(str(properties["smote_gate"]))

    def finish(
        self,
        session: pytest.Session,
        setup: Setup,
        selected: Collection[str],
        seen: Collection[str],
        jobs: int,
    ) -> None:
        """Judge the run and save the baseline, as asked; set the session's exit code."""
        plan = setup.gate
        if plan.idle:
            self._say(plan.idle)
        if not plan.save and not plan.compare:
            return
        n_missing = len(set(selected) - set(seen))
        stopped = session.exitstatus in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR)
        if stopped or n_missing:
            self._say(
                "metric gate: not judged, nothing saved: the session did not come to its end "
                f"({n_missing} of {len(selected)} cases were not run)",
                red=True,
            )
            if plan.settings.mode == "fail" or plan.save:
                session.exitstatus = session.exitstatus or _not_comparable()
            return
        if plan.compare:
            try:
                self._judge(session, setup, selected, jobs)
            except SmoteBenchError as error:
                self._say(f"metric gate: not judged: {error}", red=True)
                session.exitstatus = _not_comparable()
        if plan.save:
            try:
                self._save(setup)
            except SmoteBenchError as error:
                self._say(f"baseline {plan.save!r}: not saved: {error}", red=True)
                session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
            except KeyboardInterrupt:
                self._say(f"baseline {plan.save!r}: interrupted while it was saved", red=True)
                raise

    def nothing_ran(self, session: pytest.Session, plan: GatePlan) -> None:
        """Say that a comparison was asked for and no cell was run: that is no pass."""
        self._say("metric gate: not comparable: no cell was run", red=True)
        no_reason = (
            pytest.ExitCode.OK,
            pytest.ExitCode.TESTS_FAILED,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        )
        if plan.settings.mode == "fail" and session.exitstatus in no_reason:
            session.exitstatus = _not_comparable()

    def write(self, reporter: pytest.TerminalReporter) -> None:
        """Write what there is to say."""
        if not self._lines:
            return
        reporter.section("metric gate")
        for text, style in self._lines:
            reporter.write_line(text, **style)

    def _say(self, text: str, **style: bool) -> None:
        self._lines.append((text, style))

    def _judge(self, session: pytest.Session, setup: Setup, selected: Collection[str], jobs: int) -> None:
        from smote_bench.gating.verdicts.files import to_markdown, write_verdict
        from smote_bench.gating.verdicts.words import lines
        from smote_bench.report.text.ci_summary import append_to_step_summary
        from smote_bench.session.gate_plan import overrides_from
        from smote_bench.session.second_look import GatedRun, gate_run

        run = GatedRun(
            setup.experiment,
            setup.settings,
            selected,
            setup.known,
            overrides_from(sorted(self._overrides)),  # whatever the order in which workers came to them
            jobs,
            setup.metrics_left_out,
        )
        try:
            verdict = gate_run(run, setup.gate, _announce(session.config))
        except KeyboardInterrupt:
            self._say("metric gate: not judged, nothing saved: it was interrupted", red=True)
            raise
        bad = verdict.result != "pass"
        for n, text in enumerate(lines(verdict)):
            is_head = n == 0
            self._say(text, red=is_head and bad, green=is_head and not bad, bold=is_head)
        if verdict.result == "undecided":  # whatever failed beside it is decided
            session.exitstatus = session.exitstatus or verdict.exit_code
        elif verdict.exit_code:
            session.exitstatus = verdict.exit_code
        # said and in the exit code by now, whatever becomes of its files
        folder = Path(setup.settings.run_dir)
        write_verdict(folder, verdict)
        self._say(f"verdict: {folder}/ (gate.md, gate.json, gate.xml)")
        append_to_step_summary(to_markdown(verdict))
        _to_junit(session.config, verdict)

    def _save(self, setup: Setup) -> None:
        from smote_bench.gating.baselines.baseline import save_from_run

        plan = setup.gate
        path = save_from_run(
            Path(setup.settings.run_dir),
            plan.save,
            Path(plan.reports),
            reason=plan.reason,
            replace=bool(plan.reason),
            arguments=self._arguments,
        )
        self._say(f"baseline: {path} ({plan.n_splits} splits, {plan.n_seeds} seeds)")
        self._say(f"hold later runs to it with --smote-compare={plan.save}")


def _not_comparable() -> int:
    from smote_bench.gating.verdicts.verdict import EXIT_CODES

    return EXIT_CODES["not comparable"]


def _announce(config: pytest.Config) -> Callable[[str], None]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")

    def say(text: str) -> None:
        if reporter is not None:
            start_new_line(reporter)
            reporter.write_line(text)

    return say


def _to_junit(config: pytest.Config, verdict: Verdict) -> None:
    """Put the verdict among the properties of pytest's own JUnit file, where one is written."""
    try:
        from _pytest.junitxml import xml_key  # there is no public way from outside a test
    except ImportError:
        return
    xml = config.stash.get(xml_key, None)
    if xml is None:
        return
    try:
        xml.add_global_property("smote_gate", verdict.result)
        for finding in verdict.findings[:50]:
            name = "-".join(part for part in (finding.dataset, finding.method, finding.classifier) if part)
            text = f"{name} {finding.measure} {finding.before:.5g} -> {finding.after:.5g}"
            xml.add_global_property(f"smote_gate_{finding.kind}", text)
    except AttributeError as error:
        warnings.warn(f"the verdict is not in pytest's JUnit file: {error}; see gate.xml", stacklevel=2)
