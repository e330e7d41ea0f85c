// SPDX-License-Identifier: Apache-2.0
#include "handlers/tezos_log.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include <redoubt/base/encoding.hpp>

namespace redoubt::bootstrap {
namespace {

constexpr std::array<Metric, 15> tezos_metrics = {{
    {"ms", "Milliseconds"},
    {"cold_starts", "Count"},
    {"errors", "Count"},
    {"authentication_ms", "Milliseconds"},
    {"kms_ms", "Milliseconds"},
    {"table_ms", "Milliseconds"},
    {"votes", "Count"},
    {"blocks", "Count"},
    {"sign_attempts", "Count"},
    {"retries", "Count"},
    {"throttles", "Count"},
    {"upstream_errors", "Count"},
    {"conflicts", "Count"},
    {"watermark_refusals", "Count"},
    {"ahead_ms", "Milliseconds"},
}};

bool is_refusal_by_the_watermark(Code code) {
    const Actor actor = info(code).actor;
    return actor == Actor::Nobody || actor == Actor::OperatorArms;
}

int calls_beyond_one(const io::CallStats& stats) { return std::max(stats.calls - 1, 0); }

/// Where a signature that was released comes from. Nothing was written for one whose digest the
/// row held already: of a block the row has the signature, a vote was signed again.
std::string_view source(const tezos::SigningTrace& trace, bool is_block) {
    if (trace.ahead) return "fresh";
    return is_block ? "stored" : "repeated";
}

/// What an auditor compares with KMS's own records.
void add_audit(LogFields& fields, const tezos::SigningTrace& trace, bool is_released,
               bool is_block) {
    if (!trace.digest) return;
    fields.add("digest", to_hex(*trace.digest));
    if (is_released) fields.add("release", source(trace, is_block));
    if (!trace.signer.answer.empty()) fields.add("kms_request_id", trace.signer.answer.text());
    if (trace.signer.others.empty()) return;
    Json ids = Json::array();
    for (const io::AnswerId& id : trace.signer.others) ids.push_back(id.text());
    fields.add_json("kms_request_ids", ids);
}

/// Of a request that was authenticated.
void add_signing(LogFields& fields, const tezos::SigningTrace& trace,
                 const std::optional<Error>& error) {
    const io::CallStats& kms = trace.signer;
    const io::CallStats& table = trace.table;
    const bool is_block = trace.message && trace.message->kind == tezos::ConsensusKind::Block;
    std::vector<std::string> failures = kms.failures;
    failures.insert(failures.end(), table.failures.begin(), table.failures.end());
    fields.add("authorized_key", trace.authorized_key)
        .add_ms("authentication_ms", *trace.authentication)
        .add_ms("kms_ms", kms.spent)
        .add_ms("table_ms", table.spent)
        .add_number("votes", int{!error && !is_block})
        .add_number("blocks", int{!error && is_block})
        .add_number("sign_attempts", kms.calls)
        .add_number("table_calls", table.calls)
        .add_number("retries", calls_beyond_one(kms) + calls_beyond_one(table))
        .add_number("throttles", kms.throttles + table.throttles)
        .add_number("upstream_errors", std::ssize(failures))
        .add_number("conflicts", int{error && error->code == Code::AlreadySigned})
        .add_number("watermark_refusals", int{error && is_refusal_by_the_watermark(error->code)});
    if (kms.computed) fields.add_ms("sign_ms", *kms.computed);
    if (trace.ahead) fields.add_number("ahead_ms", trace.ahead->count());
    if (!failures.empty()) fields.add_json("upstream_codes", failures);
    add_audit(fields, trace, !error, is_block);
}

}  // namespace

LogFields log_fields(const tezos::RequestTrace& trace, int status,
                     const std::optional<Error>& error) {
    LogFields fields;
    fields.add("route", trace.route).add_number("status", status);
    if (!trace.address.empty()) fields.add("pkh", trace.address);
    if (const auto& message = trace.signing.message) {
        fields.add("kind", tezos::name(message->kind))
            .add("chain", tezos::to_text(message->chain))
            .add_number("block_level", message->at.level.value())
            .add_number("round", message->at.round.value());
    }
    if (trace.signing.authentication) add_signing(fields, trace.signing, error);
    return fields;
}

std::span<const Metric> signer_metrics() { return tezos_metrics; }

}  // namespace redoubt::bootstrap
