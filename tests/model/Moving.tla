------------------------------- MODULE Moving -------------------------------
\* SPDX-License-Identifier: Apache-2.0
\* An Ethereum validator that moves between two signers, each with a table of its own: switched off
\* here, exported, imported there, switched on there; and back. That nothing leaves a signer without
\* a commit is Validator.tla's; so here a commit is a signature. README.md, beside this file, reads
\* it.
EXTENDS Integers, FiniteSets

CONSTANTS
    LastEpoch,
    Bug         \* "" for the protocol as it is, or the name of a broken variant

Tables == {"old", "new"}
Other(t) == IF t = "old" THEN "new" ELSE "old"
Epochs == 0..LastEpoch
Votes == {v \in [s : Epochs, t : Epochs] : v.s < v.t}
Max(a, b) == IF a > b THEN a ELSE b
NoFile == [src |-> 0, tgt |-> 0, is_last |-> FALSE]

VARIABLES
    row,    \* of each table
    file,   \* what each exported last; `is_last`: of what it signed, while it is off
    signed, \* [table, s, t]
    moved   \* whether a table has the other's file
vars == <<row, file, signed, moved>>

\* Two clients ask: what the tables sign of one target differs.
Commit(t, v) ==
    /\ row[t].on
    /\ row[t].src <= v.s /\ row[t].tgt < v.t
    /\ row' = [row EXCEPT ![t].src = v.s, ![t].tgt = v.t]
    /\ signed' = signed \cup {[table |-> t, s |-> v.s, t |-> v.t]}
    /\ UNCHANGED <<file, moved>>

Off(t) == /\ row[t].on
          /\ row' = [row EXCEPT ![t].on = FALSE]
          /\ UNCHANGED <<file, signed, moved>>

\* At any time. The operator takes it for the last word if the key was off before.
Export(t) ==
    /\ file' = [file EXCEPT ![t] = [src |-> row[t].src, tgt |-> row[t].tgt,
                                    is_last |-> ~row[t].on \/ Bug = "exported_while_on"]]
    /\ UNCHANGED <<row, signed, moved>>

\* Any file that there is, old ones too.
Import(t) ==
    LET from == file[Other(t)]
    IN /\ row' = [row EXCEPT
             ![t].src = IF Bug = "import_of_the_target_alone" THEN @ ELSE Max(@, from.src),
             ![t].tgt = IF Bug = "import_lowers" THEN from.tgt ELSE Max(@, from.tgt)]
       /\ moved' = [moved EXCEPT ![t] = from.is_last]
       /\ UNCHANGED <<file, signed>>

On(t) ==
    /\ ~row[t].on
    \* So the other is off: whoever is switched on takes this away from the other.
    /\ moved[t] \/ Bug = "on_before_import"
    /\ row' = [row EXCEPT ![t].on = TRUE]
    \* What it exported is old from now on.
    /\ file' = [file EXCEPT ![t].is_last = FALSE]
    /\ moved' = [moved EXCEPT ![Other(t)] = Bug = "what_is_on_may_move" /\ @]
    /\ UNCHANGED signed

Init == /\ row = [t \in Tables |-> [on |-> t = "old", src |-> 0, tgt |-> 0]]
        /\ file = [t \in Tables |-> NoFile]
        /\ signed = {}
        /\ moved = [t \in Tables |-> FALSE]
Next == \E t \in Tables : \/ \E v \in Votes : Commit(t, v)
                          \/ Off(t) \/ Export(t) \/ Import(t) \/ On(t)
Spec == Init /\ [][Next]_vars

NoneIsSlashed == \A a, b \in signed : /\ a.t = b.t => a = b
                                      /\ ~(a.s < b.s /\ b.t < a.t)
=============================================================================
