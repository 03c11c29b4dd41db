"""How ClearML is reached: the user's configuration, offline mode, servers that do not answer.

Also of: environment.clearml_configuration.
"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from made_up import made_up_run
from report.trackers.clearml_sessions import Published, needs_clearml, publish

pytestmark = needs_clearml

KEYS = {"CLEARML_API_ACCESS_KEY": "key", "CLEARML_API_SECRET_KEY": "secret"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("session")
    return made_up_run(out, datasets=1, methods=2, classifiers=1, folds=2, rows=80, points=None)


@pytest.fixture
def dead_server() -> str:
    """The address of a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


# Everything but the configuration would take seconds.
LOADED = """
import smote_bench.report.trackers.clearml.tracker as module
class Shown:
    def __init__(self, *arguments):
        from clearml.config import config, config_obj
        print("SUBPROCESS", config.get("development.report_use_subprocess"))
        print("FILES", config_obj.get("api.files_server"), config.get("development.default_output_uri"))
    def send_all(self):
        pass
module._Publication = Shown
"""


def looked_at(run: Path, home: Path, **env: str) -> Published:
    done = publish(run, home, before=LOADED, **env)
    assert "SUBPROCESS False" in done.output, done.output
    return done


@pytest.mark.parametrize("how", ["home", "variable"])
def test_the_users_own_file_is_read_with_ours_over_it(how: str, run: Path, tmp_path: Path) -> None:
    text = (
        '{ api { files_server: "http://files.example" }\n sdk.development { default_output_uri: "s3://mine"'
        " report_use_subprocess: true } }"
    )
    named = tmp_path / ("clearml.conf" if how == "home" else 'my "own" settings.conf')
    named.write_text(text)
    env = {} if how == "home" else {"CLEARML_CONFIG_FILE": str(named)}
    assert "FILES http://files.example s3://mine" in looked_at(run, tmp_path, **env).output


def test_without_any_file_it_is_offline(run: Path, tmp_path: Path) -> None:
    assert "no credentials" in looked_at(run, tmp_path).said[0]


def test_the_offline_mode_can_be_asked_for(run: Path, tmp_path: Path) -> None:
    done = looked_at(run, tmp_path, CLEARML_OFFLINE_MODE="1", **KEYS)
    assert "CLEARML_OFFLINE_MODE is set: offline" in done.said[0]


def test_a_file_that_is_not_there_is_named(run: Path, tmp_path: Path) -> None:
    done = publish(run, tmp_path, CLEARML_CONFIG_FILE="nowhere.conf")
    assert done.exit_code == 1
    assert (
        "UnavailableError: ClearML: expected CLEARML_CONFIG_FILE to name a file, got 'nowhere.conf'"
        in done.output
    )


def test_a_file_that_cannot_be_read_is_named(run: Path, tmp_path: Path) -> None:
    broken = tmp_path / "clearml.conf"
    broken.write_text("api { = ")
    done = publish(run, tmp_path)
    assert done.exit_code == 1
    assert "UnavailableError: ClearML: expected a configuration that it can read" in done.output
    assert str(broken) in done.output


@pytest.mark.parametrize("where", ["variable", "file"])
def test_a_dead_server_is_found_before_anything_is_sent(
    where: str, run: Path, tmp_path: Path, dead_server: str
) -> None:
    env = {"CLEARML_API_HOST": dead_server}
    if where == "file":
        credentials = 'credentials { access_key: "key", secret_key: "secret" }'
        (tmp_path / "clearml.conf").write_text(f'api {{ api_server: "{dead_server}"\n {credentials} }}')
        env = {}
    else:
        env |= KEYS
    done = publish(run, tmp_path, **env)
    assert done.exit_code == 1
    assert f"TrackerError: expected ClearML at {dead_server} to take the run, got no answer" in done.output
    assert not (run / "tracked.json").exists()


def test_without_the_package_it_says_how_to_install_it(run: Path, tmp_path: Path) -> None:
    done = publish(
        run,
        tmp_path,
        before="import smote_bench.environment.optional_packages as p\np.is_installed = lambda name: False",
    )
    assert done.exit_code == 1
    assert "UnavailableError: the tracker clearml needs clearml, which is not installed" in done.output
    assert "pip install 'smote-bench[clearml]'" in done.output
