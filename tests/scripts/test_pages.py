# SPDX-License-Identifier: Apache-2.0
"""What the documents list is what the code has: nothing is missing, nothing is left over."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from redoubt_stack import redoubt
from redoubt_stack.console import BadUsage
from redoubt_stack.operate import eth
from redoubt_stack.operate.options import split

import code_facts as code
import pages


class Listing(NamedTuple):
    """Tables of a document, each row of which stands for something in the code."""

    document: str
    heading: str
    listed: Callable[[str], object]  # what the section says
    in_code: Callable[[], object]


def first_names(text: str) -> set[str]:
    return {name for row in pages.rows(text) for name in pages.names(row[0])}


def ringing() -> set[str]:
    return code.alarms("redoubt-ethereum") | code.rules("redoubt-ethereum")


def codes(text: str) -> set[tuple[str, int]]:
    return {(pages.names(row[1])[0], int(row[0])) for row in pages.rows(text)}


def defaults(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for names, default, _ in pages.rows(text):
        found |= dict.fromkeys(pages.names(names), default)
    return found


def commands(text: str) -> dict[str, list[str]]:
    rows = [row for row in pages.rows(text) if len(row) == 3]
    return {pages.names(name)[0]: pages.names(fields) for name, fields, _ in rows}


def programs(text: str) -> dict[str, set[str]]:
    return {pages.names(row[0])[0]: set(pages.names(row[2])) for row in pages.rows(text)}


COMMON = {"--help", "--stack", "--region", "--profile"}
# Commands that make a stack and take it away; the others are in docs/operations.md.
OF_STACKS = ("deploy", "verify", "destroy", "cost")


def own_options() -> dict[str, set[str]]:
    """Those that a page has to list: not what all have, nor the many of the local host."""
    known = {program: code.options(program) for program in code.programs()}
    known |= {f"deploy/redoubt {name}": code.options_of(name) for name in OF_STACKS}
    found: dict[str, set[str]] = {}
    for program, options in known.items():
        shared = COMMON if "--stack" in options else {"--help"}
        found[program] = options - shared if program != "deploy/local" else {"--help"}
    return found


LISTINGS = {
    "codes": Listing("docs/protocol.md", "Codes", codes, lambda: set(code.codes().items())),
    "alarms": Listing(
        "docs/operations.md",
        "Alarms",
        first_names,
        code.alarms,
    ),
    "rules": Listing("docs/operations.md", "Rules", first_names, code.rules),
    "variables": Listing("docs/configuration.md", "Variables", first_names, code.variables),
    "parameters": Listing("docs/configuration.md", "Parameters", defaults, code.parameters),
    "commands": Listing("docs/operations.md", "Commands", commands, code.operator_commands),
    "findings": Listing("docs/operations.md", "Auditing", first_names, code.findings),
    "metrics": Listing("docs/protocol.md", "Metrics", first_names, code.metrics),
    "log": Listing("docs/protocol.md", "The log", first_names, code.log_members),
    "ethereum codes": Listing(
        "docs/ethereum-signer.md", "Codes", codes, lambda: set(code.ethereum_codes().items())
    ),
    "ethereum metrics": Listing(
        "docs/ethereum-signer.md", "Metrics", first_names, lambda: code.metrics("ethereum")
    ),
    "ethereum log": Listing(
        "docs/ethereum-signer.md", "The log", first_names, code.ethereum_log_members
    ),
    "ethereum alarms": Listing(
        "docs/runbooks/ethereum/alarms.md", "Which alarm, and what to do", first_names, ringing
    ),
    "ethereum parameters": Listing(
        "docs/ethereum-deployment.md", "Parameters", defaults, code.ethereum_parameters
    ),
    "fuzzed": Listing("docs/verification.md", "What is fuzzed", first_names, code.fuzz_targets),
    "programs": Listing("docs/deploying.md", "Deploying", programs, own_options),
}


def told(listing: Listing, text: str) -> object:
    found = pages.section(text, listing.heading)
    if listing.heading == "Deploying":  # the page's title
        found = found.split("\n## ")[0]
    return listing.listed(found)


@pytest.mark.parametrize("name", LISTINGS)
def test_a_page_lists_what_the_code_has(name: str) -> None:
    listing = LISTINGS[name]
    assert told(listing, pages.read(listing.document)) == listing.in_code()


@pytest.mark.parametrize("name", LISTINGS)
def test_a_row_too_few_or_too_many_is_seen(name: str) -> None:
    """Of each row that lists something, in turn."""
    listing = LISTINGS[name]
    text = pages.read(listing.document)
    whole = told(listing, text)
    listed: set[str] = set()
    for line in re.findall(r"^\| (?:\d+ \| )?\[?`.*$", pages.section(text, listing.heading), re.M):
        another = line + "\n" + re.sub(r"`([\w/_-]+)`", r"`\1x`", line)
        first = re.escape(line.partition(" | ")[0])  # what two chains have stands twice
        if told(listing, re.sub(rf"^{first} \|.*\n", "", text, flags=re.M)) != whole:
            listed |= set(pages.names(line))
            assert told(listing, text.replace(line, another, 1)) != whole
    assert listed >= names_of(listing.in_code())


def names_of(listed: Any) -> set[str]:
    return {entry[0] if isinstance(entry, tuple) else entry for entry in listed}


# --- What a baker is to do ------------------------------------------------------------------------

OPERATIONS = pages.read("docs/operations.md")
DRILLS = pages.section(OPERATIONS, "Drills")


@pytest.mark.parametrize("heading", ["Alarms", "Rules"])
def test_each_alarm_and_rule_has_its_drill(heading: str) -> None:
    drills = pages.anchors(DRILLS)
    watched = [r for r in pages.rows(pages.section(OPERATIONS, heading)) if "`redoubt-" in r[0]]
    assert watched
    for row in watched:
        (link,) = pages.LINK.findall(row[-1])
        assert link.removeprefix("#") in drills, row


def test_each_alarm_and_rule_of_validators_says_what_to_do() -> None:
    text = pages.read("docs/runbooks/ethereum/alarms.md")
    watched = pages.rows(pages.section(text, "Which alarm, and what to do"))
    calling = [row for row in watched if row[-1] != "–"]
    parts = {name for row in watched if row[-1] == "–" for name in pages.names(row[0])}
    assert parts == {"redoubt-ethereum-attested", "redoubt-ethereum-silent"}
    assert all(pages.LINK.search(row[-1]) or "`" in row[-1] for row in calling)


def test_each_drill_begins_with_what_is_at_stake() -> None:
    drills = re.findall(r"^### ([^\n]+)\n\n\*(.*?)\*\n", DRILLS, re.M | re.S)
    assert [name for name, _ in drills] == re.findall(r"^### (.+)$", DRILLS, re.M)
    assert all("At stake: " in why for _, why in drills)
    for name, _ in drills:
        assert re.search(r"^1\. ", pages.section(OPERATIONS, name), re.M), name


def test_a_drill_that_names_a_step_of_another_names_one_that_it_has() -> None:
    links = re.findall(r"\]\(#([\w-]+)\), step\s(\d+)", OPERATIONS)
    assert links
    for anchor, step in links:
        (name,) = [h for h in re.findall(r"^#+ (.+)$", DRILLS, re.M) if pages.slug(h) == anchor]
        assert re.search(rf"^{step}\. ", pages.section(OPERATIONS, name), re.M), (anchor, step)


def test_the_first_page_says_what_to_do_about_the_usual_codes() -> None:
    known = {code: str(status) for code, status in code.codes().items()}
    text = pages.section(pages.read("README.md"), "Errors: what to do")
    found: dict[str, str] = {}
    for says, what_to_do in pages.rows(text):
        status = re.search(r"\((\d+)\)", says)
        found |= dict.fromkeys(pages.names(says), status[1] if status else "")
        assert what_to_do
    assert all(known[name] == status for name, status in found.items())
    assert {name for name, status in known.items() if status in ("409", "502")} <= found.keys()


REFUSED = {
    "docs/runbooks/refused.md": code.codes,
    "docs/runbooks/ethereum/refused.md": code.ethereum_codes,
}


def refusals(text: str) -> list[tuple[str, int]]:
    """Each heading that is a code, with the status that its paragraph begins with."""
    found = re.findall(r"^### (\w+)\n\n\*(\d{3})\.\* [A-Z]\S* \S", text, re.M)
    assert len(found) == len(re.findall(r"^### ", text, re.M)), "a paragraph begins otherwise"
    return [(code, int(status)) for code, status in found]


@pytest.mark.parametrize("page", REFUSED)
def test_each_code_has_its_paragraph(page: str) -> None:
    listed = refusals(pages.read(page))
    assert sorted(listed) == sorted(REFUSED[page]().items())


@pytest.mark.parametrize("page", REFUSED)
def test_a_code_without_its_paragraph_is_seen(page: str) -> None:
    text, known = pages.read(page), REFUSED[page]()
    for name in known:
        lost = re.sub(rf"^### {name}\n\n[^#]*", "", text, flags=re.M)
        assert sorted(refusals(lost)) != sorted(known.items()), name


# --- Commands -------------------------------------------------------------------------------------


def wrong_commands(text: str) -> list[str]:
    """Commands of this project, as a page shows them, that can't be typed."""
    wrong = []
    for line in pages.commands(text):
        program, *words = line.split(" #")[0].split() or [""]
        if not re.match(r"(deploy|tests|bench)/[\w/-]+$", program):
            continue
        if not (pages.ROOT / program).exists():
            wrong.append(program)
        elif program in code.programs():
            wrong += [f"{program} {word}" for word in unknown(program, words)]
        elif program == "tests/run":
            steps = [word for word in words if word not in ("--quick", "--help", "STEP...")]
            wrong += [f"{program} {step}" for step in steps if step not in code.steps()]
    return wrong


