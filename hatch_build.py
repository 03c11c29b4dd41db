"""Compile the trees of random forests when the package is installed, where there is a C compiler.

Hatchling calls this for every wheel and every editable installation. Without a compiler, on another
processor, or with SMOTE_BENCH_PURE=1 in the environment, the wheel has no compiled code: forests are the
same, and slower.

    python hatch_build.py    # compile in place, for a checkout that is run without being installed
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import platform
import re
import shlex
import shutil
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
# After those of CC: what doubles are rounded to, and that a NaN is no number, is part of the result.
FLAGS = ("-O3", "-fno-fast-math", "-ffp-contract=off", "-fPIC", "-shared")


class CompileTrees(BuildHookInterface):  # type: ignore[misc]  # hatchling is there while building alone
    """Add the compiled library to a wheel, and name the platform that it is for."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; called by hatchling before it collects files."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        if version == "editable":  # which is the checkout itself
            if reason := compile_library(root, root / LIBRARY):
                with contextlib.suppress(OSError):
                    (root / LIBRARY).unlink(missing_ok=True)
        else:  # the checkout is left as it is: it may be read-only, or somebody's editable installation
            folder = tempfile.mkdtemp(prefix="smote-bench-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)  # when it is in the wheel
            made = Path(folder, Path(LIBRARY).name)
            if not (reason := compile_library(root, made)):
                build_data["force_include"][str(made)] = LIBRARY
                build_data["pure_python"] = False
                platform_name = sysconfig.get_platform().replace("universal2", "x86_64")
                build_data["tag"] = f"py3-none-{re.sub('[-.]', '_', platform_name)}"
        if reason:
            self.app.display_warning(f"random forests will be slower, with the same results: {reason}")


def compile_library(root: Path, library: Path) -> str:
    """Compile the `SOURCE` of a checkout to a file; return why it could not be done, or ""."""
    if os.environ.get("SMOTE_BENCH_PURE", "0") not in ("", "0"):
        return "SMOTE_BENCH_PURE asks for no compiled code"
    if os.name != "posix" or platform.machine() not in ("x86_64", "amd64"):
        return f"its trees are compiled for Linux and macOS on x86-64, this is {platform.platform()}"
    source = root / SOURCE
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    try:
        compiler = shlex.split(os.environ.get("CC", "")) or ["cc"]
    except ValueError as error:
        return f"CC={os.environ['CC']!r} is no command ({error})"
    try:
        with tempfile.TemporaryDirectory(dir=library.parent, prefix=".compiling-") as folder:
            made = Path(folder, library.name)
            command = [*compiler, *FLAGS, f'-DSOURCE="{digest}"', "-o", str(made), str(source)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            except OSError as error:
                return f"there is no C compiler ({compiler[0]}: {error.strerror}); CC names one"
            if done.returncode:
                return f"{compiler[0]} ended with {done.returncode}: {done.stderr.strip()[-500:]}"
            if not made.is_file():
                return f"{compiler[0]} compiled nothing: CC names a C compiler"
            made.replace(library)  # two installations at once leave one whole file
    except OSError as error:
        return f"the library cannot be written ({error.filename}: {error.strerror})"
    return ""


if __name__ == "__main__":
    checkout = Path(__file__).resolve().parent
    if why := compile_library(checkout, checkout / LIBRARY):
        raise SystemExit(why)
    print(f"compiled {LIBRARY}", file=sys.stderr)
