----------------------------- MODULE Validator -----------------------------
\* SPDX-License-Identifier: Apache-2.0
\* An Ethereum validator's row: the two conditional writes that approve signatures, the import of
\* what others signed, and the switch. README.md, beside this file, reads it.
EXTENDS Integers, FiniteSets

CONSTANTS
    Last,      \* epoch, and slot
    Roots,     \* labels: two messages of different times may bear the same one, which is harder
    Envs,      \* environments
    Kinds,     \* what is asked for: "vote", "block"
    Importing, \* whether another signer's marks are imported
    Bug        \* "" for the protocol as it is, or the name of a broken variant

Times == 0..Last
None == "none"

VARIABLES
    row,      \* of the table
    env,      \* what each environment is doing
    released, \* signatures that left
    imported  \* the marks of all imports that were answered as done
vars == <<row, env, released, imported>>

Votes == {v \in [kind : {"vote"}, s : Times, t : Times, r : Roots] : v.s < v.t \/ v.t = 0}
Blocks == [kind : {"block"}, n : Times, r : Roots]
Requests == (IF "vote" \in Kinds THEN Votes ELSE {}) \cup (IF "block" \in Kinds THEN Blocks ELSE {})
TimesOf(kind) == IF kind \in Kinds THEN Times ELSE {0}
Marks == IF Importing THEN [src : TimesOf("vote"), tgt : TimesOf("vote"), slot : TimesOf("block")]
                      ELSE {}
Max(a, b) == IF a > b THEN a ELSE b

-----------------------------------------------------------------------------
(* The condition of a commit, and what it writes: commit_update *)

SameVote(q) == /\ row.tgt = q.t
               /\ row.src = q.s \/ Bug = "equal_vote_of_any_source"
               /\ row.aroot = q.r \/ Bug = "equal_vote_of_any_root"
SameBlock(q) == /\ row.slot = q.n
                /\ row.broot = q.r \/ Bug = "equal_block_of_any_root"
Rule(q) ==
    IF q.kind = "vote"
    THEN /\ row.src <= q.s \/ Bug = "source_not_compared"
         /\ row.tgt < q.t \/ SameVote(q) \/ (Bug = "target_not_strict" /\ row.tgt <= q.t)
    ELSE row.slot < q.n \/ SameBlock(q) \/ (Bug = "slot_not_strict" /\ row.slot <= q.n)
May(q) == (row.on \/ Bug = "off_not_in_the_condition") /\ Rule(q)
Written(q) == IF q.kind = "vote" THEN [row EXCEPT !.src = q.s, !.tgt = q.t, !.aroot = q.r]
                                 ELSE [row EXCEPT !.slot = q.n, !.broot = q.r]

-----------------------------------------------------------------------------
(* A signer's environment *)

Idle == [state |-> "idle"]
Become(e, state, q) == env' = [env EXCEPT ![e] = [state |-> state, q |-> q]]

Begin(e, q) == /\ env[e] = Idle
               /\ Become(e, "waits", q)
               /\ UNCHANGED <<row, released, imported>>

\* The table acts on the write that this environment waits for, and it hears of it.
Hear(e) ==
    /\ env[e].state = "waits"
    /\ LET q == env[e].q
       IN IF Bug = "read_and_then_written"
          THEN /\ IF May(q) THEN Become(e, "read", q) ELSE env' = [env EXCEPT ![e] = Idle]
               /\ UNCHANGED row
          ELSE IF May(q) THEN row' = Written(q) /\ Become(e, "approved", q)
                         ELSE UNCHANGED row /\ env' = [env EXCEPT ![e] = Idle]
    /\ UNCHANGED <<released, imported>>
WriteWhatWasRead(e) ==
    /\ env[e].state = "read"
    /\ row' = Written(env[e].q)
    /\ Become(e, "approved", env[e].q)
    /\ UNCHANGED <<released, imported>>

\* A lost answer, or a kill; whether the write was applied is not known.
GiveUp(e) == /\ env[e] # Idle
             /\ IF Bug = "silence_is_commit" /\ env[e].state = "waits"
                THEN Become(e, "unheard", env[e].q)
                ELSE env' = [env EXCEPT ![e] = Idle]
             /\ UNCHANGED <<row, released, imported>>

Release(e) ==
    /\ \/ env[e].state \in {"approved", "unheard"}
       \/ Bug = "signed_before_commit" /\ env[e].state = "waits"
    /\ released' = released \cup {[q |-> env[e].q, heard |-> env[e].state = "approved"]}
    /\ env' = [env EXCEPT ![e] = Idle]
    /\ UNCHANGED <<row, imported>>

\* A write that somebody sent, at any time: late, a second time, of an environment that is dead.
Apply(q) == /\ May(q)
            /\ row' = Written(q)
            /\ UNCHANGED <<env, released, imported>>

-----------------------------------------------------------------------------
(* The operator *)

Switch == /\ row' = [row EXCEPT !.on = ~row.on]
          /\ UNCHANGED <<env, released, imported>>

\* import_interchange reads a row and raises those marks that were lower then, under the condition
\* that they still are; so it may send any of these. It looks again until nothing is left to do.
Lift(m, raised) ==
    /\ raised # {}
    /\ \A name \in raised : row[name] < m[name] \/ Bug = "lift_without_condition"
    /\ LET To(name) == IF name \in raised THEN m[name] ELSE row[name]
           votes_rise == raised \cap {"src", "tgt"} # {}
       IN row' = [row EXCEPT !.src = To("src"), !.tgt = To("tgt"), !.slot = To("slot"),
                             !.aroot = IF votes_rise /\ Bug # "lift_keeps_root" THEN None ELSE @,
                             !.broot = IF "slot" \in raised /\ Bug # "lift_keeps_root"
                                       THEN None ELSE @]
    /\ UNCHANGED <<env, released, imported>>

