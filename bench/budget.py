# SPDX-License-Identifier: Apache-2.0
"""What the design allows, line by line, and whether it was kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from figures import Json, Spread, added, noise, over, own_ms, verifications

# How much longer than usual the floor's slow waits may be: the rest is the machine's, not ours.
QUIET_MS = 0.3
KMS_MS, DYNAMODB_MS = 12, 4  # how long they take, where it is not said otherwise


class State(Enum):
    KEPT = "kept"
    BEYOND = "**beyond**"
    NOT_JUDGED = "not judged: noisy machine"


@dataclass(frozen=True)
class Line:
    what: str
    limit: float
    unit: str
    section: str
    seen: Callable[[Json], float]  # in one run
    at: str = ""  # the latencies of KMS and DynamoDB, if the section was measured for several
    noise: Callable[[Json], float] | None = None  # in one run; None: no noise moves this line
    noise_only_adds: bool = False  # what is kept in spite of it is kept

    def runs(self, section: Json) -> list[Json]:
        return section[self.at]["runs"] if self.at else [section]


@dataclass(frozen=True)
class Verdict:
    line: Line
    seen: Spread
    noise: Spread | None

    @property
    def state(self) -> State:
        is_noisy = self.noise is not None and not self.noise.median <= QUIET_MS
        is_within = self.seen.median <= self.line.limit
        if is_noisy and not (is_within and self.line.noise_only_adds):
            return State.NOT_JUDGED
        return State.KEPT if is_within else State.BEYOND


def _calls(run: Json) -> float:
    """The dearer of the two, a few repetitions aside."""
    return max(round(calls, 2) for calls in run["calls_per_signature"].values())


def _of_starts(starts: Json) -> float:
    """Of a process that has nothing to do: nine of ten take no longer than usual."""
    return float(starts["nothing_to_do"]["p90"] - starts["nothing_to_do"]["p50"])


def _of_sealed_keys(starts: Json) -> float:
    """A start, less the two waits that opening them cannot do without."""
    return float(starts["sealed keys"]["exec_to_next"] - KMS_MS - DYNAMODB_MS)


def _listed(keys: Json) -> float:
    """As if they were 10,000."""
    return float(keys["listed"]["ms"]["p50"] * 10_000 / keys["listed"]["keys"])


def _opened(keys: Json) -> float:
    return float(keys["opened"]["2 of 3"]["p50"] - keys["opened"]["1 of 1"]["p50"])


def _of_opening(keys: Json) -> float:
    one = keys["opened"]["1 of 1"]
    return float(one["p90"] - one["p50"])


def _validators_start(validators: Json) -> float:
    """Less what it has to ask for: what the table is for, a wrap, and KMS to open it."""
    return float(validators["starts"]["keys"]["1"]["exec_to_next"] - KMS_MS - 2 * DYNAMODB_MS)


def _of_validators_starts(validators: Json) -> float:
    return _of_starts(validators["starts"])


def _with_more_keys(validators: Json) -> float:
    """Of the first signature, however many keys there are, above that with one."""
    keys = validators["starts"]["keys"]
    first = {many: float(of["exec_to_signature"]) for many, of in keys.items()}
    return max(ms - first["1"] for many, ms in first.items() if many != "1")


def _calls_of(*cases: str) -> Callable[[Json], float]:
    """Of all services together, a few repetitions aside."""

    def calls(run: Json, case: str) -> float:
        called = run["calls"][case]
        return round(float(called["dynamodb"] + called["kms"]), 2)

    return lambda run: max(calls(run, case) for case in cases)


def _unanswered(validators: Json) -> float:
    bursts = (burst for of in validators["bursts"] for burst in of["bursts"].values())
    return float(sum(burst["unanswered"] for burst in bursts))


def _of_bls(validators: Json) -> float:
    """Over the most environments."""
    return float(validators["bursts"][-1]["bursts"]["votes"]["times_bls"])


USUAL, FULL_SPEED = f"{KMS_MS}/{DYNAMODB_MS}", "0/0"
VOTES, BLOCKS, TABLE = noise("floor/vote"), noise("floor/block"), noise("floor/table")
LINES = (
    Line("attestation, p50 above the floor's (the slower of KMS and DynamoDB)", 0.5, "ms",
         "latency", added("attestation", "p50"), USUAL, VOTES),
    Line("attestation, p99 above the floor's p50", 1.0, "ms",
         "latency", added("attestation", "p99"), USUAL, VOTES),
    Line("block, p50 above the floor's (KMS, then DynamoDB)", 0.7, "ms",
         "latency", added("block", "p50"), USUAL, BLOCKS),
    Line("block, p99 above the floor's p50", 1.2, "ms",
         "latency", added("block", "p99"), USUAL, BLOCKS),
    Line("own processor time per signature (the POST) at full speed, less the floor's", 8,
         "verifications", "latency", verifications("attestation"), FULL_SPEED),
    # A late answer, be it the machine's fault, is hedged: one more call, on one more connection.
    Line("calls per signature, each service", 1.0, "calls", "latency", _calls, USUAL, VOTES,
         noise_only_adds=True),
    Line("TLS handshakes during a warm run", 0, "", "latency",
         lambda run: float(run["handshakes"]), USUAL, VOTES, noise_only_adds=True),
    Line("peak memory", 14, "MB", "latency", lambda run: run["peak_memory"] / 1e6, USUAL),
    Line("exec to first `next`, public keys known", 10, "ms", "starts",
         lambda starts: float(starts["keys known"]["exec_to_next"]), noise=_of_starts,
         noise_only_adds=True),
    Line("tz4: attestation, p50 above the floor's (DynamoDB alone)", 0.6, "ms",
         "tz4-latency", added("attestation", "p50"), USUAL, TABLE),
    Line("tz4: block, p50 above the floor's (DynamoDB alone)", 2.6, "ms",
         "tz4-latency", added("block", "p50"), USUAL, TABLE),
    Line("tz4: own processor time per vote (the POST) at full speed, less the floor's", 2.6, "ms",
         "tz4-latency", own_ms("attestation"), FULL_SPEED),
    Line("tz4: calls of KMS during a warm run", 0, "", "tz4-latency",
         lambda run: float(run["calls_per_signature"]["kms"]), USUAL),
    Line("tz4: peak memory", 14, "MB", "tz4-latency", lambda run: run["peak_memory"] / 1e6, USUAL),
    Line("tz4: exec to first `next`, less a round of KMS (12 ms) and one of DynamoDB (4)", 10, "ms",
         "tz4-starts", _of_sealed_keys, noise=_of_starts, noise_only_adds=True),
    Line("stripped static binary", 8.8, "MB", "size", lambda size: size["bootstrap"] / 1e6),
    Line("zip", 4.4, "MB", "size", lambda size: size["zip"] / 1e6),
    Line("TLS handshakes in a POST after its GET, thawed", 0, "", "thaw",
         lambda thaw: float(sum(thaw[how]["handshakes_in_post"]
                                for how in ("closed", "deserted")))),
    Line("steps slower than twice their library", 0, "", "micro",
         lambda micro: float(not micro["within_twice_the_library"])),
    Line("requests of more instructions than their reference", 0, "", "instructions",
         lambda instructions: float(not instructions["within_the_reference"])),
    Line("an operator's command, from the start of its process to its end, p50 of the slowest", 300,
         "ms", "commands", lambda commands: max(times["p50"] for times in commands.values()),
         noise=lambda commands: float(commands["--help"]["p90"] - commands["--help"]["p50"]),
         noise_only_adds=True),
    Line("ethereum: own processor time per new key, its backup included", 3, "ms", "ethereum-keys",
         lambda keys: float(keys["created"]["processor_ms"])),
    Line("ethereum: 100 keys made by one call, p90", 3000, "ms", "ethereum-keys",
         lambda keys: float(keys["created"]["call_ms"]["p90"])),
    Line("ethereum: a wrap of 2 of 3 opened, p50 above one of 1, which is KMS's one answer", 1,
         "ms", "ethereum-keys", _opened, noise=_of_opening, noise_only_adds=True),
    Line("ethereum: 10,000 keys listed, p50", 1000, "ms", "ethereum-keys", _listed),
    Line("ethereum: 100 keys restored from their backups into another stack", 10_000, "ms",
         "ethereum-keys", lambda keys: float(keys["restored"]["ms"])),
    Line("ethereum: peak memory, no keystore made", 64, "MB", "ethereum-keys",
         lambda keys: keys["peak_memory"] / 1e6),
    Line("ethereum: attestation, key open, p50 above the floor's (DynamoDB alone)", 1, "ms",
         "ethereum", added("attestation", "p50"), USUAL, TABLE),
    Line("ethereum: own processor time per attestation at full speed, less the floor's", 2.6, "ms",
         "ethereum", own_ms("attestation"), FULL_SPEED),
    Line("ethereum: calls per vote or block, its key open or not", 1, "calls", "ethereum",
         _calls_of("attestation", "attestation/new key", "block"), USUAL, TABLE,
         noise_only_adds=True),
    Line("ethereum: calls per selection proof, its key open", 0, "calls", "ethereum",
         _calls_of("selection proof"), USUAL),
    Line("ethereum: calls per selection proof, its key not open", 1, "calls", "ethereum",
         _calls_of("selection proof/new key"), USUAL, TABLE, noise_only_adds=True),
    Line("ethereum: calls per request without a token", 0, "calls", "ethereum",
         _calls_of("refused"), USUAL),
    Line("ethereum: exec to first `next`, less two rounds of DynamoDB (4 ms each) and one of KMS"
         " (12)", 10, "ms", "ethereum", _validators_start,
         noise=_of_validators_starts, noise_only_adds=True),
    Line("ethereum: from exec to the first signature, more with 1,000 or 10,000 keys than with one",
         1, "ms", "ethereum", _with_more_keys,
         noise=_of_validators_starts, noise_only_adds=True),
    Line("ethereum: peak memory with 2,000 keys open", 20, "MB", "ethereum",
         lambda validators: validators["open"]["peak_memory"] / 1e6),
    Line("ethereum: `publicKeys` of 10,000, p50", 1000, "ms", "ethereum",
         lambda validators: float(validators["listed"]["p50"]), noise=_of_validators_starts,
         noise_only_adds=True),
    Line("ethereum: Query calls for it", 16, "calls", "ethereum",
         lambda validators: float(validators["listed"]["queries"]), noise=_of_validators_starts,
         noise_only_adds=True),
    Line("ethereum: requests of a burst without a signature of their own", 0, "", "ethereum",
         _unanswered),
    Line("ethereum: 1,000 votes at once over 16 environments, in the time of blst alone", 1.11,
         "times", "ethereum", _of_bls, noise=_of_validators_starts, noise_only_adds=True),
)  # fmt: skip


def verdicts(figures: Json) -> Iterator[Verdict]:
    """Of the lines whose section was measured."""
    for line in LINES:
        if line.section in figures:
            runs = line.runs(figures[line.section])
            noise_seen = over(runs, line.noise) if line.noise else None
            yield Verdict(line, over(runs, line.seen), noise_seen)
