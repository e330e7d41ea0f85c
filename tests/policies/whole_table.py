# SPDX-License-Identifier: Apache-2.0
"""All rows: of any stack, and of one with sealed keys."""

import table
import table_of_sealed

TABLE = (*table.TABLE, *table_of_sealed.TABLE)
