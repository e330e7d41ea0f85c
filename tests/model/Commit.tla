------------------------------- MODULE Commit -------------------------------
\* SPDX-License-Identifier: Apache-2.0
\* The commit protocol: what may happen to one row, and what may leave. README.md, beside this
\* file, reads it for those who do not know TLA+. Rows share nothing, so one row is enough.
EXTENDS Integers, FiniteSets, TLC

CONSTANTS
    Kind,       \* "vote" or "block": what the row guards
    Envs,       \* the environments of the function
    Requests,   \* what is asked of it, again and again: <<level, round, digest>>
    Commands,   \* what the operator may send: [op, at, force]
    Armed,      \* whether the row exists at the start
    Fenced,     \* whether there is time, and a pace
    Slack,      \* what the fence grants once
    Clocks,     \* by how much the environments' clocks may be off: one function for each case
    LastSecond, \* the end of time
    MaxSigned,  \* how many signatures KMS makes of one block; then it is slow for ever
    Damages,    \* whether someone strips the signature off a row
    MaxPending, \* how many writes that can still change the row there are at once
    Live,       \* whether bakers repeat what is unanswered, and troubles come to an end
    MaxTroubles,
    Bug         \* "" for the protocol as it is, or the name of a broken variant

None == "none"       \* no digest: as `arm` and `raise` leave a row
LastRound == 9       \* stands for 2^31 - 1
Nowhere == <<-1, 0>> \* below every slot
NoLimit == 99        \* no `until`: above all levels
NoRow == [at |-> Nowhere, digest |-> None, sig |-> 0, pace |-> 0, base |-> 0, until |-> NoLimit]
ArmedRow == [NoRow EXCEPT !.at = <<0, LastRound>>]
Idle == [phase |-> "idle"]
Unseen == [at |-> Nowhere, pace |-> 0]
NoFloor == -1000

VARIABLES
    row,      \* the row. `base` is no attribute: the pace at the last `arm` or `raise`
    writes,   \* every UpdateItem ever sent; any of them may be applied at any time
    env,      \* what each environment is doing
    warm,     \* the lower bound that each keeps while it lives
    clock,    \* by how much the clock of each is off
    now,      \* true time, which the `Date` of an answer tells, too
    released, \* every signature that ever left
    final,    \* what became of each request
    troubles  \* how many there may still be
vars == <<row, writes, env, warm, clock, now, released, final, troubles>>

Slot(r) == <<r[1], r[2]>>
Below(a, b) == a[1] < b[1] \/ (a[1] = b[1] /\ a[2] < b[2])
Pace(level, time) == IF Fenced THEN level - time ELSE 0
Max(a, b) == IF a > b THEN a ELSE b

-----------------------------------------------------------------------------
(* The table *)

\* commit_update
CommitWrite(r, sig, loose, time) ==
    LET pace == Pace(r[1], time)
        \* The floor of a loose write is one slack lower, so it must not become the pace.
        sets == \/ ~loose /\ (r[2] = 0 \/ Bug = "tight_sets_pace_in_any_round")
                \/ loose /\ Bug = "loose_sets_pace"
    IN [op |-> "commit", at |-> Slot(r), digest |-> r[3],
        sig |-> IF Bug = "signature_not_stored" THEN 0 ELSE sig,
        floor |-> CASE Bug = "no_fence" -> NoFloor
                    [] Bug = "loose_without_bound" /\ loose -> NoFloor
                    [] OTHER -> IF loose THEN pace - Slack ELSE pace,
        sets |-> sets, pace |-> IF sets THEN pace ELSE 0]

\* arm_update, raise_update, until_update, from_update
OperatorWrite(c) ==
    LET pace == Pace(c.at[1], now)
    IN [op |-> c.op, at |-> c.at, digest |-> None, sig |-> 0,
        floor |-> IF c.op \in {"arm", "until"} \/ c.force THEN NoFloor ELSE pace - Slack,
        sets |-> TRUE, pace |-> pace]

