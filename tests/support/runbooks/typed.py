# SPDX-License-Identifier: Apache-2.0
"""What a command of a runbook leads to in a test; run by the shell of `shell.py`."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

# Of octez there is none here; of git, what it would change are the sources under test. Their lines
# have to have one of these forms.
FORMS = {
    "octez-client": (
        r"gen keys [\w-]+",
        r"show address [\w-]+",
        r"import secret key [\w-]+ https://\S+/tz\S+( --force)?",
        r"forget address [\w-]+ --force",
        r"set consensus key for \S+ to [\w-]+",
        r"rpc get /chains/main/(chain_id|blocks/head/header)",
    ),
    "git": (r"fetch", r"checkout \S+"),
}
FOLDER = Path.cwd()


def redoubt(words: list[str]) -> None:
    here = json.loads((FOLDER / "here.json").read_text())
    stack = "redoubt"
    given: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--stack":
            stack = next(rest)
        else:
            given.append(here["node"].get(word, word))
    which = here["stacks"][stack]
    if "--forget" in given:
        given[given.index("--forget") + 1] = which[-1]
    command = next((word for word in given if word in here["more"]), "")
    more = here["more"].get(command, [])
    os.execv(here["program"], [here["program"], *which, *given, *more])


def told(command: str) -> str | None:
    path = FOLDER / "answers" / command
    return path.read_text() if path.exists() else None


def elsewhere(name: str, words: list[str]) -> int:
    line = " ".join(words)
    if not any(re.fullmatch(form, line) for form in FORMS[name]):
        print(f"{name} has no such line: {line}", file=sys.stderr)
        return 2
    print(told(f"{name} {line}") or "", end="")
    return 0


def aws(words: list[str]) -> int:
    """Held against AWS's own description of the call; made, if there is an account here."""
    import botocore.session

    service, operation, *options = words
    session = botocore.session.get_session()
    model = session.get_service_model(service)
    names = {kebab(name): name for name in model.operation_names}
    shape = model.operation_model(names[operation]).input_shape
    members = {kebab(name): (name, member) for name, member in shape.members.items()}
    fields: dict[str, Any] = {}
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option in ("--query", "--output"):
            continue
        name, member = members[option.removeprefix("--")]
        fields[name] = int(value) if member.type_name in ("integer", "long") else value
    missing = set(shape.required_members) - fields.keys()
    if missing:
        print(f"aws {service} {operation} lacks {missing}", file=sys.stderr)
        return 2
    if text := told(f"aws {service} {operation}"):
        print(text)
        return 0
    if "AWS_ENDPOINT_URL" not in os.environ:
        print(f"nobody answers aws {service} {operation} here", file=sys.stderr)
        return 2
    client = session.create_client(service)
    call = re.sub(r"-", "_", operation)
    answer = getattr(client, call)(**fields)
    answer.pop("ResponseMetadata")
    print(json.dumps(answer, default=str, indent=2))
    return 0


def kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def main(path: str, words: list[str]) -> int:
    name = Path(path).name
    if name == "redoubt":
        redoubt(words)
    return aws(words) if name == "aws" else elsewhere(name, words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
