# SPDX-License-Identifier: Apache-2.0
"""Tables: by `rich` in a terminal, plain columns elsewhere."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from redoubt_stack import console

if TYPE_CHECKING:
    from rich.console import RenderableType

Rows = Sequence[tuple[str, ...]]
# What a cell begins with, if it is nothing to pass over.
ALARMING = ("refused", "damaged", "error")


def printable(text: str) -> str:
    """What comes from outside moves no cursor."""
    return "".join(c if c.isprintable() else "?" for c in text)


def show(title: str, headings: tuple[str, ...], rows: Rows) -> None:
    if not sys.stdout.isatty():
        console.say(printable(title))
        cells = [[printable(cell) for cell in row] for row in [headings, *rows]]
        console.table([(f"  {first}", *others) for first, *others in cells])
        return
    from rich.console import Console

    Console(highlight=False).print(rendered(title, headings, rows))


def rendered(title: str, headings: tuple[str, ...], rows: Rows) -> "RenderableType":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(printable(title), "bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")  # no level ever loses a digit
    for row in rows:
        table.add_row(
            *(Text(printable(c), "bold red" if c.startswith(ALARMING) else "") for c in row)
        )
    return table
