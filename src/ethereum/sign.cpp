// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/sign.hpp>

#include <algorithm>
#include <array>

#include <redoubt/base/text.hpp>
#include <redoubt/ethereum/time_bounds.hpp>

namespace redoubt::ethereum {
namespace {

/// A request that nothing speaks against until here.
struct SigningJob {
    PublicKey key;
    MessageType type{};
    SigningRequest request;
    access::TagCondition tags;
};

template <class... Pending>
void run(const Ports& ports, SteadyTime deadline, Pending&... pending) {
    const std::array<io::Exchange*, sizeof...(pending)> exchanges = {&pending.exchange()...};
    ports.runner.run(exchanges, deadline);
}

std::unexpected<Error> not_permitted(std::string what) {
    return fail(Code::NotPermitted, "this caller's rights do not name " + std::move(what));
}

/// Who may use tagged keys only is told no more of it than of a key that is not theirs.
Error not_a_key(const access::TagCondition& tags) {
    if (!tags.any_of.empty()) return not_permitted_key();
    return {Code::UnknownKey, "the last part of the path is not a public key in hex"};
}

/// Checks all that needs no look at the key.
Result<SigningJob> take_job(const SignCommand& command, const SignRules& rules, const Ports& ports,
                            SteadyTime deadline, SigningTrace& trace) {
    const PublicKey key = command.key.value_or(PublicKey());
    auto parsed = parse_signing_request(command.body, {rules.network, key, rules.gloas_draft});
    if (!parsed) return std::unexpected(parsed.error());
    const MessageType type = parsed->type;
    trace.type = type;
    if (!command.caller.may(type)) {
        return not_permitted("messages of type " + std::string(name(type)));
    }
    auto tags = command.caller.may_use(key.text());
    if (!tags) return std::unexpected(not_permitted_key());
    if (!command.key) return std::unexpected(not_a_key(*tags));
    if (!parsed->request) return std::unexpected(parsed->request.error());
    trace.duty = parsed->request->duty;
    trace.root = parsed->request->signing_root;
    if (auto wrong = ports.store.judge_network(deadline)) return std::unexpected(std::move(*wrong));
    if (auto ahead = refuse_ahead(type, parsed->request->duty, rules.network, ports.now())) {
        return std::unexpected(std::move(*ahead));
    }
    return SigningJob{key, type, *parsed->request, std::move(*tags)};
}

Result<UnreleasedSignature> sign_now(const SigningJob& job, const Ports& ports, SteadyTime deadline,
                                     SigningTrace& trace) {
    if (auto closed = ports.signer.open(job.key, deadline)) {
        return std::unexpected(std::move(*closed));
    }
    const auto signing = ports.signer.begin(job.key, job.request.signing_root);
    run(ports, deadline, *signing);
    trace.signer = signing->exchange().stats();
    return signing->outcome();
}

/// Committing before it is known to be signed is harmless: the same root may be signed again.
Result<Signature> sign_slashable(const SigningJob& job, Proposal proposal, const Ports& ports,
                                 SteadyTime deadline, SigningTrace& trace) {
    const auto commit = ports.store.begin(std::move(proposal));
    trace.was_open = ports.signer.is_open(job.key);
    std::unique_ptr<PendingSignature> signing;
    if (trace.was_open) {
        signing = ports.signer.begin(job.key, job.request.signing_root);
        run(ports, deadline, *commit, *signing);
        trace.signer = signing->exchange().stats();
    } else {
        run(ports, deadline, *commit);
    }
    trace.table = commit->exchange().stats();
    auto committed = commit->outcome();
    if (!committed) return std::unexpected(committed.error());
    auto fresh = signing ? signing->outcome() : sign_now(job, ports, deadline, trace);
    if (!fresh) return std::unexpected(fresh.error());
    return release(std::move(*committed), std::move(*fresh));
}

/// Whether the row allows what needs no commit.
std::optional<Error> refuse_other(const SigningJob& job, const OtherDuty& duty,
                                  const std::optional<ValidatorRow>& row) {
    if (!row) return no_such_key(job.tags);
    if (!job.tags.holds(row->tags)) return not_permitted_key();
    if (!row->is_on) return key_disabled();
    if (!duty.fee_recipient) return std::nullopt;
    const std::string recipient = prefixed_hex(duty.fee_recipient->bytes);
    const auto is_it = [&](const std::string& given) { return lower_case(given) == recipient; };
    if (std::ranges::any_of(row->fee, is_it)) return std::nullopt;
    return Error{Code::NotPermitted, "payments of this key do not go to " + recipient +
                                         ": `set_fee` says where they may go"};
}

Result<Signature> sign_other(const SigningJob& job, const OtherDuty& duty, const Ports& ports,
                             SteadyTime deadline, SigningTrace& trace) {
    // An exit is for ever.
    const Freshness freshness =
        job.type == MessageType::VoluntaryExit ? Freshness::Now : Freshness::AMinute;
    auto [row, stats] = ports.store.read(job.key, freshness, deadline);
    trace.table = std::move(stats);
    if (!row) return std::unexpected(std::move(row.error()));
    if (auto refused = refuse_other(job, duty, *row)) return std::unexpected(std::move(*refused));
    trace.was_open = ports.signer.is_open(job.key);
    auto fresh = sign_now(job, ports, deadline, trace);
    if (!fresh) return std::unexpected(fresh.error());
    return release(commit_nothing(job.request.not_slashable.value()), std::move(*fresh));
}

Result<Signature> sign_job(const SigningJob& job, const SignRules& rules, const Ports& ports,
                           SteadyTime deadline, SigningTrace& trace) {
    if (const auto* other = std::get_if<OtherDuty>(&job.request.duty)) {
        return sign_other(job, *other, ports, deadline, trace);
    }
    if (const auto* block = std::get_if<BlockDuty>(&job.request.duty)) {
        const Epoch epoch = epoch_of(rules.network, block->slot);
        return sign_slashable(job, {job.key, *block, job.request.signing_root, epoch, job.tags},
                              ports, deadline, trace);
    }
    const auto& vote = std::get<AttestationDuty>(job.request.duty);
    if (auto backwards = refuse_backwards(vote)) return std::unexpected(std::move(*backwards));
    return sign_slashable(job, {job.key, vote, job.request.signing_root, vote.target, job.tags},
                          ports, deadline, trace);
}

}  // namespace

SignOutcome sign(const SignCommand& command, const SignRules& rules, const Ports& ports,
                 SteadyTime deadline) {
    SigningTrace trace;
    const auto job = take_job(command, rules, ports, deadline, trace);
    if (!job) return {std::unexpected(job.error()), std::move(trace)};
    auto signature = sign_job(*job, rules, ports, deadline, trace);
    return {std::move(signature), std::move(trace)};
}

}  // namespace redoubt::ethereum
