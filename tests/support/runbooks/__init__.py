# SPDX-License-Identifier: Apache-2.0
"""The runbooks as the tests read and run them: each block of commands as it is written."""
