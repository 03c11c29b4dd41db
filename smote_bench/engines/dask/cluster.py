"""Where the workers are: a scheduler that is given, or one with its workers on this machine."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from smote_bench.engines.dask.trust import check_workers
from smote_bench.engines.dask.worker import describe
from smote_bench.environment.processes import usable_cores
from smote_bench.environment.threads import pin_environment
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

__all__ = ["WAIT_SECONDS", "Cluster"]

_START_SECONDS = 60.0
"""How long workers on this machine may take to start, on a busy one."""

WAIT_SECONDS = 8.0
"""How long an answer of the scheduler, and a first worker, are waited for."""

# Of workers on this machine. Dask looks a hundred times a second at what each of them does, and fifty times
# at how late its own loops are: that is a tenth of a core.
_SETTINGS = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.tick.interval": "2s",
    "distributed.scheduler.work-stealing-interval": "1s",
}

_REMEDY = "start one with `dask scheduler` and workers with `dask worker ADDRESS` (docs/cluster.md)"


class Cluster:
    """A scheduler with its workers, and the connection to it.

    Parameters
    ----------
    address : str
        As Dask has it, such as ``tcp://host:8786``; empty for workers on this machine, one a core.
    wait_seconds : float
        How long an answer and a first worker are waited for.

    Raises
    ------
    ConfigError
        If nothing answers, there are no workers, or they differ from this process.
    """

    def __init__(self, address: str, wait_seconds: float = WAIT_SECONDS) -> None:
        self.address = address
        self._local: LocalCluster | None = None
        self._settings = contextlib.ExitStack()
        pin_environment()
        until = time.monotonic() + wait_seconds
        self._started_by = time.monotonic() + _START_SECONDS
        if not address:
            self._local = self._workers_here()
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self.client = self._connected(address, wait_seconds)
        try:
            if address:
                self._wait_for_a_worker(until)
                self.check()
            self._tell_deaths()
        except BaseException:
            self.close()
            raise

    @property
    def n_workers(self) -> int:
        """How many cells are computed at a time, now; of workers on this machine, as soon as they are up."""
        if self._local is not None:
            return usable_cores()
        return sum(worker["nthreads"] for worker in self.workers().values())

    @property
    def never_started(self) -> bool:
        """Whether workers on this machine had to be there long since, and none is."""
        return self._local is not None and time.monotonic() > self._started_by and not self.workers()

    def check(self) -> None:
        """Make sure that the workers are as this process.

        Raises
        ------
        ConfigError
        """
        try:
            try:
                there = self.client.run(describe)
            except OSError:  # a busy worker may not be connected to in time
                there = self.client.run(describe)
        except OSError as error:
            raise ConfigError(
                "expected an answer of every worker about what is installed there, but one gave none "
                f"({type(error).__name__}: {error}): look at its log, or run again when it is less busy"
            ) from error
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"expected workers with this smote-bench, but they have no module {error.name!r}: install it "
                "on every worker in the version that is here (pip install smote-bench)"
            ) from error
        except Exception as error:
            raise ConfigError(
                f"expected workers with this smote-bench, but they could not say what they have "
                f"({type(error).__name__}: {error}): install it there in the version that is here"
            ) from error
        check_workers(describe(), there)

    def _tell_deaths(self) -> None:
        from smote_bench.engines.dask.deaths import TellDeaths

        with contextlib.suppress(Exception):  # a scheduler may take no code of its clients
            self.client.register_plugin(TellDeaths())

    def close(self) -> None:
        """Leave the cluster; end what was started on this machine."""
        with contextlib.suppress(Exception):
            self.client.close(timeout=2)
        if self._local is not None:
            _end(self._local)
        self._settings.close()

    def workers(self) -> dict[str, Any]:
        """Return the workers that are there now, by their addresses."""
        return dict(self.client.scheduler_info(n_workers=-1)["workers"])

    def _workers_here(self) -> LocalCluster:
        """Start a scheduler, and begin to start a worker for each core, which nobody else can reach."""
        method = _preload()
        import dask
        from distributed import LocalCluster

        self._settings.enter_context(dask.config.set({**_SETTINGS, **method}))
        cluster = LocalCluster(
            n_workers=0,
            threads_per_worker=1,
            memory_limit=0,  # as workers of -n have none; --smote-max-memory is for both
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
            env=dict(os.environ),  # a fork server has that of its own start
        )
        cluster.scale(usable_cores())
        return cluster

    def _connected(self, address: str, wait_seconds: float) -> Client:
        from distributed import Client

        try:
            return Client(self._local if self._local is not None else address, timeout=wait_seconds)
        except (OSError, TimeoutError) as error:
            raise ConfigError(
                f"expected a Dask scheduler at {address}, but nothing answered within {wait_seconds:g} s "
                f"({' '.join(str(error).split()) or type(error).__name__}): {_REMEDY}, write tls:// "
                "where it has TLS, or leave the address out for workers on this machine"
            ) from error
        except Exception as error:
            if address.startswith("tls"):
                raise ConfigError(
                    f"expected certificates for {address} in Dask's configuration (DASK_CONFIG, "
                    f"distributed.comm.tls), got {type(error).__name__}: {error}: see docs/cluster.md, TLS"
                ) from error
            raise ConfigError(
                f"expected the address of a Dask scheduler, such as tcp://host:8786, got {address!r} "
                f"({type(error).__name__}: {error}): {_REMEDY}"
            ) from error

    def _wait_for_a_worker(self, until: float) -> None:
        while not self.workers():
            if time.monotonic() > until:
                raise ConfigError(
                    f"expected workers at the scheduler {self.address}, but none came in time: start one "
                    f"with `dask worker {self.address}`, or wait longer (--smote-engine-wait SECONDS)"
                )
            time.sleep(0.1)


def _preload() -> dict[str, str]:
    """Begin to import what workers need in the process that they become forks of; return Dask's setting.

    It goes on beside what is imported here, and is done once, not once a worker.
    """
    if sys.platform != "linux":
        return {}
    from multiprocessing import forkserver, set_forkserver_preload

    set_forkserver_preload(["smote_bench.engines.dask.preloaded"])
    forkserver.ensure_running()
    return {"distributed.worker.multiprocessing-method": "forkserver"}


def _end(cluster: LocalCluster) -> None:
    """End workers at once: what they are in the middle of nobody waits for."""
    for nanny in list(cluster.workers.values()):
        nanny.auto_restart = False
        with contextlib.suppress(AttributeError, OSError, TypeError):  # it may have no process yet
            os.kill(nanny.pid, signal.SIGKILL)
    with contextlib.suppress(Exception):
        cluster.close(timeout=2)
