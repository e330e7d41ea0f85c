# SPDX-License-Identifier: Apache-2.0
"""Bugs in when a sealed key is opened, and in what an open key is used for."""

from mutation.bug import SIMULATION, UNIT, Mutant

SIGN = "src/tezos/sign.cpp"
KEYS = "src/adapters/tezos/sealed_keys.cpp"
SIGNER = "src/adapters/tezos/bls_signer.cpp"

COMMITTED_FIRST = """if (message->kind != ConsensusKind::Block) {
        const auto early = ports.store.begin({key, position, job.message, std::nullopt});
        run(ports, deadline, *early);
    }
    if (const auto not_ready = ports.signer.prepare("""

MUTANTS = (
    Mutant("committed_before_the_key_is_open", SIGN,
           "if (const auto not_ready = ports.signer.prepare(", COMMITTED_FIRST, SIMULATION),
    Mutant("secret_of_another_key", KEYS,
           "return *std::ranges::find(entries_, key.hash, [](const Entry& one) "
           "{ return one.key.hash; });",
           "return entries_.at(key.hash == entries_.front().key.hash ? 0 : entries_.size() - 2);",
           SIMULATION),
    Mutant("passing_trouble_is_remembered", KEYS, "code == Code::WrapUnavailable || ", "",
           SIMULATION),
    Mutant("refused_for_ever", KEYS, "clock_.steady() + pause_after_refusal",
           "SteadyTime::max()", SIMULATION),
    Mutant("gives_up_what_is_unprocessed", "src/aws/dynamodb/batch_get.cpp",
           "constexpr int most_in_vain = 6;", "constexpr int most_in_vain = 1;", SIMULATION),
    Mutant("digest_signed_by_bls", SIGNER,
           "key_.public_key, message_, secret_->sign(message_.bytes, Domain::Message));",
           "key_.public_key, message_, secret_->sign(message_.digest, Domain::Message));",
           SIMULATION),
    Mutant("arithmetic_told_as_time_of_kms", SIGNER,
           "stats.computed = computed_;", "stats.spent = computed_.value_or(stats.spent);", UNIT),
    Mutant("arithmetic_is_a_metric", "bootstrap/handlers/tezos_log.cpp",
           'fields.add_ms("sign_ms", *kms.computed)', 'fields.add_ms("ms", *kms.computed)', UNIT),
    Mutant("one_expired_answer_ends_all", "src/adapters/sealed/unsealing.cpp",
           "if (!opened && expired)", "if (expired)", UNIT),
)  # fmt: skip
