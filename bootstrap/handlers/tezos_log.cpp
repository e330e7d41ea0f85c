// SPDX-License-Identifier: Apache-2.0
#include "handlers/tezos_log.hpp"

#include <algorithm>
#include <array>

#include <redoubt/base/encoding.hpp>

#include "log/line.hpp"

namespace redoubt::bootstrap {
namespace {

constexpr std::array<Metric, 15> metrics = {{
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
void add_audit(Json& fields, const tezos::SigningTrace& trace, bool is_released, bool is_block) {
    if (!trace.digest) return;
    fields["digest"] = to_hex(*trace.digest);
    if (is_released) fields["release"] = source(trace, is_block);
    if (!trace.signer.answer.empty()) fields["kms_request_id"] = trace.signer.answer.text();
    for (const io::AnswerId& id : trace.signer.others) {
        fields["kms_request_ids"].push_back(id.text());
    }
}

/// Of a request that was authenticated.
void add_signing(Json& fields, const tezos::SigningTrace& trace,
                 const std::optional<Error>& error) {
    const io::CallStats& kms = trace.signer;
    const io::CallStats& table = trace.table;
    const bool is_block = trace.message && trace.message->kind == tezos::ConsensusKind::Block;
    fields["authorized_key"] = trace.authorized_key;
    fields["authentication_ms"] = log_ms(*trace.authentication);
    fields["kms_ms"] = log_ms(kms.spent);
    fields["table_ms"] = log_ms(table.spent);
    fields["votes"] = int{!error && !is_block};
    fields["blocks"] = int{!error && is_block};
    fields["sign_attempts"] = kms.calls;
    fields["table_calls"] = table.calls;
    fields["retries"] = calls_beyond_one(kms) + calls_beyond_one(table);
    fields["throttles"] = kms.throttles + table.throttles;
    fields["upstream_errors"] = kms.failures.size() + table.failures.size();
    fields["conflicts"] = int{error && error->code == Code::AlreadySigned};
    fields["watermark_refusals"] = int{error && is_refusal_by_the_watermark(error->code)};
    if (trace.ahead) fields["ahead_ms"] = trace.ahead->count();
    add_audit(fields, trace, !error, is_block);
    for (const io::CallStats* stats : {&kms, &table}) {
        for (const std::string& code : stats->failures) fields["upstream_codes"].push_back(code);
    }
}

}  // namespace

Json log_fields(const tezos::RequestTrace& trace, int status, const std::optional<Error>& error) {
    Json fields = {{"route", trace.route}, {"status", status}};
    if (!trace.address.empty()) fields["pkh"] = trace.address;
    if (const auto& message = trace.signing.message) {
        fields["kind"] = tezos::name(message->kind);
        fields["chain"] = tezos::to_text(message->chain);
        fields["block_level"] = message->at.level.value();
        fields["round"] = message->at.round.value();
    }
    if (trace.signing.authentication) add_signing(fields, trace.signing, error);
    return fields;
}

std::span<const Metric> signer_metrics() { return metrics; }

}  // namespace redoubt::bootstrap
