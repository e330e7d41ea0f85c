# SPDX-License-Identifier: Apache-2.0
"""Bugs for `tests/mutants` to put into a copy of the product, by area."""
