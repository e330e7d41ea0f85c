# SPDX-License-Identifier: Apache-2.0
"""Prints what makes a shell complete commands, options and their values."""

import argparse
import contextlib
import importlib
import io
import re
from collections.abc import Callable, Iterator

from redoubt_stack.chains import CHAINS
from redoubt_stack.operate import eth
from redoubt_stack.operate.listing import COMMANDS
from redoubt_stack.operate.log_lines import CODES, VALIDATORS_CODES
from redoubt_stack.operate.options import COMMON

EXAMPLES = """examples:
  deploy/redoubt completion bash >~/.local/share/bash-completion/completions/redoubt
  deploy/redoubt completion zsh >~/.redoubt.zsh    # and in ~/.zshrc: source ~/.redoubt.zsh"""
# As argparse lists them: `--from {a,b}`, `--level LEVEL`, `-f, --follow`; and words to choose from.
OPTION = re.compile(r"^ +(?:-\w, )?(--[\w-]+)(?: (\{[^}\n]+\}|[A-Z]\S*))?", re.M)
ACTIONS = re.compile(r"^  \{([\w,-]+)\}", re.M)
KNOWN = {"--chain": " ".join(chain.name for chain in CHAINS), "--code": " ".join(CODES)}
KNOWN_OF_ETH = {"--code": " ".join(VALIDATORS_CODES)}
ZSH = """(( $+functions[compdef] )) || {
    autoload -U +X compinit && compinit
}
autoload -U +X bashcompinit && bashcompinit
"""
BASH = """_redoubt() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} command='' words i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
            {with_value}) ((i++)) ;;
            -*) ;;
            *) command=${{COMP_WORDS[i]}} && break ;;
        esac
    done
    case $command:$before in
{cases}
        *) words='' ;;
    esac
    COMPREPLY=()
    while IFS='' read -r i; do COMPREPLY+=("$i"); done < <(
        compgen -W "$words" -- "$word" || :
        [[ $word == -* || $words == [a-z0-9]* ]] || compgen -f -- "$word"
    )
}}
complete -o filenames -F _redoubt redoubt
"""


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="deploy/redoubt completion",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("shell", choices=["bash", "zsh"])
    told = parser.parse_args(given)
    if told.shell == "zsh":
        print(ZSH, end="")
    print(script(), end="")
    return 0


def script() -> str:
    """For bash, made of what each command's --help says."""
    cases = [_case(f":{option}", "") for option in COMMON]
    cases.append(_case(":*", " ".join([*COMMANDS, *COMMON, "--json", "--help"])))
    for name, command in COMMANDS.items():
        cases += _cases_of_eth() if name == "eth" else _cases(name, help_of(command.module))
    return BASH.format(with_value=" | ".join(COMMON), cases="\n".join(cases))


def _cases(command: str, text: str) -> Iterator[str]:
    """What may follow an option that takes a value, and what else there is."""
    options = dict(OPTION.findall(text))
    yield from _values(command, options)
    actions = [word for listed in ACTIONS.findall(text) for word in listed.split(",")]
    yield _case(f"{command}:*", " ".join([*actions, *options]))


def _values(command: str, options: dict[str, str]) -> Iterator[str]:
    known = KNOWN_OF_ETH if command == "eth" else KNOWN
    for option, value in options.items():
        if value:
            choices = value.strip("{}").replace(",", " ") if value[0] == "{" else ""
            yield _case(f"{command}:{option}", choices or known.get(option, ""))


def _cases_of_eth() -> Iterator[str]:
    """Its actions, of one word or two; and what any of them takes."""
    words: dict[str, list[str]] = {}
    options: dict[str, str] = {}
    for action in eth.ACTIONS:
        first, _, second = action.partition(" ")
        words.setdefault(first, []).extend([second] if second else [])
        options |= dict(OPTION.findall(_printed(eth.main, *action.split(), "--help")))
    yield from _values("eth", options)
    for first, seconds in words.items():
        if seconds:
            yield _case(f"eth:{first}", " ".join(seconds))
    yield _case("eth:*", " ".join([*words, *options]))


def _case(pattern: str, words: str) -> str:
    return f"        {pattern}) words='{words}' ;;"


def help_of(module: str) -> str:
    program = importlib.import_module(f"redoubt_stack.{module}")
    return _printed(program.main, "--help")


def _printed(main: Callable[[list[str]], object], *given: str) -> str:
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        main([*given])
    return told.getvalue()
