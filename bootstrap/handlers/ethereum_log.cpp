// SPDX-License-Identifier: Apache-2.0
#include "handlers/ethereum_log.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include <redoubt/base/encoding.hpp>

namespace redoubt::bootstrap {
namespace {

constexpr std::array<Metric, 14> ethereum_metrics = {{
    {"ms", "Milliseconds"},
    {"cold_starts", "Count"},
    {"errors", "Count"},
    {"table_ms", "Milliseconds"},
    {"sign_ms", "Milliseconds"},
    {"attestations", "Count"},
    {"blocks", "Count"},
    {"other_signatures", "Count"},
    {"retries", "Count"},
    {"throttles", "Count"},
    {"upstream_errors", "Count"},
    {"slashable_refusals", "Count"},
    {"tokens_refused", "Count"},
    {"refused_ahead", "Count"},
}};

bool is_slashable_refusal(Code code) {
    return code == Code::BelowWatermark || code == Code::AlreadySigned;
}

/// Of somebody who has a token, or says so: whoever has none is anybody.
bool is_token_refusal(Code code) {
    return code == Code::TokenInvalid || code == Code::NotPermitted;
}

void add_duty(LogFields& fields, const ethereum::BlockDuty& duty) {
    fields.add_natural("slot", duty.slot.value());
}
void add_duty(LogFields& fields, const ethereum::AttestationDuty& duty) {
    fields.add_natural("slot", duty.slot.value());
    fields.add_natural("source", duty.source.value());
    fields.add_natural("target", duty.target.value());
}
void add_duty(LogFields& fields, const ethereum::OtherDuty& duty) {
    if (duty.slot) fields.add_natural("slot", duty.slot->value());
    if (duty.epoch) fields.add_natural("epoch", duty.epoch->value());
}

/// Of a request to sign a message that could be read.
void add_signing(LogFields& fields, const ethereum::SigningTrace& trace,
                 const std::optional<Error>& error) {
    const bool is_signed = !error;
    const bool is_vote = trace.type == ethereum::MessageType::Attestation;
    const bool is_block = trace.type == ethereum::MessageType::Block;
    fields.add("type", access::name(*trace.type))
        .add_number("attestations", int{is_signed && is_vote})
        .add_number("blocks", int{is_signed && is_block})
        .add_number("other_signatures", int{is_signed && !is_vote && !is_block})
        .add_number("slashable_refusals", int{error && is_slashable_refusal(error->code)})
        .add_number("refused_ahead", int{error && error->code == Code::TooFarAhead});
    if (trace.duty) {
        std::visit([&fields](const auto& duty) { add_duty(fields, duty); }, *trace.duty);
    }
    if (trace.root) fields.add("root", to_hex(*trace.root));
    const io::CallStats& table = trace.table;
    if (table.calls > 0) {
        fields.add_ms("table_ms", table.spent)
            .add_number("table_calls", table.calls)
            .add_number("retries", std::max(table.calls - 1, 0))
            .add_number("throttles", table.throttles)
            .add_number("upstream_errors", std::ssize(table.failures));
        if (!table.failures.empty()) fields.add_json("upstream_codes", table.failures);
    }
    fields.add_flag("key_was_open", trace.was_open);
    if (trace.signer.computed) fields.add_ms("sign_ms", *trace.signer.computed);
}

}  // namespace

LogFields log_fields(const ethereum::RequestTrace& trace, int status,
                     const std::optional<Error>& error) {
    LogFields fields;
    fields.add("route", trace.route).add_number("status", status);
    fields.add_number("tokens_refused", int{error && is_token_refusal(error->code)});
    if (!trace.caller.empty()) fields.add("caller", trace.caller);
    if (!trace.key.empty()) fields.add("key", trace.key);
    if (trace.signing.type) add_signing(fields, trace.signing, error);
    return fields;
}

std::span<const Metric> ethereum_signer_metrics() { return ethereum_metrics; }

}  // namespace redoubt::bootstrap
