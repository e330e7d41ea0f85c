# SPDX-License-Identifier: Apache-2.0
"""A child process that never outlives the tests, with its output kept."""

import ctypes
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Another build may be tested in the place of the usual one.
RELEASE = Path(os.environ.get("REDOUBT_RELEASE", ROOT / "build" / "release"))
TOOLS = ROOT / "build" / "tools"

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.01)


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Child:
    """Runs a command; `out` and `err` grow as it prints."""

    def __init__(
        self,
        command: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.program = Path(command[0])
        assert self.program.exists(), f"{self.program} is missing: tests/run makes it"
        self.out: list[str] = []
        self.err: list[str] = []
        self.process = subprocess.Popen(
            [str(part) for part in command],
            env=None if env is None else {**os.environ, **env},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            preexec_fn=die_with_parent,
        )
        self._readers = [
            threading.Thread(target=self._keep, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _keep(stream: object, lines: list[str]) -> None:
        for line in stream:  # type: ignore[attr-defined]
            lines.append(line.rstrip("\n"))

    @property
    def output(self) -> str:
        return "\n".join([*self.out, *self.err])

    def wait(self, seconds: float) -> int:
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(2)
        return code

    def wait_for_port(self, port: int, seconds: float = 30) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, f"{self.program} ended:\n{self.output}"
            return listening(port)

        wait_until(ready, f"port {port}", seconds)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.wait(10)
