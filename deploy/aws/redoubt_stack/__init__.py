# SPDX-License-Identifier: Apache-2.0
"""Deploys Redoubt into an AWS account, checks what is there, and takes it away."""