def unknown(program: str, words: list[str]) -> list[str]:
    known = code.options(program)
    parameters = code.parameters()
    if program == "deploy/redoubt":
        command, words = split(words)
        if not command or not re.match(r"[a-z]", command):  # its --help; COMMAND
            return []
        if command not in redoubt.COMMANDS:
            return [command]
        known = code.options_of(command)
        if command == "eth":
            try:
                action, words = eth.find(words)
            except BadUsage:
                return [" ".join(words)]
            known |= code.options_of_eth(action)
    wrong = [w for w in words if w.startswith("--") and w.split("=")[0] not in known]
    for name, value in zip(words, words[1:], strict=False):
        if name == "--parameter" and value.strip("'").split("=")[0] not in {*parameters, "NAME"}:
            wrong.append(value)
    return wrong


@pytest.mark.parametrize("document", pages.DOCUMENTS, ids=lambda p: str(p.relative_to(pages.ROOT)))
def test_a_command_that_a_page_shows_exists(document: pages.Path) -> None:
    assert wrong_commands(document.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("`deploy/redoubt deploy --plan --parameter Timeout=4`", []),
        ("`deploy/aws/authorise list`", ["deploy/aws/authorise"]),
        ("`deploy/redoubt deploy --plans`", ["deploy/redoubt --plans"]),
        ("`deploy/redoubt deploy --parameter Timeouts=4`", ["deploy/redoubt Timeouts=4"]),
        ("```console\ndeploy/build \\\n    --arc arm64  # --no\n```\n", ["deploy/build --arc"]),
        ("`deploy/redoubt --local URL status --json`", []),
        ("`deploy/redoubt status --level 5`", ["deploy/redoubt --level"]),
        ("`deploy/redoubt stats`", ["deploy/redoubt stats"]),
        ("`tests/run unit` and `tests/run units`", ["tests/run units"]),
    ],
)
def test_a_command_that_does_not_exist_is_seen(text: str, wrong: list[str]) -> None:
    assert wrong_commands(text) == wrong