\* `position_is_lower` and what variants make of it
SlotIsLower(w) ==
    CASE Bug = "level_alone" /\ w.op = "commit" -> row.at[1] < w.at[1]
      [] Bug = "round_ignored" /\ w.op = "commit" -> row.at[1] <= w.at[1]
      [] Bug = "not_strict" /\ w.op = "commit" -> ~Below(w.at, row.at)
      [] Bug \in {"equal_block_again", "equal_vote_again"} /\ w.op = "commit" ->
            Below(row.at, w.at) \/ (row.at = w.at /\ row.digest = w.digest)
      [] Bug = "raise_not_strict" /\ w.op = "raise" -> ~Below(w.at, row.at)
      [] Bug = "read_then_write" /\ w.op = "commit" -> TRUE
      [] OTHER -> Below(row.at, w.at)

\* The condition of a write.
Holds(w) ==
    CASE w.op = "arm" -> row = NoRow \/ Bug = "arm_overwrites"
      [] row = NoRow -> Bug = "creates_row" /\ w.op = "commit"
      [] w.op = "until" -> row.at[1] <= w.at[1] /\ row.until > w.at[1]
      [] w.op = "from" -> /\ row.pace >= w.floor
                          /\ Below(row.at, w.at) \/ (row.at = w.at /\ row.until # NoLimit)
                          /\ row.until = NoLimit \/ row.until <= w.at[1]
      [] OTHER -> /\ row.pace >= w.floor
                  /\ SlotIsLower(w)
                  /\ \/ w.op # "commit"
                     \/ row.until >= w.at[1]
                     \/ Bug = "commits_beyond_until"

\* The row after it.
Done(w) ==
    IF w.op = "until" THEN [row EXCEPT !.until = w.at[1]] ELSE
    [at |-> w.at, digest |-> w.digest, sig |-> w.sig,
     pace |-> IF w.sets THEN w.pace ELSE row.pace,
     base |-> IF w.op = "commit" THEN row.base ELSE w.pace,
     until |-> IF w.op = "from" THEN NoLimit ELSE row.until]

ApplyTo(w) ==
    /\ Holds(w)
    /\ row' = Done(w)

-----------------------------------------------------------------------------
(* The signer *)

\* LowerBound::seen
Seen(e, r) == warm' = [warm EXCEPT ![e] =
    IF Below(r.at, @.at) THEN @ ELSE [at |-> r.at, pace |-> r.pace]]

\* What makes a refusal right. What the environment that refuses may believe is not among it.
Cause(r, ahead) ==
    \/ row = NoRow
    \/ Below(Slot(r), row.at)
    \/ row.at = Slot(r) /\ row.digest # r[3]
    \/ row.at = Slot(r) /\ Damages /\ row.sig = 0
    \/ row.until < r[1]
    \/ ahead
Refuse(e, r, ahead) ==
    /\ env' = [env EXCEPT ![e] = Idle]
    /\ final' = [final EXCEPT ![r] =
        CASE ~Cause(r, ahead) -> "wronged" [] Live /\ @ = "open" -> "excused" [] OTHER -> @]

\* A trouble is spent, where they come to an end.
Trouble ==
    IF Live THEN troubles > 0 /\ troubles' = troubles - 1 ELSE UNCHANGED troubles

\* DynamoWatermarkStore::begin, aws::Operation::next. `self` is what the environment remembers of
\* its request; `dated` is `tried_loose_`. The promises alone read `passed` (something higher had
\* left when it began), `ahead` (it began ahead of the chain) and `told` (the table held it).
Send(e, self, sig, loose, time) ==
    LET w == CommitWrite(self.request, sig, loose, time)
    IN /\ writes' = writes \cup {w}
       /\ env' = [env EXCEPT ![e] = [phase |-> "asked", request |-> self.request, sig |-> sig,
            passed |-> self.passed, ahead |-> self.ahead, write |-> w, loose |-> loose,
            dated |-> self.dated]]

