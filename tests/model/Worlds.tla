------------------------------- MODULE Worlds -------------------------------
\* SPDX-License-Identifier: Apache-2.0
\* What the small worlds are made of; each .cfg picks from here.
EXTENDS Commit

Arm(level) == [op |-> "arm", at |-> <<level, LastRound>>, force |-> FALSE]
Raise(level, round, force) == [op |-> "raise", at |-> <<level, round>>, force |-> force]

\* One slot with two digests, a later round, a later level. A raise to a slot that is asked for.
VoteRequests == {<<1, 0, "x">>, <<1, 0, "y">>, <<1, 1, "x">>, <<2, 0, "x">>}
BlockRequests == {<<1, 0, "x">>, <<1, 0, "y">>, <<2, 0, "x">>}
SlotCommands == {Arm(0), Raise(1, 0, FALSE)}

\* Handed over after level 1, and back from level 2 on.
Until(level) == [op |-> "until", at |-> <<level, 0>>, force |-> FALSE]
From(level) == [op |-> "from", at |-> <<level - 1, LastRound>>, force |-> FALSE]
HandoverCommands == {Until(1), From(2)}

LiveVoteRequests == {<<1, 0, "x">>, <<1, 0, "y">>, <<1, 1, "x">>}
LiveBlockRequests == {<<1, 0, "x">>, <<2, 0, "x">>}
NoCommands == {}

\* Armed at level 0 in second 0, the head of the chain is at level `now`.
FenceRequests == {<<1, 0, "x">>, <<3, 0, "x">>}
RoundRequests == {<<1, 1, "x">>, <<3, 0, "x">>}
RaiseRequests == {<<1, 0, "x">>, <<2, 0, "x">>}
RaiseCommands == {Raise(1, LastRound, FALSE)}

\* Exact clocks; one ahead by the slack and one behind by it.
Exact == {[e \in Envs |-> 0]}
OffBothWays == LET first == CHOOSE e \in Envs : TRUE
               IN {[e \in Envs |-> IF e = first THEN 1 ELSE -1]}
=============================================================================
