"""docs/api.md is what the docstrings say; the notebook and the README's example run."""

from __future__ import annotations

import copy
import importlib.util
import inspect
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import smote_bench

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("document_api", ROOT / "tools" / "document_api.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_what_the_docstrings_say(tool: ModuleType) -> None:
    text = tool.DOCUMENT.read_text(encoding="utf-8")
    assert tool.api_text() in text, "run python tools/document_api.py"


def test_every_public_name_has_its_place_in_the_document(tool: ModuleType) -> None:
    names = [name for chapter in tool.CHAPTERS.values() for name in chapter]
    assert sorted([*names, "__version__"]) == sorted(smote_bench.__all__)


def test_every_argument_of_a_public_function_is_described(tool: ModuleType) -> None:
    for name in smote_bench.__all__:
        found = None if name == "__version__" else tool.public_object(name)
        functions = {name: found} if inspect.isfunction(found) else {}
        if inspect.isclass(found):
            functions = {own: one for own, one in tool.members(found).items() if inspect.isfunction(one)}
        for own, function in functions.items():
            said = (inspect.getdoc(function) or "").partition("Parameters\n")[2]
            for argument in inspect.signature(function).parameters:
                assert argument == "self" or re.search(rf"^(\w+, )*{argument}\b.* : ", said, re.MULTILINE), (
                    f"{own}: {argument} is not described"
                )


def test_the_notebook_is_kept_without_outputs() -> None:
    notebook = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") for cell in notebook["cells"])
    assert all(cell.get("execution_count") is None for cell in notebook["cells"])


def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient = pytest.importorskip(
        "nbclient", reason="nbclient is not installed: pip install nbclient ipykernel"
    )
    pytest.importorskip("ipykernel", reason="ipykernel is not installed: pip install nbclient ipykernel")
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager

    # The kernel is this very interpreter, whatever kernels are installed.
    kernel = tmp_path / "kernels" / "this"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "this", "language": "python"})
    )
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    # who runs a cell twice, or the notebook, meets the baseline that is there
    (saving,) = (cell for cell in notebook.cells if "save_baseline" in cell.source)
    again = copy.deepcopy(saving)
    again["id"] = "again"
    notebook.cells.append(again)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="this", resources={"metadata": {"path": str(work)}}
    )
    client.create_kernel_manager()
    client.km.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(kernel.parent)])
    client.execute()  # a cell that raises is raised here, with its traceback

    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pages = [output["data"].get("text/html", "") for output in shown if "data" in output]
    assert any("Mean rank" in page for page in pages), "a run shows its ranking"
    assert any("image/png" in output.get("data", {}) for output in shown), "a figure is a picture"
    printed = "".join(output["text"] for output in shown if output["output_type"] == "stream")
    assert "smote-bench: 8/8 cells" in printed
    assert (work / "reports" / "baselines" / "small.json").is_file()


def test_the_readmes_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(import smote_bench\n.*?)```", text, flags=re.DOTALL)
    assert len(code.splitlines()) <= 6
    assert (code in (ROOT / "docs" / "api.md").read_text(encoding="utf-8")) is True
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # seconds in place of a minute: one quick classifier, and no page
    quick = code.replace('"tuned_threshold"]', '"tuned_threshold"], "selected_classifiers": ["kNN"]')
    names: dict[str, object] = {}
    exec(compile(quick.replace("run.report()", ""), "README.md", "exec"), names)
    assert isinstance(names["run"], smote_bench.Run)