\* The first write of a request, by what the environment knows and its clock tells.
SendFirst(e, self, sig) ==
    LET time == now + clock[e]
        loose == /\ Fenced
                 /\ warm[e].at # Nowhere
                 /\ warm[e].pace < Pace(self.request[1], time)
    IN IF Bug = "read_then_write" /\ ~(row # NoRow /\ Below(row.at, Slot(self.request)))
       THEN Refuse(e, self.request, self.ahead) /\ UNCHANGED writes
       ELSE Send(e, self, sig, loose, time) /\ UNCHANGED final

\* What is asked: by bakers in time for their level, or cut off from the chain and in a later
\* round; by a thief, ahead of time, or again, at any time, what was signed before.
MayAsk(r) == Fenced => \/ r[1] >= now
                       \/ r[2] > 0
                       \/ ~Below(row.at, Slot(r))

\* sign, sign_vote, sign_block, LowerBound::refuses
Begin(e, r) ==
    LET self == [phase |-> "signing", request |-> r, dated |-> FALSE,
                 ahead |-> Fenced /\ r[1] > now,
                 passed |-> \E s \in released : Below(Slot(r), s.at)]
    IN /\ env[e] = Idle
       /\ MayAsk(r)
       /\ IF final[r] = "open" THEN UNCHANGED troubles ELSE Trouble
       /\ CASE \/ Below(Slot(r), warm[e].at)
               \/ Bug = "warm_refuses_equal" /\ Slot(r) = warm[e].at ->
                 Refuse(e, r, self.ahead) /\ UNCHANGED <<writes, warm>>
            [] Bug = "warm_approves" /\ Slot(r) = warm[e].at ->
                 /\ env' = [env EXCEPT ![e] = [phase |-> "committed", request |-> r, sig |-> 0,
                        passed |-> self.passed, told |-> FALSE]]
                 /\ UNCHANGED <<writes, warm, final>>
            [] Bug = "commit_before_signing" /\ Kind = "block" ->
                 SendFirst(e, self, 0) /\ UNCHANGED warm
            [] OTHER ->
                 /\ IF Kind = "block"
                    THEN env' = [env EXCEPT ![e] = self] /\ UNCHANGED <<writes, final>>
                    ELSE SendFirst(e, self, 0)
                 /\ IF Bug = "warm_from_request"
                    THEN warm' = [warm EXCEPT ![e].at = Slot(r)]
                    ELSE UNCHANGED warm
       /\ UNCHANGED <<row, clock, now, released>>

\* Every signature that KMS makes of a block is another one.
SignaturesOf(r) == Cardinality({w \in writes : w.at = Slot(r) /\ w.digest = r[3]})

\* KmsSigner::begin for a block, then its commit.
KmsSigns(e) ==
    /\ env[e].phase = "signing"
    /\ SignaturesOf(env[e].request) < MaxSigned
    /\ SendFirst(e, env[e], SignaturesOf(env[e].request) + 1)
    /\ UNCHANGED <<row, warm, clock, now, released, troubles>>

\* Chain::judge: the commit is confirmed, and `sig` is what may be released. The worlds with a
\* fence watch rows and refusals, and end here.
Confirm(e, sig, r) ==
    env' = [env EXCEPT ![e] = IF Fenced THEN Idle ELSE
        [phase |-> "committed", request |-> @.request, sig |-> sig, passed |-> @.passed,
         told |-> r.at = Slot(@.request) /\ r.digest = @.request[3]]]

