# SPDX-License-Identifier: Apache-2.0
"""`redoubt audit` and what is not as it should be: files cut or of another kind, members of another
type, lines that nobody wrote; deliveries twice, and in any order."""

import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack.console import BadUsage
from redoubt_stack.operate import audit_files, audit_match
from redoubt_stack.operate.audit_files import Unreadable, runs_of_records

from auditing import audit
from support.audit_day import Day

Capture = pytest.CaptureFixture[str]
Files = tuple[Path, Path]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    day = Day(seed=2, hours=0.3)
    for number in range(day.levels):
        for pkh in day.keys:
            day.request(day.at(number), pkh, "attestation", day.level(number))
    return day.write(tmp_path)


def words(files: Files) -> list[str]:
    return ["--trail", str(files[0]), "--log", str(files[1])]


def why(told: dict[str, Any]) -> list[str]:
    return [f"{f['file']}: {f['why']}" for f in told["findings"] if f["finding"] == "unreadable"]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def cut_inside(file: Path) -> None:
    """Packed as a whole, of half a text."""
    text = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(text[: len(text) // 2]))


def flip(file: Path) -> None:
    text = bytearray(file.read_bytes())
    text[len(text) // 2] ^= 0x55
    file.write_bytes(text)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def other_json(file: Path) -> None:
    file.write_bytes(b'{"Events":[]}')


def no_time(file: Path) -> None:
    change(file, lambda event: event.update(eventTime="yesterday"))


def number_as_id(file: Path) -> None:
    change(file, lambda event: event.update(requestID=7))


def change(file: Path, how: Callable[[dict[str, Any]], object]) -> None:
    told = json.loads(gzip.decompress(file.read_bytes()))
    how(told["Records"][-1])
    file.write_bytes(gzip.compress(json.dumps(told).encode()))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (cut, "cut off"),
        (cut_inside, "cut off"),
        (flip, ""),
        (empty, "does not begin"),
        (other_json, "does not begin"),
        (no_time, "'yesterday'"),
        (number_as_id, "not as CloudTrail writes"),
    ],
)
def test_spoilt_file_of_the_trail_is_named(
    files: Files, capsys: Capture, spoil: Callable[[Path], None], reason: str
) -> None:
    assert audit(capsys, *words(files)).verdict == "all well"
    file = sorted(files[0].iterdir())[1]
    spoil(file)
    said = audit(capsys, *words(files))
    assert said.verdict != "all well"
    assert said.code in (1, 3)
    (told,) = why(said.told)
    assert str(file) in told
    assert reason in told


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        *(("000000.gz", spoil) for spoil in (cut, cut_inside, flip, empty, other_json)),
        *(("rest.jsonl", spoil) for spoil in (cut, empty, other_json)),
    ],
)
def test_spoilt_file_of_the_log_is_named(
    files: Files, capsys: Capture, spoil: Callable[[Path], None], name: str
) -> None:
    file = files[1] / name
    spoil(file)
    said = audit(capsys, *words(files))
    assert said.verdict != "all well"
    assert [str(file) in told for told in why(said.told)] == [True]


@pytest.mark.parametrize(
    "member",
    [
        {"block_level": -5},
        {"block_level": 2**40},
        {"round": "0"},
        {"digest": "0d"},
        {"digest": "zz" * 32},
        {"release": "new"},
        {"release": None},
        {"sign_attempts": 999},
        {"sign_attempts": 0},
        {"pkh": "tz4HpdQeAHWbhTy9GSHsrQ1rHPJhJwTexB65"},  # KMS signs nothing for it
        {"verdict": "already_signed"},
        {"verdict": ""},
        {"kms_request_id": "x" * 65},
        {"kms_request_ids": "x"},
        {"ms": -1},
        {"timestamp": "yesterday"},
    ],
)
def test_line_that_no_signer_wrote_is_damaged(
    files: Files, capsys: Capture, member: dict[str, Any]
) -> None:
    file = files[1] / "rest.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    lines[3] = json.dumps(json.loads(lines[3]) | member) + "\n"
    file.write_text("".join(lines))
    said = audit(capsys, *words(files))
    assert why(said.told) == [f"{file}: 1 of its lines are damaged"]
    assert said.found == {"unreadable": 1, "unasked_signature": 1}


def test_line_that_is_nested_like_no_other_is_damaged(files: Files, capsys: Capture) -> None:
    deep = '{"detail":' + "[" * 100_000 + "]" * 100_000 + "}\n"
    with (files[1] / "rest.jsonl").open("a") as file:
        file.write(deep)
    assert why(audit(capsys, *words(files)).told) == [
        f"{files[1] / 'rest.jsonl'}: 1 of its lines are damaged"
    ]


@pytest.fixture
def usual_depth() -> Iterator[None]:
    """As in a process of its own: py_ecc, which other tests here use, lifts it for all."""
    lifted = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(lifted)


