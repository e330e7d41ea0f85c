# SPDX-License-Identifier: Apache-2.0
"""Bugs in when a sealed key is opened, and in what an open key is used for."""

from mutation.bug import SIMULATION, UNIT, Mutant, system

SIGN = "src/tezos/sign.cpp"
KEYS = "src/adapters/tezos/sealed_keys.cpp"
SIGNER = "src/adapters/tezos/bls_signer.cpp"
UNSEALING = "src/adapters/sealed/unsealing.cpp"
ROUND = "src/adapters/sealed/wrap_round.cpp"

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
    Mutant("passing_trouble_is_remembered", UNSEALING, "code == Code::WrapUnavailable || ", "",
           SIMULATION),
    Mutant("refused_for_ever", KEYS,
           "if (sealed_adapters::may_try_again(entry.refused_at, now())) open(",
           "if (!entry.refused_at) open(", SIMULATION),
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
    Mutant("one_expired_answer_ends_all", ROUND,
           "if (!opened && expired)", "if (expired)", UNIT),
    Mutant("rest_is_waited_for_whatever_came", ROUND,
           "return enough_since_ ? *enough_since_ + time_for_the_rest : SteadyTime::max();",
           "return SteadyTime::max();", UNIT),
    Mutant("rest_is_not_waited_for", "src/adapters/sealed/wrap_round.hpp",
           "time_for_the_rest{500}", "time_for_the_rest{0}", UNIT),
    Mutant("many_shares_are_enough", ROUND,
           "return sealed::open(wrap_, std::move(shares)).has_value();", "return true;", UNIT),
    Mutant("given_up_call_goes_on", "src/http/client.cpp",
           "if (!lane.finished() && now >= lane.exchange->give_up_at()) abandon(lane);\n", "\n",
           UNIT),
    Mutant("given_up_call_is_seen_late", "src/http/client.cpp",
           "if (!lane.finished()) turn = std::min(turn, lane.exchange->give_up_at());\n", "\n",
           UNIT),
    Mutant("nothing_is_opened_ahead", "src/http/client.cpp",
           "connections_.open_ahead(std::exchange(expected_, {}));\n", "\n", UNIT),
    Mutant("one_connection_is_enough_ahead", "src/http/connections.cpp",
           "if (count_kept(origin) < std::ranges::count(origins, origin)) keep(open(origin));",
           "if (count_kept(origin) == 0) keep(open(origin));", UNIT),
    Mutant("wrap_is_read_later", "src/adapters/tezos/unsealing.cpp",
           "out.wraps.emplace(wraps[i].text(), (*items)[keys.size() + i]);", "", UNIT),
    Mutant("unread_wrap_closes_all", UNSEALING,
           "item == read.end() ?", "item == read.end() || error ?", UNIT),
    Mutant("new_wrap_has_any_name", "src/operator/tezos/create_key.cpp",
           "sealed::WrapId::made_for(secrets.front().public_key().encoded());",
           "sealed::WrapId::make();", UNIT),
    Mutant("kms_is_not_expected", "src/adapters/tezos/unsealing.cpp",
           "    sealed_adapters::expect_kms(sources);\n", "", UNIT),
    Mutant("altered_wrap_asks_kms", UNSEALING,
           "if (auto error = sealed::refuse_altered(*wrap))",
           "if (auto error = sealed::refuse_altered(*wrap); error && error->message.empty())",
           UNIT),
    Mutant("false_answer_closes_a_key", UNSEALING,
           "if (!opened && !is_last && round.was_answered()) {",
           "if (!opened && !is_last && id.empty()) {", UNIT),
    Mutant("lost_share_is_told_to_nobody", UNSEALING,
           "std::ranges::copy(wrap->missing, std::back_inserter(missing_shares));", "", UNIT),
    Mutant("why_a_key_is_closed_is_for_everybody", SIGNER, "return fail(secret.error().code,",
           "return fail(secret.error().code, secret.error().message +", UNIT),
    Mutant("warm_process_leaves_a_key_closed", "bootstrap/handlers/tezos_signer.cpp",
           "sealed_->open(deadline);  // what was closed until now, before somebody needs it", "",
           system("system/test_sealed_commands.py")),
    Mutant("secret_that_was_not_sent_stays", "src/http/client.cpp",
           "if (lane.next) wipe(lane.next->request.body);", "", UNIT),
)  # fmt: skip
