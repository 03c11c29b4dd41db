"""What code can change in the process it runs in, read before it runs and put back afterwards.

A `Part` (part.py) is one such setting; a module has the parts of one kind, and registry.py lists them in the
order in which they are put back. Reading all of them takes some 0.1 milliseconds, and nothing is written
unless it differs, so that every fit can be enclosed. Settings of an optional library are looked at where it
is loaded.
"""

from smote_bench.environment.process_state.random_numbers import seed_generators
from smote_bench.environment.process_state.state import ProcessState, apply

__all__ = ["ProcessState", "apply", "seed_generators"]
