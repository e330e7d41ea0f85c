// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/error.hpp>

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

namespace redoubt::test {
namespace {

/// Up to the first number that is none: that one is our own bug, too.
std::vector<Code> all_codes() {
    std::vector<Code> codes = {Code::Internal};
    for (int number = 1; name(static_cast<Code>(number)) != "internal"; ++number) {
        codes.push_back(static_cast<Code>(number));
    }
    return codes;
}

TEST(Code, EachHasItsOwnNameAndZeroIsOurOwnBug) {
    std::set<std::string> names;
    for (const Code code : all_codes()) EXPECT_TRUE(names.emplace(name(code)).second);
    const std::set<std::string> design = {"bad_request",
                                          "bad_payload",
                                          "authentication_missing",
                                          "authentication_invalid",
                                          "kind_not_allowed",
                                          "unknown_route",
                                          "unknown_key",
                                          "method_not_allowed",
                                          "too_large",
                                          "not_armed",
                                          "below_watermark",
                                          "already_signed",
                                          "handed_over",
                                          "too_far_ahead",
                                          "kms_unavailable",
                                          "table_unavailable",
                                          "credentials_expired",
                                          "deadline",
                                          "wrap_unavailable",
                                          "kms_refused",
                                          "table_refused",
                                          "damaged_row",
                                          "bad_signature",
                                          "wrap_refused",
                                          "damaged_key",
                                          "unknown_type",
                                          "root_mismatch",
                                          "wrong_network",
                                          "token_missing",
                                          "token_invalid",
                                          "not_permitted",
                                          "key_disabled",
                                          "past_until",
                                          "internal"};
    EXPECT_EQ(names, design);
    EXPECT_EQ(name(Code{}), "internal");
    EXPECT_EQ(Error{}.code, Code::Internal);
}

TEST(Code, WhatAnOperatorOrWeMustSeeIsAnErrorAndTheRestAWarning) {
    for (const Code code : all_codes()) {
        const ErrorInfo row = info(code);
        const bool is_for_us = row.actor == Actor::Developer || row.actor == Actor::OperatorArms ||
                               row.actor == Actor::OperatorRepairs;
        EXPECT_EQ(row.severity, is_for_us ? Severity::Error : Severity::Warn) << row.name;
    }
}

TEST(Code, SaysWhoHasToAct) {
    for (const auto& [code, actor] :
         std::map<Code, Actor>{{Code::AuthenticationInvalid, Actor::Caller},
                               {Code::UnknownRoute, Actor::Caller},
                               {Code::UnknownType, Actor::Caller},
                               {Code::RootMismatch, Actor::Caller},
                               {Code::WrongNetwork, Actor::Caller},
                               {Code::KmsUnavailable, Actor::CallerRepeats},
                               {Code::Deadline, Actor::CallerRepeats},
                               {Code::WrapUnavailable, Actor::CallerRepeats},
                               {Code::BelowWatermark, Actor::Nobody},
                               {Code::AlreadySigned, Actor::Nobody},
                               {Code::HandedOver, Actor::Nobody},
                               {Code::NotArmed, Actor::OperatorArms},
                               {Code::TooFarAhead, Actor::OperatorArms},
                               {Code::DamagedRow, Actor::OperatorRepairs},
                               {Code::KmsRefused, Actor::OperatorRepairs},
                               {Code::TableRefused, Actor::OperatorRepairs},
                               {Code::BadSignature, Actor::OperatorRepairs},
                               {Code::WrapRefused, Actor::OperatorRepairs},
                               {Code::DamagedKey, Actor::OperatorRepairs},
                               {Code::Internal, Actor::Developer}}) {
        EXPECT_EQ(info(code).actor, actor) << name(code);
    }
}

TEST(Code, FailuresAreNoRefusals) {
    for (const Code code :
         {Code::Internal, Code::KmsUnavailable, Code::TableUnavailable, Code::CredentialsExpired,
          Code::Deadline, Code::KmsRefused, Code::TableRefused, Code::DamagedRow,
          Code::BadSignature, Code::WrapUnavailable, Code::WrapRefused, Code::DamagedKey}) {
        EXPECT_TRUE(is_failure(code)) << name(code);
    }
    for (const Code code :
         {Code::BadRequest, Code::BadPayload, Code::KindNotAllowed, Code::NotArmed,
          Code::BelowWatermark, Code::AlreadySigned, Code::HandedOver, Code::TooFarAhead}) {
        EXPECT_FALSE(is_failure(code)) << name(code);
    }
}

}  // namespace
}  // namespace redoubt::test
