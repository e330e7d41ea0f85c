# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt: how it is asked, and how it ends."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from botocore import exceptions
from redoubt_stack import console, redoubt
from redoubt_stack.operate import completion, options, stack_target

from answering import Answering, Run, refused, row, status
from cloud import Answers, Cloud, refusal
from support.child import ROOT

OURS = [name for name, c in redoubt.COMMANDS.items() if c.module.startswith("operate.")]


# --- Words ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "command", "rest"),
    [
        ("status", "status", []),
        ("--local u status --json", "status", ["--local", "u", "--json"]),
        ("--local=u --json status", "status", ["--local=u", "--json"]),
        (
            "--stack a --region b --profile c --node d arm -x",
            "arm",
            ["--stack", "a", "--region", "b", "--profile", "c", "--node", "d", "-x"],
        ),
        ("--help", "", ["--help"]),
        ("", "", []),
    ],
)
def test_shared_options_may_stand_before_the_command(
    given: str, command: str, rest: list[str]
) -> None:
    assert options.split(given.split()) == (command, rest)


def test_help_lists_all_commands_and_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert redoubt.main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in redoubt.COMMANDS:
        assert re.search(rf"^  {name} +\w", shown, re.M), name
    assert [int(code) for code in re.findall(r"^  (\d)  ", shown, re.M)] == [0, 1, 2, 3]
    assert redoubt.main([]) == 2


def test_each_command_goes_by_its_name() -> None:
    for name, command in redoubt.COMMANDS.items():
        assert completion.help_of(command.module).startswith(f"usage: deploy/redoubt {name} ")


def test_each_command_has_examples_that_it_takes() -> None:
    for name in OURS:
        text = completion.help_of(redoubt.COMMANDS[name].module)
        known = set(re.findall(r"--[\w-]+", text.split("examples:")[0])) | {"--help"}
        examples = re.findall(r"^  deploy/redoubt (.+)$", text.split("examples:")[1], re.M)
        assert examples, name
        for line in examples:
            command, rest = options.split(line.split(" #")[0].split())
            assert command == name
            assert {word.split("=")[0] for word in rest if word.startswith("--")} <= known
        if name != "completion":
            assert "ends with:\n  0  done" in text


@pytest.mark.parametrize(("word", "near"), [("stats", "did you mean status"), ("xyz", "--help")])
def test_an_unknown_command_is_wrong_usage(
    run: Run, capsys: pytest.CaptureFixture[str], word: str, near: str
) -> None:
    assert run(word) == 2
    assert near in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        "status --stack x",
        "status --json=yes",
        "status --jso",
        "arm --chain mainnet",
        "arm --chain minnet --level 5 --yes",
        "arm --chain NetXdQprcVkpaWA --level 5 --yes",
        "arm --level 5 --yes",
        "arm --chain mainnet --level five --yes",
        "arm --chain mainnet --level -5 --yes",
        "arm --chain mainnet --level head --yes",
        "arm --chain mainnet --level 5",
        "arm --chain mainnet --level 5 --json",
        "raise --chain mainnet --level 5 --round x --yes",
        "handover --chain mainnet --yes",
        "handover --chain mainnet --until 5 --from 6 --yes",
        "import --from nobody --level 5 --yes",
        "import --from octez --level 5 --yes",
        "import --from redoubt --level 5 --yes /absent",
        "export",
        "export --to midl",
        "logs --since 5",
        "logs --severity LOUD",
        "logs --code alredy_signed",
        "top",
        "top --json",
        "rotate",
        "completion fish",
    ],
)
def test_wrong_usage_asks_nothing_of_the_signer(run: Run, function: Answering, words: str) -> None:
    function.answer(refused("internal", "must not be asked"))
    assert run(*words.split()) == 2
    assert function.asked == []


@pytest.mark.parametrize(
    "url", ["https://x.lambda-url.eu-west-1.on.aws", "127.0.0.1:8080", "http://"]
)
def test_local_is_a_url_of_this_machine(url: str) -> None:
    with pytest.raises(console.BadUsage, match="deploy/local prints"):
        redoubt.main(["--local", url, "status"])


# --- How it ends ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "http", "code", "words"),
    [
        (refused("table_refused", "no right"), 200, 1, "refused: table_refused: no right"),
        (b"", 200, 3, "did not answer"),
        (b"null", 200, 3, "did not answer"),
        (b'{"redoubt":{"ok":false}}', 200, 3, "did not answer"),
        (b'{"errorType":"Runtime.ExitError","errorMessage":"it died"}', 200, 3, "it died"),
        (b'{"Message":"Rate Exceeded."}', 429, 3, "Rate Exceeded"),
        (b"no such page", 404, 3, "deploy/local"),
    ],
)
def test_the_exit_code_says_who_failed(
    run: Run,
    function: Answering,
    capsys: pytest.CaptureFixture[str],
    answer: Any,
    http: int,
    code: int,
    words: str,
) -> None:
    function.answer(answer, status=http)
    assert run("status") == code
    told = capsys.readouterr()
    assert words in told.err and told.out == ""