# --- Programs that point to a page ----------------------------------------------------------------


def lost_pages(text: str) -> list[str]:
    """`docs/operations.md (Lost table)`: the page, and the heading in round brackets."""
    lost = []
    for page, heading in re.findall(
        r"\b((?:docs|deploy)/(?:\w+/)*[\w-]+\.md)(?: \(([^)]+)\))?", text
    ):
        path = pages.ROOT / page
        anchors = pages.anchors(path.read_text(encoding="utf-8")) if path.exists() else set()
        if not path.exists() or (heading and pages.slug(heading) not in anchors):
            lost.append(f"{page} ({heading})" if heading else page)
    return lost


def test_a_program_names_pages_that_exist() -> None:
    # This file has some that don't; octez' own pages are another's.
    here = pages.Path(__file__)
    texts = {path: path.read_text(encoding="utf-8") for path in code.sources() if path != here}
    joined = {path: re.sub(r'"\s*\n\s*f?"', "", text) for path, text in texts.items()}
    lost = {str(path): lost_pages(text) for path, text in joined.items() if lost_pages(text)}
    assert lost == {}


def lost_programs(text: str) -> set[str]:
    named = set(re.findall(r"\bdeploy/(?:aws/)?[a-z][\w-]*(?![\w./-])", text))
    return {name for name in named if not (pages.ROOT / name).exists()}


def test_a_program_names_programs_that_exist() -> None:
    here = pages.Path(__file__)
    texts = {path: path.read_text(encoding="utf-8") for path in code.sources() if path != here}
    lost = {str(path): lost_programs(text) for path, text in texts.items() if lost_programs(text)}
    assert lost == {}
    assert lost_programs("run deploy/aws/check --json") == {"deploy/aws/check"}


def test_a_page_that_does_not_exist_is_seen() -> None:
    assert lost_pages("see docs/operations.md (Lost table) for more") == []
    assert lost_pages("see docs/operations.md (Lost chair)") == ["docs/operations.md (Lost chair)"]
    assert lost_pages("see docs/operation.md") == ["docs/operation.md"]


def test_the_inventory_is_what_the_checks_hold() -> None:
    command = [sys.executable, str(pages.ROOT / "tests/inventory"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
