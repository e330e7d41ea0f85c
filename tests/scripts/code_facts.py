# SPDX-License-Identifier: Apache-2.0
"""What the code says of itself, for the tests that hold the documents to it."""

import contextlib
import importlib
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

from redoubt_stack import redoubt
from redoubt_stack.operate import eth
from redoubt_stack.operate.audit_findings import KINDS
from redoubt_stack.template import load

from pages import ROOT, read


def codes() -> dict[str, int]:
    """Each error code, and its status in the remote signer's API."""
    names = dict(re.findall(r'case Code::(\w+):\s*return \{"(\w+)"', read("src/base/error.cpp")))
    body = read("src/tezos/remote_signer_api.cpp").split("int status_of(Code code)")[1]
    statuses: dict[str, int] = {}
    for cases, status in re.findall(
        r"((?:(?:\s*//[^\n]*\n)*\s*case Code::\w+:)+)\s*return (\d+);", body
    ):
        statuses |= dict.fromkeys(re.findall(r"Code::(\w+)", cases), int(status))
    others = read("include/redoubt/base/error.hpp").split("// of Ethereum alone")[1].split("};")[0]
    assert names.keys() - statuses.keys() == set(re.findall(r"\w+", others))
    return {names[name]: status for name, status in statuses.items()}


def ethereum_codes() -> dict[str, int]:
    """Each that Ethereum's signer makes, and its status."""
    names = dict(re.findall(r'case Code::(\w+):\s*return \{"(\w+)"', read("src/base/error.cpp")))
    body = read("src/ethereum/web3signer_api.cpp").split("int status_of(Code code)")[1]
    cases = body.split("// Nothing here makes them.")[0]
    statuses: dict[str, int] = {}
    while cases:
        group, returned, cases = cases.partition("return ")
        status = int(cases[:3]) if returned else 500  # what is left
        statuses |= dict.fromkeys(re.findall(r"case Code::(\w+)", group), status)
    return {names[name]: status for name, status in statuses.items()}


STACKS = {"redoubt": "deploy/aws/template.yaml"}
STACKS["redoubt-ethereum"] = "deploy/aws/ethereum/template.yaml"


@cache
def template(stack: str = "redoubt") -> dict[str, Any]:
    return load(read(STACKS[stack]))


def named(stack: str, kinds: tuple[str, ...], property: str) -> set[str]:
    """Resources of these kinds, as they are called in the default stack."""
    found = (r for r in template(stack)["Resources"].values() if r["Type"] in kinds)
    texts = (resource["Properties"][property]["Fn::Sub"] for resource in found)
    return {text.replace("${AWS::StackName}", stack) for text in texts}


def alarms(stack: str = "redoubt") -> set[str]:
    kinds = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
    return named(stack, kinds, "AlarmName")


def rules(stack: str = "redoubt") -> set[str]:
    return named(stack, ("AWS::Events::Rule",), "Name")


def parameters(stack: str = "redoubt") -> dict[str, str]:
    """With their defaults, as the documents write them."""
    defaults = {n: str(p.get("Default", "")) for n, p in template(stack)["Parameters"].items()}
    return {name: f"`{value}`" if value else "none" for name, value in defaults.items()}


def ethereum_parameters() -> dict[str, str]:
    """Those that are not as a baker's."""
    return dict(parameters("redoubt-ethereum").items() - parameters().items())


def variables() -> set[str]:
    """All that `bootstrap` asks its environment for: it names nothing else in capitals."""
    texts = [path.read_text() for path in (ROOT / "bootstrap").rglob("*.[ch]pp")]
    return set(re.findall(r'"(_?[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*)"', "".join(texts))) - LEVELS


LEVELS = {"INFO", "WARN", "ERROR"}


def operator_commands() -> dict[str, list[str]]:
    folders = ("src/operator/sealed", "src/operator/tezos")
    sources = [path for folder in folders for path in sorted((ROOT / folder).glob("*.cpp"))]
    found = re.findall(
        r'return (?:\{|operators::bound\(\s*)"(\w+)",\s*\{([^}]*)\},',
        "".join(path.read_text() for path in sources),
    )
    return {name: re.findall(r'"(\w+)"', fields) for name, fields in found}


