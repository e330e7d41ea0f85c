# SPDX-License-Identifier: Apache-2.0
"""Bugs in how the two services are called, and in what is believed of their answers."""

from mutation.bug import EXHAUSTION, SIMULATION, UNIT, Mutant

HTTP = "src/http"
KMS = "src/aws/kms/kms.cpp"
CODES = "src/aws/error_code.cpp"

MUTANTS = (
    # the two services
    Mutant("one_try_only", "src/aws/operation.cpp", "constexpr int max_tries = 3;",
           "constexpr int max_tries = 1;", SIMULATION),
    Mutant("checksum_not_compared", "src/aws/operation.cpp",
           "if (!is_intact(response)) return std::nullopt;",
           "if (!is_intact(response) && response.status == 0) return std::nullopt;", UNIT),
    Mutant("expired_credentials_kept", "src/aws/operation.cpp",
           "if (remedy == Remedy::FreshCredentials) {",
           "if (remedy == Remedy::FreshCredentials && reason.empty()) {", UNIT),
    Mutant("strange_credentials_kept", CODES,
           'KnownCode{"UnrecognizedClientException", Remedy::FreshCredentials},',
           'KnownCode{"UnrecognizedClientException", Remedy::None},', UNIT),
    Mutant("code_in_the_header_not_read", CODES,
           'code_in(http::header(response, "x-amzn-errortype"), credentials)', "{}", UNIT),
    Mutant("words_of_aws_kept", CODES,
           "if (repeats_request(*message, credentials)) {",
           "if (repeats_request(*message, credentials) && message->empty()) {", UNIT),
    Mutant("token_in_part_kept", CODES,
           "constexpr std::size_t telling_part = 16;", "constexpr std::size_t telling_part = 99;",
           UNIT),
    Mutant("key_of_yesterday", "src/aws/service.cpp",
           "signing_key_->day != day", "signing_key_->day < day", UNIT),
    Mutant("hedge_after_a_throttle", "src/aws/operation.cpp",
           "service_.hedging().throttled(service_.clock().steady());", "", UNIT),
    Mutant("silence_of_who_was_not_asked", "src/aws/operation.cpp",
           "if (stats_.calls == 0) return", "if (stats_.calls < 0) return", UNIT),
    Mutant("clock_not_corrected", "src/aws/service.cpp",
           "std::chrono::abs(measured_) > tolerated_ ? measured_ : Milliseconds(0)",
           "std::chrono::abs(measured_) > tolerated_ ? Milliseconds(0) : Milliseconds(0)",
           UNIT),
    Mutant("high_s_kept", KMS, "return crypto::with_low_s(scheme, *parsed);",
           "return *parsed;", EXHAUSTION),
    Mutant("other_key_of_kms_believed", KMS,
           'if (!has(reply.body, "KeyId", key.text) ||\n'
           '        !has(reply.body, "SigningAlgorithm", algorithm(scheme))) {',
           'if (!has(reply.body, "SigningAlgorithm", algorithm(scheme))) {', UNIT),
    Mutant("signature_of_any_size", "src/crypto/public_key.cpp",
           "if (signature.size() != signature_size(scheme_)) return false;",
           "if (signature.size() < 32) return false;", UNIT),
    # the exchange with them
    Mutant("half_an_answer_asked_for_again", f"{HTTP}/transfer.cpp",
           "is_kept_ && !is_answered_", "is_kept_", UNIT),
    Mutant("call_sent_again_not_counted", f"{HTTP}/transfer.cpp",
           "has_left_ = false;\n", "has_left_ = true;\n", UNIT),
    Mutant("ended_connection_used", f"{HTTP}/connection.cpp",
           "return !count && count.error() == CURLE_AGAIN;", "return true;", UNIT),
    Mutant("slow_call_heard_too", f"{HTTP}/client.cpp",
           "    give_up(lane);\n    lane.exchange->on_response(answer);",
           "    lane.exchange->on_response(answer);", UNIT),
    Mutant("late_before_looked_at", f"{HTTP}/client.cpp",
           "        collect(lanes);\n        const SteadyTime now = clock_.steady();",
           "        const SteadyTime now = clock_.steady();", UNIT),
    Mutant("call_never_times_out", f"{HTTP}/client.cpp",
           "if (now < lane.transfers[i]->deadline()) {",
           "if (now < lane.transfers[i]->deadline() + std::chrono::hours(1)) {", UNIT),
    Mutant("connection_used_after_the_limit", f"{HTTP}/connections.cpp",
           "idle + from_now <= settings_.idle_limit",
           "idle + from_now <= settings_.idle_limit + std::chrono::seconds(5)", UNIT),
    Mutant("hedged_without_bounds", "src/aws/hedging.cpp", "budget_ -= 1;", "budget_ -= 0;", UNIT),
    Mutant("local_work_holds_up_the_calls", f"{HTTP}/client.cpp",
           "if (!is_computed && !std::ranges::any_of(lanes, &Lane::is_sending)) {",
           "if (!is_computed) {", UNIT),
)  # fmt: skip
