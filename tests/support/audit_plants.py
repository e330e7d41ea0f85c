# SPDX-License-Identifier: Apache-2.0
"""Irregularities to plant into an honest day, each at a moment when nothing else happens."""

from collections.abc import Callable
from typing import NamedTuple

from support.audit_day import Day
from support.audit_records import ALICE, KEYS, SIGNER, session

QUIET_MS = 8000  # after a level began
KIND = "attestation"


class Plant(NamedTuple):
    kind: str  # what it has to be called
    add: Callable[[Day, int, str], object]  # the level's number, the key


def quiet(day: Day, number: int) -> int:
    return day.at(number) + QUIET_MS


def forged(day: Day, number: int, pkh: str, **more: object) -> dict[str, object]:
    """A line at a position that nobody else has; of this level's last, it goes not back."""
    level = day.level(number)
    return day.line(quiet(day, number), pkh, KIND, level, day.digest(), round=7, **more)


def signed(day: Day, number: int, pkh: str, **more: object) -> dict[str, object]:
    return day.request(
        quiet(day, number), pkh, str(more.pop("kind", KIND)), day.level(number), round=7, **more
    )


def stranger(**who: object) -> Callable[[Day, int, str], object]:
    return lambda day, number, pkh: day.sign(quiet(day, number), pkh, day.uuid(), who=dict(who))


def attempt(error: str) -> Callable[[Day, int, str], object]:
    return lambda day, number, pkh: day.sign(
        quiet(day, number), pkh, day.uuid(), who=ALICE, error=error
    )


def change(name: str, who: dict[str, object] = ALICE) -> Callable[[Day, int, str], object]:
    return lambda day, number, pkh: day.event(quiet(day, number), name, who, keyId=KEYS[pkh])


def stop_trail(day: Day, number: int, _: str) -> None:
    day.event(
        quiet(day, number), "StopLogging", ALICE, source="cloudtrail.amazonaws.com", trail="t"
    )


def one_more_than_unread(day: Day, number: int, pkh: str) -> None:
    """One call of two was never answered; three were carried out."""
    signed(day, number, pkh, sign_attempts=2)
    for _ in range(2):
        day.sign(quiet(day, number), pkh, day.uuid())


def line_lost(day: Day, number: int, pkh: str) -> None:
    signed(day, number, pkh)
    day.lines.pop()


def event_lost(**more: object) -> Callable[[Day, int, str], object]:
    def add(day: Day, number: int, pkh: str) -> None:
        signed(day, number, pkh, **more)
        day.events.pop()

    return add


def event_failed(day: Day, number: int, pkh: str) -> None:
    signed(day, number, pkh)
    day.events[-1][1]["errorCode"] = "KMSInternalException"


def repeated_without_event(day: Day, number: int, pkh: str) -> None:
    line = signed(day, number, pkh)
    day.line(
        quiet(day, number) + 900,
        pkh,
        KIND,
        day.level(number),
        str(line["digest"]),
        round=7,
        release="repeated",
        ahead_ms=None,
    )


def double(kind: str) -> Callable[[Day, int, str], object]:
    def add(day: Day, number: int, pkh: str) -> None:
        for salt in range(2):
            day.request(quiet(day, number) + salt, pkh, kind, day.level(number), round=7)

    return add


def back(day: Day, number: int, pkh: str) -> None:
    day.request(quiet(day, number), pkh, KIND, day.level(number - 20), round=7)


def shared(day: Day, number: int, pkh: str) -> None:
    first = signed(day, number, pkh)
    more = {"round": 8, "kms_request_id": first["kms_request_id"]}
    day.line(quiet(day, number) + 500, pkh, KIND, day.level(number), day.digest(), **more)


def asked_otherwise(**asked: str) -> Callable[[Day, int, str], object]:
    def add(day: Day, number: int, pkh: str) -> None:
        signed(day, number, pkh)
        day.events[-1][1]["requestParameters"] |= asked

    return add


