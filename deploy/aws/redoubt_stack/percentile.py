# SPDX-License-Identifier: Apache-2.0
"""What most of some figures are below."""

import math


def percentile(sorted_values: list[float], share: float) -> float | None:
    """The nearest rank."""
    if not sorted_values:
        return None
    return sorted_values[max(0, math.ceil(share * len(sorted_values)) - 1)]
