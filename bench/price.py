# SPDX-License-Identifier: Apache-2.0
"""What Lambda costs. Source: AWS Lambda pricing, us-east-1, x86-64, 2026; a free tier aside."""

import math

DOLLARS_A_GIGABYTE_SECOND = 0.0000166667
DOLLARS_A_REQUEST = 0.20 / 1_000_000


def dollars_a_million(megabytes: int, *invocations_ms: float) -> float:
    """Signatures of so many invocations; each is billed by the millisecond begun."""
    gigabyte_seconds = sum(math.ceil(ms) / 1000 * megabytes / 1024 for ms in invocations_ms)
    each = gigabyte_seconds * DOLLARS_A_GIGABYTE_SECOND + len(invocations_ms) * DOLLARS_A_REQUEST
    return each * 1_000_000
