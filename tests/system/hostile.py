# SPDX-License-Identifier: Apache-2.0
"""The hostile requests, all of them. None may reach AWS."""

from attack import Attack
from attacks_on_http import BODIES, KEYS, METHODS, QUERIES, ROUTES
from attacks_on_signing import AUTHENTICATION, LAYOUT, MAGIC, TWO_FAULTS

ATTACKS: list[Attack] = [
    *ROUTES,
    *METHODS,
    *KEYS,
    *BODIES,
    *QUERIES,
    *AUTHENTICATION,
    *MAGIC,
    *LAYOUT,
    *TWO_FAULTS,
]
