------------------------------ MODULE Handover ------------------------------
\* SPDX-License-Identifier: Apache-2.0
\* A key that is handed over between two signers, each with a table of its own: the one row of each
\* table, and what operators may send. That nothing leaves a signer without a commit in its table is
\* Commit.tla's; so here a commit is a signature. README.md, beside this file, reads it.
EXTENDS Integers, FiniteSets, TLC

CONSTANTS
    LastLevel,  \* of the chain
    Bug         \* "" for the protocol as it is, or the name of a broken variant

Tables == {"old", "new"}
Other(t) == IF t = "old" THEN "new" ELSE "old"
Levels == 1..LastLevel
None == LastLevel + 9   \* no `until`: higher than all levels
LastRound == 9          \* stands for 2^31 - 1
NoRow == [at |-> <<-1, 0>>, until |-> None]
Closed(level) == <<level, LastRound>>

VARIABLES
    row,    \* the row of each table
    sent,   \* what was ever sent to move a signer in: [table, from]; it may be applied at any time
    signed  \* [table, level]
vars == <<row, sent, signed>>

Below(a, b) == a[1] < b[1] \/ (a[1] = b[1] /\ a[2] < b[2])

-----------------------------------------------------------------------------
(* The operators *)

\* The rule that they are told: move in only above the last level of the other signer, as its row
\* shows it, and only when nothing that was sent to move that one in can be applied any more.
MayMoveIn(t, from) ==
    LET other == row[Other(t)]
        last == IF other = NoRow THEN 0 ELSE other.until
    IN /\ last < from \/ Bug = "other_not_limited"
       /\ \/ \A w \in sent : w.table = Other(t) => w.from <= last
          \/ Bug = "what_was_sent_forgotten"

\* And never below a level that was sent to move the same one in: with a lower last level, that
\* might be applied still.
MayMoveOut(t, level) == \/ \A w \in sent : w.table = t => w.from <= level
                        \/ Bug = "lowered_below_what_was_sent"

\* Or they are mistaken, and name a level that the signer itself may sign still.
IsMistaken(t, from) == row[t] # NoRow /\ row[t].until # None /\ from <= row[t].until

-----------------------------------------------------------------------------
(* The writes, each at any time, as often as one likes *)

Change(t, new) == row' = [row EXCEPT ![t] = new]

\* commit_update, in round 0. Two bakers ask: what the tables sign of one level differs.
Commit(t, level) ==
    /\ row[t] # NoRow
    /\ Below(row[t].at, <<level, 0>>)
    /\ row[t].until >= level \/ Bug = "until_not_in_the_condition"
    /\ Change(t, [row[t] EXCEPT !.at = <<level, 0>>])
    /\ signed' = signed \cup {[table |-> t, level |-> level]}
    /\ UNCHANGED sent

\* until_update
MoveOut(t, level) ==
    /\ MayMoveOut(t, level)
    /\ row[t] # NoRow
    /\ row[t].at[1] <= level \/ Bug = "until_below_the_row"
    /\ row[t].until > level \/ (Bug = "until_rises" /\ row[t].until # level)
    /\ Change(t, [row[t] EXCEPT !.until = level])
    /\ UNCHANGED <<sent, signed>>

\* raise_update
Raise(t, level) ==
    /\ row[t] # NoRow
    /\ Below(row[t].at, Closed(level))
    /\ Change(t, [at |-> Closed(level),
                  until |-> IF Bug = "raise_drops_until" THEN None ELSE row[t].until])
    /\ UNCHANGED <<sent, signed>>

\* from_update; arm_update, if there is no row. What was sent is applied, also late and twice.
MoveIn(w) ==
    LET t == w.table
        at == Closed(w.from - 1)
    IN /\ \/ row[t] = NoRow
          \/ /\ Below(row[t].at, at) \/ (row[t].at[1] = at[1] /\ row[t].until # None)
             /\ \/ row[t].until = None
                \/ row[t].until < w.from
                \/ Bug = "from_below_until"
       /\ Change(t, [at |-> at,
                     until |-> IF Bug = "from_leaves_until" THEN row[t].until ELSE None])
       /\ UNCHANGED <<sent, signed>>

SendMoveIn(t, from) ==
    /\ MayMoveIn(t, from) \/ IsMistaken(t, from)
    /\ sent' = sent \cup {[table |-> t, from |-> from]}
    /\ UNCHANGED <<row, signed>>

-----------------------------------------------------------------------------
Init ==
    /\ row = [t \in Tables |-> IF t = "old" THEN [NoRow EXCEPT !.at = Closed(0)] ELSE NoRow]
    /\ sent = {}
    /\ signed = {}
Next ==
    \/ \E t \in Tables, level \in Levels :
          Commit(t, level) \/ MoveOut(t, level) \/ Raise(t, level) \/ SendMoveIn(t, level)
    \/ \E w \in sent : MoveIn(w)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* The promises *)

SignedByOne == \A a, b \in signed : a.level = b.level => a.table = b.table

\* What a row signs is not above its last level, which falls, until it is moved in above it.
LastLevelHolds == [][\A t \in Tables :
    LET before == row[t].until
        after == row'[t].until
    IN /\ (row'[t].at # row[t].at /\ row'[t].at[2] = 0) => row'[t].at[1] <= before
       /\ after > before => (after = None /\ row'[t].at[1] >= before)]_row

\* Whoever is moved in signs from that level on.
MovedInSigns == [][\A w \in sent : MoveIn(w) => row'[w.table].until >= w.from]_row
=============================================================================
