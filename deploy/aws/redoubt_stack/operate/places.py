# SPDX-License-Identifier: Apache-2.0
"""What was signed for: a key, on a chain, of a kind; and where it stands."""

from typing import Any

Place = tuple[str, str, str]  # key, chain, kind


def members(place: Place, position: tuple[int, int]) -> dict[str, Any]:
    """As scripts read them."""
    return dict(zip(("pkh", "chain", "kind", "level", "round"), (*place, *position), strict=True))
