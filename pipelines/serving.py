"""Servers that a command starts and stops: on loopback, by process id, with their children."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from indicator_specs.home import PROJECT, Home
from superset_config import serving

LOOPBACK = "127.0.0.1"
PATIENCE = 120.0
"""Seconds that a server may take to answer for the first time on a busy machine."""


def free_port(wanted: int = 0) -> int:
    """``wanted`` if nobody listens there, otherwise any free port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted))
        except OSError:
            probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def prepare_dagster(home: Home) -> dict[str, str]:
    """Make Dagster's home and tell the environment in which it is to run."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("dagster.yaml"), home.dagster / "dagster.yaml")
    return {
        **os.environ,
        "CHISO_HOME": str(home.root),
        "DAGSTER_HOME": str(home.dagster),
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def dagster(home: Home, port: int = 0) -> Iterator[str]:
    """Dagster's page and daemon on the installation; yields the address once it answers."""
    port = free_port(port)
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions", "-h", LOOPBACK, "-p", str(port)]
    settings = prepare_dagster(home)
    with (home.dagster / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=PROJECT, env=settings, stdout=log, stderr=log, start_new_session=True)
    try:
        address = f"http://{LOOPBACK}:{port}"
        wait_until_answered(f"{address}/server_info", server)
        yield address
    finally:
        stop(server)


@contextmanager
def superset(home: Home, port: int = 0) -> Iterator[str]:
    """Superset on the installation, synchronised before; yields the address once it answers."""
    port = free_port(port)
    server = serving.serve(home.root, port)
    try:
        address = f"http://{LOOPBACK}:{port}"
        wait_until_answered(f"{address}/health", server)
        yield address
    finally:
        stop(server)


@contextmanager
def worker(home: Home) -> Iterator[None]:
    """The resident worker of the installation, for as long as the block lasts."""
    settings = prepare_dagster(home)
    command = [sys.executable, "-m", "pipelines.cli", "worker"]
    with (home.dagster / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=settings, stdout=log, stderr=log, start_new_session=True)
    try:
        yield
    finally:
        stop(process)


def wait_until_answered(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait for the first answer of a server.

    Raises:
        RuntimeError: it died, or did not answer in time.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"The server of {address} ended with code {server.returncode}; see its log")
        try:
            if httpx.get(address, timeout=5).status_code < 500:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise RuntimeError(f"{address} did not answer within {PATIENCE:.0f} s; see its log")


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server and the processes it started, kindly first."""
    if server.poll() is not None:
        return
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def until_interrupted() -> None:
    """Wait for Ctrl-C or a polite request to end, also where a shell started us deaf to it."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
