"""scipy.stats without the texts that nobody reads: the same functions, signatures and results."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from smote_bench.environment.scipy_docs import import_scipy_stats

DESCRIBE = """
import inspect, json, re
from scipy._lib import _docscrape
parsed, begin, usual = [], _docscrape.NumpyDocString.__init__, _docscrape.FunctionDoc
def noted(self, docstring, *args, **named):
    parsed.append(len(docstring))
    begin(self, docstring, *args, **named)
_docscrape.NumpyDocString.__init__ = noted
{how}
import scipy.stats as stats
import sys
of_scipy = [module for name, module in list(sys.modules.items()) if name.startswith("scipy.")]
of_modules = [vars(module).get("FunctionDoc", usual) for module in of_scipy]
assert all(found is usual for found in of_modules)
signatures = {{}}
for name in dir(stats):
    try:
        signatures[name] = re.sub("0x[0-9a-f]+", "", str(inspect.signature(getattr(stats, name))))
    except (TypeError, ValueError):
        signatures[name] = "none"
one, two = [1.0, 2.0, 4.0, 8.0], [2.0, 3.0, 5.0, 11.0]
results = [
    repr(stats.ttest_rel(one, two)), repr(stats.wilcoxon(one, two)), repr(stats.norm.ppf(0.975)),
    repr(stats.friedmanchisquare(one, two, two[::-1])), repr(stats.skew([one, two], axis=1)),
]
print(json.dumps([signatures, results, sum(parsed)]))
"""


def described(how: str) -> tuple[dict[str, str], list[str], int]:
    """Import scipy.stats in a new process; return signatures, results and characters that were parsed."""
    code = DESCRIBE.format(how=how)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    signatures, results, n_parsed = json.loads(done.stdout)
    return signatures, results, n_parsed


@pytest.mark.parametrize(
    "how",
    [
        "from smote_bench.environment.scipy_docs import import_scipy_stats; import_scipy_stats()",
        "from smote_bench.engines.dask.worker import warm_up; warm_up()",
    ],
)
def test_functions_and_results_are_those_of_scipy_and_fewer_texts_are_parsed(how: str) -> None:
    ours = described(how)
    usual = described("import scipy.stats")
    assert ours[:2] == usual[:2]
    assert len(ours[0]) > 200
    assert ours[2] < usual[2] / 2


def test_what_is_imported_already_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    import scipy.stats

    monkeypatch.setitem(sys.modules, "scipy._lib._docscrape", None)  # an import of it would fail
    import_scipy_stats()
    assert sys.modules["scipy.stats"] is scipy.stats


def test_another_scipy_is_imported_as_ever() -> None:
    code = """
import sys
sys.modules["scipy._lib._docscrape"] = sys
from smote_bench.environment.scipy_docs import import_scipy_stats
asked = []
import importlib
importlib.import_module = asked.append
import_scipy_stats()
print(asked)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['scipy._lib._docscrape', 'scipy.stats']\n"
