# make bench          the quick experiment, with our samplers: a table of deltas and where the files are
# make bench K=Ecoli  only what matches
# make bench EXPERIMENT=libraries   ours beside smote_variants' and imbalanced-learn's SMOTE, Borderline-SMOTE and ADASYN
# make gate           hold our samplers to the committed baseline
# make test           all tests
# make test-light     `pip install .` alone in an environment of its own: size, gate, kit and grid; then removed
# make test-oldest    a selection of the tests with the oldest versions that pyproject.toml allows, on Python 3.11
# make test-python PYTHON=3.13   the same selection with another Python and the versions of constraints.txt
# make check          lint, types, layers of the package, spelling, examples in docstrings
# make doctest        the examples in docstrings alone
# make coverage       all tests, then which lines and branches they leave out; K=tests/stats for some
# make runtime        our samplers' seconds and memory beside other libraries', into docs/runtime.md
# make threads        our samplers with one thread and with two, and their peak of memory, into docs/runtime.md
# make gate-study     the gate's false alarms and what it sees, on real fits, into docs/gate_study.md (half an hour)
# make claims-study   how often the report's sentences are false, on made-up runs, into docs/claims_study.md
# make screenshots    the report's pictures in docs/images, from the latest run
# Each sets up .venv first, where there is none or where the dependencies changed.

PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= dev,keel,catboost,variants,clearml,dask,excel,mlflow
EXPERIMENT ?= quick
K ?=

# make would pass this on, and every worker of every run would compile its modules again.
unexport PYTHONDONTWRITEBYTECODE

BIN = $(VENV)/bin
INSTALLED = $(VENV)/.installed

.PHONY: bench gate test test-light test-oldest test-python check doctest coverage speed runtime methods-table screenshots
.PHONY: threads gate-study claims-study clean

bench: $(INSTALLED)
	$(BIN)/python -m pytest benchmarks -n auto -q --smote-experiment $(EXPERIMENT) $(if $(K),-k '$(K)')

gate: $(INSTALLED)
	$(BIN)/python -m pytest benchmarks -n auto -q --smote-experiment gate --smote-compare=gate --smote-no-report

# A test that hangs ends its worker, with where each thread was, and is named; the longest takes half a minute.
test: $(INSTALLED)
	$(BIN)/python -m pytest -n auto -o faulthandler_timeout=900 -o faulthandler_exit_on_timeout=true

test-light: $(INSTALLED)
	$(BIN)/python -m pytest install_tests -n 0 -s -q

# Environments of their own with the core alone: they are quick to set up, and other packages stay out of the way.
# A warning is an error in `make test` alone: other versions warn of other things.
test-oldest: OF = oldest
test-oldest: PINS = constraints-oldest.txt
test-oldest: PYTHON = 3.11
test-oldest: test-versions

test-python: OF = $(notdir $(PYTHON))
test-python: PINS = constraints.txt
test-python: test-versions

test-versions:
	rm -rf .venvs/$(OF)
	"$$(tools/find_python $(PYTHON))" -m venv .venvs/$(OF)
	.venvs/$(OF)/bin/python -m pip install --quiet --disable-pip-version-check -c $(PINS) -e .
	.venvs/$(OF)/bin/python -m pytest -n auto -q -m versions -W default

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell
	$(MAKE) --no-print-directory doctest

doctest: $(INSTALLED)
	$(BIN)/python -m pytest -q --doctest-modules smote_bench smote_impls

coverage: $(INSTALLED)
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -n auto $(K); status=$$?; \
	$(BIN)/python -m coverage combine -q && $(BIN)/python -m coverage report && exit $$status

speed: $(INSTALLED)
	$(BIN)/python benchmarks/speed.py

runtime: $(INSTALLED)
	$(BIN)/python benchmarks/runtime_table.py --out docs/runtime.md

threads: $(INSTALLED)
	$(BIN)/python benchmarks/threads_table.py --out docs/runtime.md

gate-study: $(INSTALLED)
	$(BIN)/python benchmarks/gate_study/study.py --out docs/gate_study.md

claims-study: $(INSTALLED)
	$(BIN)/python benchmarks/claims_study/study.py --out docs/claims_study.md

screenshots: $(INSTALLED)
	$(BIN)/python tools/screenshots.py reports/latest --out docs/images

methods-table: $(INSTALLED)
	$(BIN)/smote-bench methods check --out docs/methods.md

# The compiled code is made while installing.
$(INSTALLED): pyproject.toml constraints.txt hatch_build.py smote_bench/classifiers/tree_growing.c
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	touch $@

clean:
	rm -rf .venv .venvs build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
