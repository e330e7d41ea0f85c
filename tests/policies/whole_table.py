# SPDX-License-Identifier: Apache-2.0
"""All rows: of any Tezos stack, of one with sealed keys, and of an Ethereum stack."""

import table
import table_of_ethereum
import table_of_sealed

TABLE = (*table.TABLE, *table_of_sealed.TABLE, *table_of_ethereum.TABLE)
