# SPDX-License-Identifier: Apache-2.0
"""Stacks of Ethereum validators' keys."""