def findings() -> set[str]:
    """Of an audit."""
    return set(KINDS)


def metrics(of: str = "tezos") -> set[str]:
    text = read(f"bootstrap/handlers/{of}_log.cpp")
    table = re.search(r"metrics = \{\{(.*?)\}\};", text, re.S)
    assert table
    return set(re.findall(r'\{"(\w+)",', table[1]))


def members_in(paths: list[Path]) -> set[str]:
    text = "".join(path.read_text() for path in paths)
    added = re.findall(r"[.(]add(?:_\w+)?\((?:fields, )?\"(\w+)\"", text)
    number = re.findall(r"add_number\(fields, \"(\w+)\"", text)
    listed = re.findall(r'(?<!Entry)\{"([a-z]\w*)",(?! "(?:Count|Milliseconds)")', text)
    return {*added, *number, *listed}


ETHEREUM_LOG = ROOT / "bootstrap/handlers/ethereum_log.cpp"


def log_members() -> set[str]:
    """Of any line of the log, but for metrics, and for what Ethereum's signer has of its own."""
    paths = [path for path in (ROOT / "bootstrap").rglob("*.cpp") if path != ETHEREUM_LOG]
    return members_in(paths) - metrics()


def ethereum_log_members() -> set[str]:
    return members_in([ETHEREUM_LOG]) - metrics("ethereum")


def programs() -> set[str]:
    """What a user starts."""
    found = [*(ROOT / "deploy").iterdir(), *(ROOT / "deploy/aws").iterdir()]
    return {
        str(path.relative_to(ROOT))
        for path in found
        if path.is_file() and path.read_bytes().startswith(b"#!")
    }


@cache
def options(program: str) -> frozenset[str]:
    """Those that the program knows; of a program that has actions, these too; of one whose actions
    have options of their own, the actions."""
    if program == "deploy/redoubt":
        return frozenset(redoubt.COMMANDS)
    text = read(program)
    stack = re.search(r'tools/stack" (\w+) "\$@"', text)
    if stack:
        return of_help(help_of(stack[1]))
    if program == "deploy/local":
        own = re.findall(r"^  (--[\w-]+) +[A-Z]", text, re.M)
        text = read("tests/standins/options.cpp")
        return frozenset([*own, *re.findall(r'"(--[\w-]+)"', text)])
    return frozenset(re.findall(r"^\s+(--[\w-]+)(?: \| -\w)?\)", text, re.M))


def of_help(text: str) -> frozenset[str]:
    actions = re.findall(r"^ +\{([\w,-]+)\}", text, re.M)
    return frozenset(
        re.findall(r"^ +(?:-\w, )?(--[\w-]+)", text, re.M)
        + [action for listed in actions for action in listed.split(",")]
    )


@cache
def options_of(command: str) -> frozenset[str]:
    """Of a command of deploy/redoubt; empty if there is none of that name."""
    found = redoubt.COMMANDS.get(command)
    return of_help(help_of(found.module)) if found else frozenset()


@cache
def options_of_eth(action: str) -> frozenset[str]:
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        eth.main([*action.split(), "--help"])
    return of_help(told.getvalue())


def help_of(module: str) -> str:
    program = importlib.import_module(f"redoubt_stack.{module}")
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        program.main(["--help"])
    assert "usage: " in told.getvalue()
    return told.getvalue()


def fuzz_targets() -> set[str]:
    return {path.name for path in (ROOT / "tests/fuzz/corpus").iterdir()}


def steps() -> set[str]:
    """Of tests/run."""
    return set(re.findall(r"^(\w+)\(\)", read("tests/run"), re.M))


def sources() -> list[Path]:
    """What may name a document: the project's own texts, but for documents."""
    folders = ("bootstrap", "src", "include", "deploy", "iam-policies", "tests", "bench")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [path for path in found if is_source(path)]


def is_source(path: Path) -> bool:
    if "__pycache__" in path.parts:
        return False
    return path.suffix in ENDINGS or (not path.suffix and path.read_bytes().startswith(b"#!"))


ENDINGS = {".cpp", ".hpp", ".py", ".yaml"}
