# SPDX-License-Identifier: Apache-2.0
"""What the contract and system tests share. Nothing here knows the product's code."""
