"""What source says of a target: followed through imports and bases, silent where it cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from smote_bench.environment.target_source import Written, check_target_source, written
from smote_bench.errors import ConfigError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "sourced_pkg"
    package.mkdir()
    (package / "__init__.py").write_text("from .inner import Derived as Public, make\n")
    (package / "inner.py").write_text(
        "from sourced_pkg.base import Base\n"
        "class Derived(Base):\n    def fit_resample(self, X, y): return X, y\n"
        "def make(X, y, width, *, depth=1): ...\n"
    )
    (package / "base.py").write_text(
        "class Mixin: ...\nclass Base(Mixin):\n    def __init__(self, k, *, step=1, random_state=None): ...\n"
    )
    return tmp_path


def test_imports_and_bases_are_followed(here: Path) -> None:
    found = written("sourced_pkg:Public")
    assert found == Written("Public", True, ("k", "step"), ("k",), frozenset({"Base", "Mixin"}))
    assert written("sourced_pkg:make") == Written(
        "make", False, ("X", "y", "width", "depth"), ("X", "y", "width")
    )


@pytest.mark.parametrize(
    "source",
    [
        "def __getattr__(name): return object\n",
        "globals()['Late'] = object\n",
        "from os.path import *\n",
        "import sys\nsetattr(sys.modules[__name__], 'Late', object)\n",
        "if True:\n    Late = object\n",
        "try:\n    import nothing_at_all as Late\nexcept ImportError:\n    class Late: ...\n",
        "for Late in (object,): ...\n",
        "A, Late = 1, object\n",
    ],
)
def test_names_that_there_may_be_are_not_refused(here: Path, source: str) -> None:
    (here / "sourced_late.py").write_text(source)
    check_target_source("sourced_late:Late")


def test_misspelt_names_and_modules_are_refused_with_what_is_meant(here: Path) -> None:
    for target, words in (
        ("sourced_pkg.inner:Derivde", "sourced_pkg.inner has no 'Derivde'. Did you mean 'Derived'?"),
        ("sourced_pkg.innner:Derived", "no module 'sourced_pkg.innner' .* Did you mean 'sourced_pkg.inner'?"),
        ("sourced_pgk:Public", "Did you mean 'sourced_pkg'?"),
    ):
        with pytest.raises(ConfigError, match=words):
            check_target_source(target)
    check_target_source("a_package_that_nobody_has:Thing")  # unavailable, which its cells say
    check_target_source("json:no_such_name")  # not local


def test_a_file_that_is_no_python_is_named_with_its_line(here: Path) -> None:
    (here / "sourced_broken.py").write_text("class A:\n    def f(self:\n")
    with pytest.raises(ConfigError, match=r"sourced_broken.py:\d+ is no Python"):
        check_target_source("sourced_broken:A")


REMADE = """
import functools
from dataclasses import dataclass
import sklearn.base as base
from imblearn.over_sampling import SMOTE

class Plain:
    def __init__(self, a=1): self.a = a

@dataclass
class Data(Plain):
    k: int = 3

class Meta(type):
    def __call__(cls, *a, k=3, **kw): return super().__call__(*a, **kw)

class WithMeta(metaclass=Meta):
    def __init__(self, a=1): ...

class Mixin:
    def __init__(self, *args, verbose=0, **kw): super().__init__(*args, **kw)

class Logged(Mixin, SMOTE): ...

class ByAttribute(base.BaseEstimator, Plain): ...

class New(Plain):
    def __new__(cls, *a, **kw): return Plain(1)

class Assigned(Plain):
    def _made(self, a=1, z=2): ...
    __init__ = _made

class Later(Plain):
    if True:
        def __init__(self, a=1, z=2): ...

if REMADE:
    class Twice:
        def __init__(self, old=1): ...
else:
    class Twice:
        def __init__(self, new=1): ...

@functools.wraps(Plain)
def wrapped(X, y, *, k=1): ...
"""


@pytest.mark.parametrize(
    "name",
    ["Data", "WithMeta", "Logged", "ByAttribute", "New", "Assigned", "Later", "Twice", "wrapped"],
)
def test_what_code_may_make_otherwise_has_no_parameters_in_source(here: Path, name: str) -> None:
    (here / "sourced_remade.py").write_text(REMADE)
    check_target_source(f"sourced_remade:{name}")
    found = written(f"sourced_remade:{name}")
    assert found is None or found.parameters == ()
    assert written("sourced_remade:Plain").parameters == ("a",)


@pytest.mark.parametrize(
    "source",
    [
        "def make():\n    global Late\n    class Late: ...\nmake()\n",
        "import sys\nmatch sys.platform:\n    case _:\n        class Late: ...\n",
        "import sys\nsys.modules[__name__].Late = object\n",
        "locals()['Late'] = object\n",
        "with open(__file__) as Late: ...\n",
    ],
)
def test_more_names_that_there_may_be(here: Path, source: str) -> None:
    (here / "sourced_later.py").write_text(source)
    check_target_source("sourced_later:Late")


def test_a_package_has_the_modules_that_it_imports_from(here: Path) -> None:
    check_target_source("sourced_pkg:inner.Derived")
    assert written("sourced_pkg:inner") is None


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("imblearn.over_sampling:SMOT", r"imblearn.over_sampling has no 'SMOT'\. Did you mean 'SMOTE'"),
        ("sklearn.ensemble:RandomForestClasifier", "Did you mean 'RandomForestClassifier'"),
        ("sklearn.ensembles:RandomForestClassifier", "no module .* Did you mean 'sklearn.ensemble'"),
        ("imblearn.over_sampler:SMOTE", "no module .* Did you mean 'imblearn.over_sampling'"),
    ],
)
def test_misspelt_names_inside_installed_packages_are_refused(target: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        check_target_source(target)
    assert "Its file" not in str(caught.value)


def test_names_of_stars_are_followed(here: Path) -> None:
    (here / "sourced_pkg" / "all.py").write_text("from .inner import *\nfrom sourced_pkg.base import *\n")
    for name in ("Derived", "Mixin"):
        check_target_source(f"sourced_pkg.all:{name}")
    with pytest.raises(ConfigError, match="Did you mean 'Derived'"):
        check_target_source("sourced_pkg.all:Derivde")


def test_smote_variants_is_looked_into_through_its_stars() -> None:
    pytest.importorskip("smote_variants")
    check_target_source("smote_variants:MulticlassOversampling")
    with pytest.raises(ConfigError, match="Did you mean 'SMOTE'"):
        check_target_source("smote_variants:SMOT")


@pytest.mark.parametrize("target", ["sklearn:svm", "imblearn:over_sampling", "numpy:no_such", "json:no_such"])
def test_packages_that_make_names_by_code_are_left_alone(target: str) -> None:
    check_target_source(target)
