"""Compile the trees of random forests when the package is installed, where there is a C compiler.

Hatchling calls this for every wheel and every editable installation. Without a compiler, on another
processor, or with SMOTE_BENCH_PURE=1 in the environment, the wheel has no compiled code: forests are the
same, and slower.

    python hatch_build.py    # compile in place, for a checkout that is run without being installed
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called by hand
    BuildHookInterface = object

SOURCE = "smote_bench/classifiers/tree_growing.c"
LIBRARY = "smote_bench/classifiers/_tree_growing.so"
FLAGS = ("-O3", "-ffp-contract=off", "-fPIC", "-shared")


class CompileTrees(BuildHookInterface):  # type: ignore[misc]  # hatchling is there while building alone
    """Add the compiled library to a wheel, and name the platform that it is for."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; called by hatchling before it collects files."""
        del version
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        (root / LIBRARY).unlink(missing_ok=True)
        if reason := compile_library(root):
            self.app.display_warning(f"random forests will be slower, with the same results: {reason}")
            return
        build_data["artifacts"].append(LIBRARY)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"


def compile_library(root: Path) -> str:
    """Compile `SOURCE` to `LIBRARY` in a checkout; return why not, or ""."""
    if os.environ.get("SMOTE_BENCH_PURE", "0") not in ("", "0"):
        return "SMOTE_BENCH_PURE asks for no compiled code"
    if os.name != "posix" or platform.machine() not in ("x86_64", "amd64"):
        return f"its trees are compiled for Linux and macOS on x86-64, this is {platform.platform()}"
    source, library = root / SOURCE, root / LIBRARY
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    with tempfile.TemporaryDirectory(dir=library.parent, prefix=".compiling-") as folder:
        made = Path(folder, library.name)
        command = [*shlex.split(os.environ.get("CC", "cc")), *FLAGS, f'-DSOURCE="{digest}"', "-o", str(made)]
        try:
            done = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False)
        except OSError as error:
            return f"there is no C compiler ({command[0]}: {error.strerror}); CC names one"
        if done.returncode:
            return f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[-500:]}"
        made.replace(library)  # two installations at once leave one whole file
    return ""


if __name__ == "__main__":
    if why := compile_library(Path(__file__).resolve().parent):
        raise SystemExit(why)
    print(f"compiled {LIBRARY}", file=sys.stderr)
