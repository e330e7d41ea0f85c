# SPDX-License-Identifier: Apache-2.0
"""The file `bootstrap` itself: static, small, and content with an empty folder."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from asking import Asking
from runtime_api import RuntimeApi
from support.child import RELEASE, ROOT
from support.events import HttpRequest, version_2
from support.host import Host, running
from support.payloads import KINDS

BOOTSTRAP = RELEASE / "bootstrap"
MEGABYTE = 1_000_000


def readelf(*options: str) -> str:
    done = subprocess.run(
        ["readelf", "--wide", *options, str(BOOTSTRAP)], capture_output=True, text=True, check=True
    )
    return done.stdout


class TestFile:
    def test_is_position_independent(self) -> None:
        assert "DYN (" in readelf("--file-header")

    def test_asks_for_no_interpreter(self) -> None:
        assert "INTERP" not in readelf("--program-headers")

    def test_needs_no_shared_object(self) -> None:
        assert "NEEDED" not in readelf("--dynamic")

    def test_has_a_stack_that_does_not_run_and_relocations_that_stand(self) -> None:
        headers = readelf("--program-headers")
        stack = next(line for line in headers.splitlines() if "GNU_STACK" in line)
        assert "RWE" not in stack
        assert "GNU_RELRO" in headers

    def test_is_stripped(self) -> None:
        sections = readelf("--section-headers")
        assert ".symtab" not in sections and ".debug_info" not in sections

    def test_is_small(self) -> None:
        assert BOOTSTRAP.stat().st_size <= 8.8 * MEGABYTE
        assert (RELEASE / "redoubt.zip").stat().st_size <= 4.4 * MEGABYTE

    def test_holds_no_path_of_the_machine_that_built_it(self) -> None:
        """Nor anything of the test code."""
        data = BOOTSTRAP.read_bytes()
        for text in (str(ROOT).encode(), b"redoubt-local", b"standins"):
            assert text not in data


class TestMemory:
    @pytest.fixture
    def busy(self) -> Iterator[Host]:
        with running("--environments", "1") as host:
            yield host

    def test_peak_stays_below_14_megabytes(self, busy: Host) -> None:
        chain = busy.arm(1_000_000)
        chain.loosen_pace()
        for _ in range(50):
            for key in busy.keys:
                for make in KINDS.values():
                    payload = make(*chain.slot(), chain=chain.raw)
                    assert busy.baker.sign(key, payload).status == 200
        status = Path(f"/proc/{busy.environments()[0]['pid']}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        assert int(peak.split()[1]) <= 14 * 1024


class TestEmptyRoot:
    """Nothing but `/etc/resolv.conf`, and the file that the stand-ins' CA needs."""

    @pytest.fixture
    def root(self) -> Iterator[Path]:
        assert os.geteuid() == 0, "chroot wants root: run the tests as root"
        with tempfile.TemporaryDirectory(prefix="empty-root-") as folder:
            root = Path(folder)
            (root / "etc").mkdir()
            shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
            shutil.copy(BOOTSTRAP, root / "bootstrap")
            yield root

    def test_starts_and_answers(self, root: Path) -> None:
        with RuntimeApi([version_2(HttpRequest(path="/healthz"))]) as api:
            process = subprocess.Popen(
                ["/bootstrap"],
                env=api.environment(),
                preexec_fn=lambda: os.chroot(root),
                cwd=root,
            )
            try:
                assert api.answers(1)[0]["statusCode"] == 200
            finally:
                process.kill()
                process.wait()

    def test_signs(self, root: Path, host: Host) -> None:
        ca_file = Path(host.setup["ca_file"])
        (root / "ca.pem").write_bytes(ca_file.read_bytes())
        chain = host.arm(1_000_000)
        asked = Asking(host, chain, host.keys[0])
        payload = asked.vote()
        with RuntimeApi([version_2(asked.post(payload))]) as api:
            process = subprocess.Popen(
                ["/bootstrap"],
                env=api.environment(host, AWS_CA_BUNDLE="/ca.pem"),
                preexec_fn=lambda: os.chroot(root),
                cwd=root,
            )
            try:
                answer = api.answers(1)[0]
            finally:
                process.kill()
                process.wait()
        assert answer["statusCode"] == 200, answer
        assert host.keys[0].verifies(json.loads(answer["body"])["signature"], payload)