\* The table answers the write that this environment waits for. CommitExchange::on_response
\* and verdict, compare, Chain::judge
Hear(e) ==
    LET self == env[e]
        r == self.request
        same == /\ row.at = Slot(r)
                /\ row.digest = r[3] \/ Bug = "digest_not_compared"
                /\ Bug # "equal_is_no_commit"
        fresh == \/ Kind = "vote"
                 \/ Bug = "own_signature"
                 \/ Bug = "missing_is_signed_again" /\ row.sig = 0
        byDate == Pace(r[1], IF Bug = "loose_by_local_clock" THEN now + clock[e] ELSE now)
        loosely == row.pace >= byDate - Slack \/ Bug = "loose_without_bound"
    IN /\ self.phase = "asked"
       /\ IF Holds(self.write)
          THEN /\ ApplyTo(self.write)
               /\ Confirm(e, self.sig, row')
               /\ Seen(e, row')
               /\ UNCHANGED <<writes, final>>
          ELSE /\ UNCHANGED row
               /\ CASE same /\ (fresh \/ row.sig # 0) ->
                         /\ Confirm(e, IF fresh THEN self.sig ELSE row.sig, row)
                         /\ Seen(e, row)
                         /\ UNCHANGED <<writes, final>>
                    [] /\ Fenced
                       /\ row # NoRow
                       /\ Below(row.at, Slot(r))
                       /\ row.until >= r[1]
                       /\ ~self.dated
                       /\ loosely ->
                         /\ Send(e, [self EXCEPT !.dated = TRUE], self.sig, TRUE,
                                 r[1] - byDate)
                         /\ UNCHANGED <<warm, final>>
                    [] OTHER ->
                         /\ Refuse(e, r, self.ahead)
                         /\ IF row = NoRow THEN UNCHANGED warm ELSE Seen(e, row)
                         /\ UNCHANGED writes
       /\ UNCHANGED <<clock, now, released, troubles>>

\* release: the signature leaves, whether the baker hears it or not.
Release(e) ==
    LET self == env[e]
        r == self.request
    IN /\ \/ self.phase = "committed"
          \/ self.phase = "asked" /\ Bug = "release_before_commit"
       /\ released' = released \cup {[at |-> Slot(r), digest |-> r[3], sig |-> self.sig,
            passed |-> self.passed,
            told |-> IF self.phase = "committed" THEN self.told ELSE FALSE]}
       /\ env' = [env EXCEPT ![e] = Idle]
       /\ \/ final' = [final EXCEPT ![r] = IF Live THEN "signed" ELSE @] /\ UNCHANGED troubles
          \/ Live /\ Trouble /\ UNCHANGED final
       /\ UNCHANGED <<row, writes, warm, clock, now>>

-----------------------------------------------------------------------------
(* The world *)

\* DynamoDB. Whatever was sent is applied, with nobody listening: a delayed or resent write, an
\* answer that was lost, the zombie of a killed environment.
Apply(w) ==
    /\ ApplyTo(w)
    /\ UNCHANGED <<writes, env, warm, clock, now, released, final, troubles>>

\* KMS fails. That of a vote is asked at the same time as the table, whose answer comes first here:
\* a failure before it differs in nothing from an answer that never came.
KmsFails(e) ==
    /\ env[e].phase = "signing" \/ (Kind = "vote" /\ env[e].phase = "committed")
    /\ Trouble
    /\ env' = [env EXCEPT ![e] = Idle]
    /\ UNCHANGED <<row, writes, warm, clock, now, released, final>>

\* No answer: the environment sends again, as of the time then, or answers 502.
\* aws::Operation::repeat
Unanswered(e) ==
    /\ env[e].phase = "asked"
    /\ Trouble
    /\ \/ env' = [env EXCEPT ![e] = Idle] /\ Bug # "unknown_is_commit" /\ UNCHANGED writes
       \/ Bug = "unknown_is_commit" /\ Confirm(e, env[e].sig, NoRow) /\ UNCHANGED writes
       \/ /\ Fenced /\ ~env[e].dated
          /\ Send(e, env[e], env[e].sig, env[e].loose, now + clock[e])
    /\ UNCHANGED <<row, warm, clock, now, released, final>>

\* Killed at any moment; what comes back is cold.
Crash(e) ==
    /\ Trouble
    /\ env' = [env EXCEPT ![e] = Idle]
    /\ warm' = [warm EXCEPT ![e] = Unseen]
    /\ UNCHANGED <<row, writes, clock, now, released, final>>

\* arm, raise, handover
Operate(c) ==
    /\ writes' = writes \cup {OperatorWrite(c)}
    /\ UNCHANGED <<row, env, warm, clock, now, released, final, troubles>>

Strip ==
    /\ Damages
    /\ row' = [row EXCEPT !.sig = 0]
    /\ UNCHANGED <<writes, env, warm, clock, now, released, final, troubles>>

\* One level a second, which is as fast as a chain can be. A baker asks in its level's
\* second, and is answered in it.
Tick ==
    /\ now < LastSecond
    /\ \A e \in Envs : env[e] # Idle =>
        LET r == env[e].request
        IN r[1] > now \/ r[2] > 0 \/ ~Below(row.at, Slot(r))
    /\ now' = now + 1
    /\ UNCHANGED <<row, writes, env, warm, clock, released, final, troubles>>

-----------------------------------------------------------------------------
Init ==
    /\ row = IF Armed THEN ArmedRow ELSE NoRow
    /\ writes = {}
    /\ env = [e \in Envs |-> Idle]
    /\ warm = [e \in Envs |-> Unseen]
    /\ clock \in Clocks
    /\ now = 0
    /\ released = {}
    /\ final = [r \in Requests |-> "open"]
    /\ troubles = MaxTroubles

Step(e) == (\E r \in Requests : Begin(e, r)) \/ KmsSigns(e) \/ Hear(e) \/ Release(e)
Fault(e) == KmsFails(e) \/ Unanswered(e) \/ Crash(e)
Next ==
    \/ \E e \in Envs : Step(e) \/ Fault(e)
    \/ \E w \in writes : Apply(w)
    \/ \E c \in Commands : Operate(c)
    \/ Strip
    \/ Tick

\* Fairness asks for little: as long as some environment can go on, some environment does.
Spec == Init /\ [][Next]_vars /\ WF_vars(\E e \in Envs : Step(e))

-----------------------------------------------------------------------------
(* The promises *)

OneDigest == \A a, b \in released : a.at = b.at => a.digest = b.digest
OneSignature == Kind = "block" =>
    \A a, b \in released : a.at = b.at /\ a.digest = b.digest => a.sig = b.sig
OnlyCommitted == \A s \in released : s.told
NeverPassed == \A s \in released : ~s.passed
OnlyArmCreates == row # NoRow => Armed \/ \E w \in writes : w.op = "arm"
FenceHolds == Fenced => \E e \in Envs :
    row.at[1] - now <= row.base + Slack + Max(0, clock[e])
RefusedForCause == \A r \in Requests : final[r] # "wronged"

\* A position never falls; the digest and signature of a slot never change.
RowsOnlyRise == [][\/ row = NoRow
                   \/ Below(row.at, row'.at)
                   \/ row' = [row EXCEPT !.until = row'.until]
                   \/ Damages /\ row' = [row EXCEPT !.sig = 0]]_row

\* Nothing is committed above a last level, which an operator alone lowers, or takes away once it
\* is passed.
LastLevelHolds == [][
    /\ (row'.at # row.at /\ row'.digest # None) => row'.at[1] <= row.until
    /\ row'.until < row.until => row'.at = row.at
    /\ row'.until > row.until => (row'.until = NoLimit /\ row'.at[1] >= row.until)]_row

\* Who repeats is answered: with a signature, or with a refusal for cause.
Answered == \A r \in Requests : <>[](final[r] \in {"signed", "excused"})

Alike == Permutations(Envs)

\* The writes that can still change the row: those of the past cannot, since slots only rise (in a
\* variant an equal one may). States that differ in no other write are one state.
Pending == {w \in writes : Below(row.at, w.at)}
View == <<row, Pending, IF Bug = "" THEN {} ELSE {w \in writes : w.at = row.at},
          env, warm, clock, now, released, final>>
FewPending == Cardinality(Pending) <= MaxPending
=============================================================================
