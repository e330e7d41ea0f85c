# SPDX-License-Identifier: Apache-2.0
"""What `verify` looks at, subject by subject. Each check yields rows; none changes anything."""