def test_nobody_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(console.Stop) as stopped:
        redoubt.main(["--local", "http://127.0.0.1:9", "status"])
    assert stopped.value.code == 3 and "does it still run?" in str(stopped.value)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (refusal("ResourceNotFoundException", "Invoke"), 3, "there is no redoubt-operator in"),
        (refusal("TooManyRequestsException", "Invoke"), 3, "Run the same command again"),
        (exceptions.EndpointConnectionError(endpoint_url="https://x"), 3, "way to the Internet"),
        (exceptions.ReadTimeoutError(endpoint_url="https://x"), 3, "way to the Internet"),
        (refusal("AccessDeniedException", "Invoke"), 1, "lacks this right"),
        (exceptions.NoCredentialsError(), 1, "aws configure sso"),
    ],
)
def test_of_a_stack_too(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
    words: str,
) -> None:
    monkeypatch.setattr(stack_target, "Aws", lambda *_: Answers(invoke=error))
    monkeypatch.setattr(sys, "argv", ["redoubt", "status"])
    with pytest.raises(SystemExit) as ended:
        console.run(redoubt.run)
    told = f"{ended.value.code}{capsys.readouterr().err}"
    assert words in told
    assert (ended.value.code if isinstance(ended.value.code, int) else 1) == code


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_LAMBDA"])
def test_a_stack_that_is_elsewhere_is_said_to_be_there(
    function: Answering,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """The shell may send all that is asked to another place than AWS."""
    assert stack_target.StackTarget("redoubt", None, None).where == "stack redoubt, eu-west-1"
    monkeypatch.setenv(name, function.url)
    function.answer(status(row()))
    assert redoubt.main(["status"]) == 0
    assert f"stack redoubt, eu-west-1 at {function.url};" in capsys.readouterr().out


@pytest.mark.usefixtures("credentials")
def test_a_stopped_function_is_not_waited_for(
    function: Answering, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", slept.append)
    monkeypatch.setenv("AWS_ENDPOINT_URL", function.url)
    stopped = b'{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}'
    function.error = "TooManyRequestsException"
    function.answer(stopped, status=429)
    with pytest.raises(console.Stop, match="whether the function is stopped") as ended:
        redoubt.main(["status"])
    assert ended.value.code == 3
    assert len(function.asked) == 4 and sum(slept) <= 1 + 2 + 4


def test_a_stack_is_asked_by_the_names_of_its_functions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever may invoke the one need not be allowed to describe the stack."""
    asked: list[tuple[str | None, str | None]] = []
    cloud = Cloud()
    monkeypatch.setattr(stack_target, "Aws", lambda *given: asked.append(given) or cloud)
    assert redoubt.main(["--region", "eu-west-1", "--profile", "p", "status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True}
    assert (asked, cloud.asked) == ([("eu-west-1", "p")], ["invoke"])


def test_json_is_the_functions_answer(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    told = status(row())
    function.answer(told, refused("table_refused", "x"))
    assert run("status", "--json") == 0
    assert json.loads(capsys.readouterr().out) == told
    assert run("status", "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["id"] == "table_refused"


def test_an_older_function_is_named_as_the_reason(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(refused("bad_request", "this command has no field `dry_run`"))
    assert run("arm", "--chain", "mainnet", "--level", "5", "--dry-run") == 1
    assert "older than this program" in capsys.readouterr().err


def test_who_reads_the_first_line_only_is_no_error(function: Answering) -> None:
    lines = [{"eventId": str(i), "timestamp": 1, "message": "x" * 500} for i in range(2000)]
    function.pages({"events": lines})
    command = (
        f"{sys.executable} -m redoubt_stack.redoubt --local {function.url} logs --since 999999d"
    )
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -n 1; exit ${{PIPESTATUS[0]}}"],
        env={"PYTHONPATH": str(ROOT / "deploy/aws"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_quick_command_reads_in_nothing_slow(function: Answering) -> None:
    """Botocore alone would take longer than all else."""
    function.answer(status(row()))
    program = (
        "import sys; from redoubt_stack import redoubt; "
        f"code = redoubt.main(['--local', '{function.url}', 'status']); "
        "slow = {'botocore', 'rich', 'yaml', 'urllib.request', 'asyncio'} & set(sys.modules); "
        "sys.exit(f'{code} {slow}' if code or slow else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "deploy/aws")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_other_programs_know_nothing_of_these() -> None:
    for path in (ROOT / "deploy/aws/redoubt_stack").glob("**/*.py"):
        is_ours = path.parent.name == "operate" or path.name == "redoubt.py"
        assert is_ours or "redoubt_stack.operate" not in path.read_text(), path
        assert path.name == "redoubt.py" or "redoubt_stack import redoubt" not in path.read_text()
