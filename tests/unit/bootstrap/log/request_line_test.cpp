// SPDX-License-Identifier: Apache-2.0
#include "log/request_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <fakes/fake_clock.hpp>
#include <fakes/messages.hpp>
#include "handlers/tezos_log.hpp"

namespace redoubt::test {
namespace {

using bootstrap::log_fields;
using bootstrap::RequestLog;
using Names = std::set<std::string>;

const FakeClock clock_of_tests;
const lambda::Invocation invocation{.request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                                    .invocation_id = {},
                                    .trace_id = "Root=1-5759e988-bd862e3fe1be46a994272793",
                                    .deadline = {},
                                    .event = {}};

const Names of_every_request = {"ms", "cold_starts", "errors"};
const Names of_a_signing_request = {"ms",
                                    "cold_starts",
                                    "errors",
                                    "kms_ms",
                                    "authentication_ms",
                                    "table_ms",
                                    "votes",
                                    "blocks",
                                    "sign_attempts",
                                    "retries",
                                    "throttles",
                                    "upstream_errors",
                                    "conflicts",
                                    "watermark_refusals"};

/// What was recorded of a message that was authenticated and signed at the first try.
tezos::RequestTrace signed_at_once(const Bytes& payload) {
    tezos::RequestTrace trace;
    trace.route = "POST /keys";
    trace.address = "tz2TSvNTh2epDMhZHrw73nV9piBX7kLZ9K9m";
    trace.signing.authentication = std::chrono::microseconds(150);
    trace.signing.authorized_key = "tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjb";
    trace.signing.message =
        tezos::parse_payload(payload, tezos::SignatureScheme::Secp256k1).value();
    trace.signing.signer = {std::chrono::microseconds(12'500), 1};
    trace.signing.table = {std::chrono::microseconds(4'250), 1};
    trace.signing.ahead = Milliseconds(0);
    return trace;
}

std::string line_of(const tezos::RequestTrace& trace, std::optional<Error> error = std::nullopt,
                    const std::string& function = "redoubt-signer", bool cold = false) {
    return RequestLog(clock_of_tests, function, bootstrap::signer_metrics())
        .line(invocation, log_fields(trace, 200, error), error, std::chrono::microseconds(13'700),
              cold);
}

Json parsed(const std::string& line) {
    EXPECT_LT(line.size(), 2048U) << line;
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    EXPECT_EQ(line.back(), '\n');
    return parse_json(line).value();  // no member twice
}

/// The metrics that a line declares, each of which it must have as a number.
Names metrics_of(const Json& line) {
    Names names;
    for (const Json& metric : line["_aws"]["CloudWatchMetrics"][0]["Metrics"]) {
        const std::string name = metric["Name"];
        EXPECT_EQ(metric["Unit"], name.ends_with("ms") ? "Milliseconds" : "Count");
        EXPECT_TRUE(line.at(name).is_number()) << name;
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    return names;
}

Names with(Names names, const std::string& name) {
    names.insert(name);
    return names;
}

TEST(RequestLog, OfASignatureIsWhatCloudWatchReads) {
    const Json line = parsed(line_of(signed_at_once(to_bytes(Vote{.level = 7, .round = 1}))));
    EXPECT_EQ(metrics_of(line), with(of_a_signing_request, "ahead_ms"));
    Json rest = line;
    rest["_aws"]["CloudWatchMetrics"][0].erase("Metrics");
    EXPECT_EQ(rest, (Json{{"_aws",
                           {{"Timestamp", unix_ms(some_morning)},
                            {"CloudWatchMetrics",
                             {{{"Namespace", "Redoubt"},
                               {"Dimensions", Json::array({Json::array({"function"})})}}}}}},
                          {"function", "redoubt-signer"},
                          {"timestamp", "2026-11-21T10:00:00.000Z"},
                          {"level", "INFO"},
                          {"message", "answered"},
                          {"requestId", invocation.request_id},
                          {"traceId", invocation.trace_id},
                          {"route", "POST /keys"},
                          {"status", 200},
                          {"pkh", "tz2TSvNTh2epDMhZHrw73nV9piBX7kLZ9K9m"},
                          {"kind", "attestation"},
                          {"chain", "NetXdQprcVkpaWU"},
                          {"block_level", 7},
                          {"round", 1},
                          {"verdict", "ok"},
                          {"cold", false},
                          {"ms", 13.7},
                          {"authorized_key", "tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjb"},
                          {"authentication_ms", 0.15},
                          {"kms_ms", 12.5},
                          {"table_ms", 4.25},
                          {"sign_attempts", 1},
                          {"table_calls", 1},
                          {"votes", 1},
                          {"blocks", 0},
                          {"cold_starts", 0},
                          {"errors", 0},
                          {"retries", 0},
                          {"throttles", 0},
                          {"upstream_errors", 0},
                          {"conflicts", 0},
                          {"watermark_refusals", 0},
                          {"ahead_ms", 0}}));
}

TEST(RequestLog, TellsBlocksFromVotesAndColdFromWarm) {
    const Json line =
        parsed(line_of(signed_at_once(to_bytes(Block{})), std::nullopt, "redoubt-signer", true));
    EXPECT_EQ(line["blocks"], 1);
    EXPECT_EQ(line["votes"], 0);
    EXPECT_EQ(line["cold_starts"], 1);
    EXPECT_EQ(line["cold"], true);
}

TEST(RequestLog, CountsByTheCodeOfTheRefusal) {
    struct Row {
        Code code;
        int errors, conflicts, refusals;
    };
    for (const Row& row : {Row{Code::BelowWatermark, 0, 0, 1}, Row{Code::AlreadySigned, 0, 1, 1},
                           Row{Code::HandedOver, 0, 0, 1}, Row{Code::TooFarAhead, 0, 0, 1},
                           Row{Code::NotArmed, 0, 0, 1}, Row{Code::KmsUnavailable, 1, 0, 0},
                           Row{Code::DamagedRow, 1, 0, 0}, Row{Code::BadPayload, 0, 0, 0},
                           Row{Code::KindNotAllowed, 0, 0, 0}}) {
        tezos::RequestTrace trace = signed_at_once(to_bytes(Vote{}));
        trace.signing.ahead.reset();
        const Json line = parsed(line_of(trace, Error{row.code, "why", "what KMS said"}));
        EXPECT_EQ(metrics_of(line), of_a_signing_request) << "nothing was committed";
        EXPECT_EQ(line["verdict"], name(row.code));
        EXPECT_EQ(line["message"], "why");
        EXPECT_EQ(line["detail"], "what KMS said");
        EXPECT_NE(line["level"], "INFO");
        EXPECT_EQ(line["errors"], row.errors) << line;
        EXPECT_EQ(line["conflicts"], row.conflicts) << line;
        EXPECT_EQ(line["watermark_refusals"], row.refusals) << line;
        EXPECT_EQ(line["votes"], 0) << "not released";
    }
}

TEST(RequestLog, CountsWhatWentWrongOnTheWay) {
    tezos::RequestTrace trace = signed_at_once(to_bytes(Vote{}));
    trace.signing.signer = {Milliseconds(90), 3, 2, {"ThrottlingException", "ThrottlingException"}};
    trace.signing.table = {Milliseconds(80), 2, 0, {"timeout"}};
    trace.signing.ahead = Milliseconds(250);
    const Json line = parsed(line_of(trace));
    EXPECT_EQ(line["sign_attempts"], 3);
    EXPECT_EQ(line["table_calls"], 2);
    EXPECT_EQ(line["retries"], 3);
    EXPECT_EQ(line["throttles"], 2);
    EXPECT_EQ(line["upstream_errors"], 3);
    EXPECT_EQ(line["upstream_codes"],
              (Json{"ThrottlingException", "ThrottlingException", "timeout"}));
    EXPECT_EQ(line["ahead_ms"], 250);
    EXPECT_EQ(line["errors"], 0) << "the baker noticed nothing";
}

/// Of a request whose digest was given to KMS, which answered by this id.
tezos::RequestTrace answered_by_kms(const Bytes& payload, std::string_view id) {
    tezos::RequestTrace trace = signed_at_once(payload);
    trace.signing.digest = tezos::Digest{0xd1};
    trace.signing.signer.answer = io::AnswerId(id);
    return trace;
}

TEST(RequestLog, ForAuditorsNamesDigestSourceAndKmsAnswers) {
    struct Row {
        Bytes payload;
        bool written;
        std::string release;
    };
    for (const Row& row :
         {Row{to_bytes(Vote{}), true, "fresh"}, Row{to_bytes(Block{}), true, "fresh"},
          Row{to_bytes(Vote{}), false, "repeated"}, Row{to_bytes(Block{}), false, "stored"}}) {
        tezos::RequestTrace trace = answered_by_kms(row.payload, "the-answer");
        trace.signing.signer.others = {io::AnswerId("an-error"), io::AnswerId("a-late-one")};
        trace.signing.table.answer = io::AnswerId("of-the-table");
        if (!row.written) trace.signing.ahead.reset();
        const Json line = parsed(line_of(trace));
        EXPECT_EQ(line["release"], row.release);
        EXPECT_EQ(line["digest"], "d1" + std::string(62, '0'));
        EXPECT_EQ(line["kms_request_id"], "the-answer");
        EXPECT_EQ(line["kms_request_ids"], (Json{"an-error", "a-late-one"}));
        EXPECT_FALSE(dump(line).contains("of-the-table"));
    }
}

TEST(RequestLog, WhatWasRefusedIsNoReleaseAndStillNamesTheAnswer) {
    tezos::RequestTrace trace = answered_by_kms(to_bytes(Vote{}), "the-answer");
    trace.signing.ahead.reset();
    const Json line = parsed(line_of(trace, Error{Code::AlreadySigned, "why"}));
    EXPECT_FALSE(line.contains("release"));
    EXPECT_EQ(line["kms_request_id"], "the-answer");
    EXPECT_TRUE(line.contains("digest"));
}

TEST(RequestLog, WithoutAnAnswerOfKmsNamesNone) {
    tezos::RequestTrace trace = answered_by_kms(to_bytes(Vote{}), "");
    const Json line = parsed(line_of(trace, Error{Code::KmsUnavailable, "why"}));
    EXPECT_TRUE(line.contains("digest"));
    for (const char* absent : {"release", "kms_request_id", "kms_request_ids"}) {
        EXPECT_FALSE(line.contains(absent)) << absent;
    }
    trace.signing.digest.reset();
    EXPECT_FALSE(parsed(line_of(trace)).contains("digest"));
}

TEST(RequestLog, OfWhatWasSignedHereTellsHowLongThatTook) {
    tezos::RequestTrace trace = signed_at_once(to_bytes(Vote{}));
    EXPECT_FALSE(parsed(line_of(trace)).contains("sign_ms"));
    trace.signing.signer = {};
    trace.signing.signer.computed = std::chrono::microseconds(1'910);
    const Json line = parsed(line_of(trace));
    EXPECT_EQ(line["sign_ms"], 1.91);
    EXPECT_EQ(line["kms_ms"], 0);
    EXPECT_EQ(metrics_of(line), with(of_a_signing_request, "ahead_ms")) << "it is no metric";
}

TEST(RequestLog, OfWhatCalledNobodyCountsNoNegativeRetries) {
    tezos::RequestTrace trace = signed_at_once(to_bytes(Vote{}));
    trace.signing.signer = trace.signing.table = {};
    const Json line = parsed(line_of(trace, Error{Code::BelowWatermark, "seen before"}));
    EXPECT_EQ(line["sign_attempts"], 0);
    EXPECT_EQ(line["retries"], 0);
}

TEST(RequestLog, OfWhatWasNotAuthenticatedSaysNothingOfSigning) {
    tezos::RequestTrace trace;
    trace.route = "GET /authorized_keys";
    EXPECT_EQ(metrics_of(parsed(line_of(trace))), of_every_request);
    trace.route = "POST /keys";
    const Json line = parsed(line_of(trace, Error{Code::AuthenticationInvalid, "no"}));
    EXPECT_EQ(metrics_of(line), of_every_request);
    EXPECT_EQ(line["errors"], 0);
    EXPECT_FALSE(line.contains("sign_attempts"));
    const Json broken = parsed(line_of({}, Error{Code::Internal, "no", "bad_alloc"}));
    EXPECT_EQ(metrics_of(broken), of_every_request);
    EXPECT_EQ(broken["errors"], 1);
}

TEST(RequestLog, WithoutAFunctionsNameThereAreNoMetrics) {
    const Json line = parsed(line_of(signed_at_once(to_bytes(Vote{})), std::nullopt, ""));
    EXPECT_FALSE(line.contains("_aws"));
    EXPECT_FALSE(line.contains("function"));
    EXPECT_EQ(line["votes"], 1);
}

TEST(RequestLog, IsOneLineOfJsonWhateverTheFunctionIsCalled) {
    const std::string name = "x\"\n\\\xff";
    const Json line = parsed(line_of({}, std::nullopt, name));
    EXPECT_EQ(line["function"], "x\"\n\\\xEF\xBF\xBD");
}

TEST(RequestLog, IsShortAlsoOnTheWorstDay) {
    tezos::RequestTrace trace = signed_at_once(to_bytes(Block{.level = 0x7fffffff}));
    trace.signing.signer = {Milliseconds(2690), 6, 3,
                            std::vector<std::string>(3, "ThrottlingException")};
    trace.signing.table = {Milliseconds(2690), 6, 3,
                           std::vector<std::string>(3, "ProvisionedThroughputExceededException")};
    trace.signing.ahead = Milliseconds(300'000);
    trace.signing.digest = tezos::Digest{0xd1};
    // As long as KMS's.
    trace.signing.signer.answer = io::AnswerId("107b3cac-b125-4556-9702-12a2b9afcff7");
    trace.signing.signer.others = std::vector(3, trace.signing.signer.answer);
    const Error error{
        Code::TableUnavailable,
        "DynamoDB did not do UpdateItem in 3 tries (last: "
        "ProvisionedThroughputExceededException); repeating the same request is safe"};
    EXPECT_EQ(metrics_of(parsed(line_of(trace, error))), with(of_a_signing_request, "ahead_ms"));
}

/// A caller chooses the header that it comes from.
TEST(RequestLog, KeepsOfATraceIdWhatXRayMakes) {
    const std::string root = "Root=1-5759e988-bd862e3fe1be46a994272793";
    const auto logged = [](const std::string& trace_id) {
        lambda::Invocation traced = invocation;
        traced.trace_id = trace_id;
        const std::string line = RequestLog(clock_of_tests, "f", bootstrap::signer_metrics())
                                     .line(traced, {}, std::nullopt, std::chrono::seconds(1), true);
        return parsed(line)["traceId"].get<std::string>();
    };
    EXPECT_EQ(logged(root), root);
    EXPECT_EQ(logged(root + ";Parent=53995c3f42cd8ad8;Sampled=1"), root);
    std::string odd = root;
    odd.back() = 'x';
    for (const std::string& other : {std::string(5000, 'x'), "a" + root, root.substr(1),
                                     root.substr(0, 39), odd, std::string("mark"), std::string()}) {
        EXPECT_EQ(logged(other), "") << other;
    }
}

}  // namespace
}  // namespace redoubt::test
