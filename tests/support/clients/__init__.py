# SPDX-License-Identifier: Apache-2.0
"""The five validator clients as their sources have them, up to the socket."""

from support.clients import lighthouse, lodestar, nimbus, prysm, teku

ALL = tuple(client.HABITS for client in (lighthouse, teku, prysm, nimbus, lodestar))