\* Where a mark is the very same, something else may have been signed there.
DropRoot(m) ==
    /\ row' = [row EXCEPT !.aroot = IF row.tgt = m.tgt THEN None ELSE @,
                          !.broot = IF row.slot = m.slot THEN None ELSE @]
    /\ UNCHANGED <<env, released, imported>>

Done(m) ==
    /\ row.src >= m.src \/ Bug = "lift_of_the_target_alone"
    /\ row.tgt >= m.tgt
    /\ row.slot >= m.slot
    /\ (row.tgt = m.tgt => row.aroot = None) \/ Bug \in {"equal_keeps_root", "lift_keeps_root"}
    /\ (row.slot = m.slot => row.broot = None) \/ Bug \in {"equal_keeps_root", "lift_keeps_root"}
    /\ imported' = [src |-> Max(imported.src, m.src), tgt |-> Max(imported.tgt, m.tgt),
                    slot |-> Max(imported.slot, m.slot)]
    /\ UNCHANGED <<row, env, released>>

-----------------------------------------------------------------------------
\* Nothing was imported, which is below everything.
Init == /\ row = [on |-> TRUE, src |-> 0, tgt |-> 0, aroot |-> None, slot |-> 0, broot |-> None]
        /\ env = [e \in Envs |-> Idle]
        /\ released = {}
        /\ imported = [src |-> 0, tgt |-> -1, slot |-> -1]
Next ==
    \/ \E e \in Envs : \/ \E q \in Requests : Begin(e, q)
                       \/ Hear(e) \/ WriteWhatWasRead(e) \/ GiveUp(e) \/ Release(e)
    \/ \E q \in Requests : Apply(q)
    \/ Switch
    \/ \E m \in Marks : Done(m) \/ DropRoot(m) \/ \E raised \in SUBSET {"src", "tgt", "slot"} :
          Lift(m, raised)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* The promises *)

Signed(kind) == {s.q : s \in {x \in released : x.q.kind = kind}}
NoDoubleVote == \A a, b \in Signed("vote") : a.t = b.t => a = b
NoSurround == \A a, b \in Signed("vote") : ~(a.s < b.s /\ b.t < a.t)
NoDoubleBlock == \A a, b \in Signed("block") : a.n = b.n => a = b
OnlyCommitted == \A s \in released : s.heard

RowOnlyRises == [][row'.src >= row.src /\ row'.tgt >= row.tgt /\ row'.slot >= row.slot]_row

Approved(e) == env'[e].state = "approved" /\ env[e].state # "approved"
OffApprovesNothing == [][\A e \in Envs : Approved(e) => row.on]_env
\* What is approved once an import is done lies above it.
AboveImported == [][\A e \in Envs : Approved(e) =>
    LET q == env'[e].q
    IN IF q.kind = "vote" THEN q.t > imported.tgt /\ q.s >= imported.src
                          ELSE q.n > imported.slot]_env

=============================================================================
