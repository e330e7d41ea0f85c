# SPDX-License-Identifier: Apache-2.0
"""The operator's commands, one file each, and what they share. None imports botocore or rich before
it needs them: a command to the local host takes a fraction of a second."""
