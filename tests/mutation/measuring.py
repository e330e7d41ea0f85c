# SPDX-License-Identifier: Apache-2.0
"""Bugs in what judges the measurements, and in what the documents say of them."""

from mutation.bug import Mutant, pytest

BUDGET = pytest("scripts/test_budget.py")
FIGURES = pytest("scripts/test_figures.py")
DOCUMENTS = pytest("scripts/test_documents.py")
SECTIONS = pytest("scripts/test_sections.py")

MUTANTS = (
    Mutant("noisy_machine_judged", "bench/budget.py",
           "not self.noise.median <= QUIET_MS", "not self.noise.low <= QUIET_MS", BUDGET),
    Mutant("excused_by_noise_that_moves_nothing", "bench/budget.py",
           "if is_noisy and not (is_within and self.line.noise_only_adds):",
           "if is_noisy and self.line.noise_only_adds:", BUDGET),
    Mutant("best_run_counts", "bench/budget.py",
           "is_within = self.seen.median <= self.line.limit",
           "is_within = self.seen.low <= self.line.limit", BUDGET),
    Mutant("slow_floor_excuses_a_slow_answer", "bench/figures.py",
           'wait(floor_of(case, run["ms"]), "p50")(run)',
           'wait(floor_of(case, run["ms"]), percent)(run)', FIGURES),
    Mutant("what_is_signed_here_is_compared_with_a_wait_for_kms", "bench/figures.py",
           'if "floor/table" in cases:', 'if "floor/table" in case:', FIGURES),
    Mutant("start_of_sealed_keys_is_allowed_two_rounds_of_kms", "bench/budget.py",
           'starts["sealed keys"]["exec_to_next"] - KMS_MS - DYNAMODB_MS',
           'starts["sealed keys"]["exec_to_next"] - 2 * KMS_MS - DYNAMODB_MS', BUDGET),
    Mutant("few_keys_are_listed_like_many", "bench/budget.py",
           'keys["listed"]["ms"]["p50"] * 10_000 / keys["listed"]["keys"]',
           'keys["listed"]["ms"]["p50"]', BUDGET),
    Mutant("processor_time_of_the_floor_is_ours", "bench/figures.py",
           'return processor_ms(kind, "post")(run) - processor_ms(floor, "post")(run)',
           'return processor_ms(kind, "post")(run)', FIGURES),
    Mutant("time_of_the_stand_ins_is_ours", "bench/ethereum.py",
           'processors * seen["took_ms"] - seen["standins_ms"]',
           'processors * seen["took_ms"]', SECTIONS),
    Mutant("what_the_usual_burst_answered_is_all", "bench/ethereum.py",
           'sum(burst["unanswered"] for burst in bursts)', 'usual["unanswered"]', SECTIONS),
    Mutant("figure_typed_by_hand", "bench/documents.py",
           "        if right != text:", "        if len(right) > len(text):", DOCUMENTS),
)  # fmt: skip