@pytest.mark.usefixtures("usual_depth")
def test_record_that_is_nested_like_no_other_is_named(files: Files, capsys: Capture) -> None:
    file = sorted(files[0].iterdir())[0]
    deep = b'{"Records":[{"eventTime":"2025-03-04T00:00:01Z","x":' + b"[" * 9999
    file.write_bytes(deep + b"]" * 9999 + b"}]}")
    said = audit(capsys, *words(files))
    assert said.code != 0 and "nested too deeply" in why(said.told)[0]


def test_lines_that_are_not_the_signers_are_passed_over(files: Files, capsys: Capture) -> None:
    with (files[1] / "rest.jsonl").open("a") as file:
        file.write("START RequestId: x\n\nhalf of a stack trace {\n\x00\x1b[2J\n[1, 2]\n{}\n")
    assert audit(capsys, *words(files)).verdict == "all well"


def test_all_twice_and_backwards_is_all_well(files: Files, capsys: Capture) -> None:
    """CloudTrail may deliver an event again; exports of a log may overlap."""
    rest = files[1] / "rest.jsonl"
    rest.write_text("".join(reversed(rest.read_text().splitlines(keepends=True))))
    before = audit(capsys, *words(files)).told
    trail, log = (str(folder) for folder in files)
    after = audit(capsys, "--trail", trail, trail, "--log", log, log).told
    assert after == before


def test_event_of_another_service_need_not_have_our_form(files: Files, capsys: Capture) -> None:
    odd = {"eventSource": "s3.amazonaws.com", "requestParameters": {"keyId": ["a"]}}
    file = sorted(files[0].iterdir())[0]
    told = json.loads(gzip.decompress(file.read_bytes()))
    told["Records"].insert(3, odd | {"eventVersion": "1.0", "eventTime": "2025-03-04T00:00:01Z"})
    file.write_text(json.dumps(told, indent=1))  # not packed, and not on one line
    assert audit(capsys, *words(files)).verdict == "all well"


def test_missing_file_is_named(files: Files, capsys: Capture) -> None:
    said = audit(capsys, *words(files), "--trail", "/nowhere/x.json.gz", str(files[0]))
    assert why(said.told) == ["/nowhere/x.json.gz: No such file or directory"]


@pytest.mark.parametrize(
    "given",
    [
        ("--from", "2025-03-04", "--to", "2025-03-03"),
        ("--from", "2999-01-01"),
        ("--trail", "s3:///prefix"),
    ],
)
def test_wrong_usage(files: Files, given: tuple[str, ...]) -> None:
    from redoubt_stack import redoubt

    with pytest.raises(BadUsage):
        redoubt.main(["--region", "eu-west-1", "audit", *words(files), *given])


def test_strangers_of_many_names_fill_no_memory(
    files: Files, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks KMS chooses by which name he calls a key."""
    for limit in ("MOST_KEPT", "MOST_COUNTED"):
        monkeypatch.setattr(audit_match, limit, 3)
    file = sorted(files[0].iterdir())[0]
    told = json.loads(gzip.decompress(file.read_bytes()))
    for n in range(9):
        record = json.loads(json.dumps(told["Records"][0]))
        record |= {"eventID": f"e{n}", "requestID": f"r{n}", "errorCode": "NotFoundException"}
        record["resources"], record["requestParameters"]["keyId"] = [], f"{n}" * 2000
        told["Records"].append(record)
    file.write_bytes(gzip.compress(json.dumps(told).encode()))
    said = audit(capsys, *words(files))
    assert why(said.told) == ["the trail: 3 events: more of strangers than can be told apart"]
    assert [len(key) for key in said.told["other_keys"]] == [400] * 6


# Pieces


def records_of(text: bytes, monkeypatch: pytest.MonkeyPatch, chunk: int) -> list[Any]:
    monkeypatch.setattr(audit_files, "CHUNK", chunk)
    return [record for run in runs_of_records(io.BytesIO(text)) for record in json.loads(run)]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("chunk", [120, 333, 1000, 1 << 20])
def test_records_are_read_piece_by_piece(
    monkeypatch: pytest.MonkeyPatch, indent: int | None, chunk: int
) -> None:
    lure = '},{"eventVersion":"1.0"},{ "eventVersion" }'
    records = [
        {"eventVersion": "1.11", "n": n, "text": lure, "in": [{"eventVersions": [n]}, {"x": "]}"}]}
        for n in range(50)
    ]
    text = json.dumps({"Records": records}, indent=indent).encode() + b"\n"
    assert records_of(text, monkeypatch, chunk) == records
    assert records_of(b'{"Records":[]}', monkeypatch, chunk) == []


def test_no_cut_of_a_file_goes_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [{"eventVersion": "1.11", "n": n, "resources": [{"ARN": "a"}]} for n in range(4)]
    text = json.dumps({"Records": records}).encode()
    for end in range(len(text)):
        with pytest.raises((Unreadable, ValueError)):
            records_of(text[:end], monkeypatch, 90)
