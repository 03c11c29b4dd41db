"""A finding as code to paste: the data, the call, and what asserts the failure, in a process of its own."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.properties.cases import Case
from smote_bench.properties.kit import Property, registered
from smote_bench.properties.mixed_frames import mixed_case
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = ["pasted", "recheck", "search_code"]

_RAISED = re.compile(r"\braised\b|it is empty|expected an error that|none after")


def recheck(
    name: str,
    oversampler: Any,
    X: Sequence[Any] | None = None,
    y: Sequence[Any] | None = None,
    *,
    family: str | None = None,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    params: Mapping[str, Any] | None = None,
    layout: Mapping[str, Any] | None = None,
    smoke: bool = False,
) -> None:
    """Make one property's check again on one data set; raise what it finds.

    Parameters
    ----------
    name : str
        Of the property.
    oversampler : class, instance or function
    X, y : array-like, optional
        The data; without them those that the property lays out for `seed`.
    family : str, optional
        What it claims to be; default as its tags say.
    settings : mapping, optional
        Parameters that the kit leaves as they are.
    seed : int
        The sampler's; without `X`, of the layout.
    params : mapping, optional
        Parameters of the sampler that the case sets.
    layout : mapping, optional
        What the case says of itself, such as a change of the data.
    smoke : bool
        Whether a layout is the smaller one.

    Raises
    ------
    Violation
        An AssertionError, if the property does not hold there.

    Examples
    --------
    >>> from smote_impls import SMOTE
    >>> recheck("originals_come_first", SMOTE, [[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 1, 1],
    ...         params={"k_neighbors": 1})
    """
    known = registered()
    if name not in known:
        raise ConfigError(f"expected a property's name, got {name!r}.{did_you_mean(name, known)}")
    prop, subject = known[name], Subject(oversampler, family=family, params=settings)
    if X is None or y is None:
        if prop.design is None:
            raise ConfigError(f"expected X and y for {name!r}, which lays out no data of its own")
        case = prop.design(subject, seed, smoke)
    else:
        settings, known_of_it = dict(params or {}), dict(layout or {})
        if isinstance(X, pd.DataFrame):
            case = mixed_case(X, np.array(y), seed, settings, layout=known_of_it)
        else:
            case = Case(np.array(X), np.array(y), seed, settings, layout=known_of_it)
    prop.check(subject, case)


def pasted(
    prop: Property, subject: Subject, drawn: Case, violation: Violation, *, seed: int, smoke: bool
) -> str:
    """Return code that makes a finding's call and asserts that it is wrong.

    Parameters
    ----------
    prop : Property
    subject : Subject
    drawn : Case
        The case that was checked; the violation may show another one made of it.
    violation : Violation
    seed : int
        Of the layout, for a property that lays its data out.
    smoke : bool
    """
    case = violation.case or drawn
    code = subject.code(case, violation.setup)
    raised = bool(_RAISED.search(violation.message))
    if violation.proof and not raised:
        return f"{code}\n{violation.proof}"
    data = subject.code(case).rpartition("\n")[0]
    steps = code.removeprefix(data).strip("\n")
    again = _again(prop, subject, drawn, case, seed, smoke)
    if raised:
        # What is set up may raise as well as the call does.
        body = textwrap.indent(steps, "    ")
        wrong = 'raise AssertionError(f"it raised {type(error).__name__}: {error}") from error'
        code = f"{data}\ntry:\n{body}\nexcept Exception as error:\n    {wrong}"
        return f"{code}\n{again}" if again else code
    # Before the call, which may have changed what it was given.
    return f"{data}\n{again}\n{steps}" if again else code


def search_code(prop: Property, subject: Subject, seed: int, smoke: bool) -> str:
    """Return code that makes the whole search again, for a failure that takes the calls before it."""
    imported, name = subject.named()
    if not imported or registered().get(prop.name) is not prop:
        return "# The search that found it made other calls before."
    family = f"family={subject.family!r}, params={subject.params!r}"
    return (
        "# It takes the calls that were made before: the search makes them again.\n"
        "from smote_bench.properties import PROPERTIES, Subject, run_property\n"
        f"subject = Subject({name}, {family})\n"
        f"found = run_property(PROPERTIES[{prop.name!r}], subject, seed={seed}, smoke={smoke})\n"
        'assert found.status != "failed", found.reason'
    )


def _again(prop: Property, subject: Subject, drawn: Case, shown: Case, seed: int, smoke: bool) -> str:
    """Return the lines that make the check again, or nothing where the sampler cannot be named."""
    imported, name = subject.named()
    if not imported or registered().get(prop.name) is not prop:
        return ""
    arguments = [repr(prop.name), name]
    stated = [f"family={subject.family!r}", f"settings={subject.params!r}" if subject.params else ""]
    if prop.design is not None:
        arguments += [*stated, f"seed={seed}", "smoke=True" if smoke else ""]
    else:
        same = shown.X is drawn.X and shown.y is drawn.y and not shown.recipe
        data = ["X", "y"] if same else [repr(drawn.X.tolist()), repr(drawn.y.tolist())]
        arguments += [*data, *stated, f"seed={drawn.seed}"]
        arguments += [f"params={dict(drawn.params)!r}" if drawn.params else ""]
        arguments += [f"layout={dict(drawn.layout)!r}" if drawn.layout else ""]
    return (
        "from smote_bench.properties import recheck\n"
        f"recheck({', '.join(filter(None, arguments))})  # raises what was found"
    )