def other_key(day: Day, number: int, pkh: str) -> None:
    signed(day, number, pkh)
    stranger = f"{KEYS[pkh][:-1]}9"
    day.events[-1][1]["resources"][0]["ARN"] = stranger


def other_role(day: Day, number: int, pkh: str) -> None:
    signed(day, number, pkh)
    day.events[-1][1]["userIdentity"] = session("another-role")


def never_first(release: str) -> Callable[[Day, int, str], object]:
    return lambda day, number, pkh: signed(day, number, pkh, release=release, ahead_ms=None)


def trail_stretch_lost(day: Day, number: int, _: str) -> None:
    lost = range(day.at(number) // 900_000 * 900_000, day.at(number) // 900_000 * 900_000 + 900_000)
    day.events = [event for event in day.events if event[0] - event[0] % 1000 not in lost]


def log_stretch_lost(day: Day, number: int, _: str) -> None:
    lost = range(day.at(number) // 900_000 * 900_000, day.at(number) // 900_000 * 900_000 + 900_000)
    day.lines = [line for line in day.lines if line[0] not in lost]


def line_of_an_older_signer(day: Day, number: int, pkh: str) -> None:
    line = forged(day, number, pkh)
    for member in ("digest", "release", "kms_request_id"):
        del line[member]


ROOT = {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"}
ELSEWHERE = {"type": "AWSAccount", "principalId": "AROAX:x", "accountId": "999988887777"}
PLANTS = {
    "user": Plant("foreign_signature", stranger(**ALICE)),
    "root": Plant("foreign_signature", stranger(**ROOT)),
    "another_role": Plant("foreign_signature", stranger(**session("helper", "i-0a1b2c"))),
    "another_account": Plant("foreign_signature", stranger(**ELSEWHERE)),
    "nobody": Plant("foreign_signature", stranger()),
    "denied": Plant("foreign_attempt", attempt("AccessDenied")),
    "dry_run": Plant("foreign_attempt", attempt("DryRunOperationException")),
    "stolen_credentials": Plant("unasked_signature", stranger(**SIGNER)),
    "one_more_than_unread": Plant("unasked_signature", one_more_than_unread),
    "line_lost": Plant("unasked_signature", line_lost),
    "event_lost": Plant("release_without_event", event_lost()),
    "event_of_a_block_lost": Plant("release_without_event", event_lost(kind="block", blocks=1)),
    "event_failed": Plant("release_without_event", event_failed),
    "repeated_without_event": Plant("release_without_event", repeated_without_event),
    "line_forged": Plant("release_without_event", forged),
    "line_without_id": Plant("release_without_event", lambda *at: forged(*at, kms_request_id=None)),
    "two_votes": Plant("double_signature", double(KIND)),
    "two_blocks": Plant("double_signature", double("block")),
    "back": Plant("went_back", back),
    "id_taken_over": Plant("shared_request_id", shared),
    "algorithm": Plant("wrong_algorithm", asked_otherwise(signingAlgorithm="ECDSA_SHA_512")),
    "message_type": Plant("wrong_algorithm", asked_otherwise(messageType="EXTERNAL_MU")),
    "other_key": Plant("other_key", other_key),
    "other_role": Plant("other_role", other_role),
    "policy": Plant("key_changed", change("PutKeyPolicy")),
    "grant": Plant("key_changed", change("CreateGrant")),
    "deletion": Plant("key_changed", change("ScheduleKeyDeletion", SIGNER)),
    "trail_stopped": Plant("trail_changed", stop_trail),
    "stored_never_first": Plant("first_release_missing", never_first("stored")),
    "repeated_never_first": Plant("first_release_missing", never_first("repeated")),
    "trail_lost": Plant("trail_gap", trail_stretch_lost),
    "log_lost": Plant("log_gap", log_stretch_lost),
    "older_signer": Plant("old_lines", line_of_an_older_signer),
}
