// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/result.hpp>

#include <gtest/gtest.h>

#include <set>

namespace redoubt::test {
namespace {

TEST(Code, EachHasItsOwnNameAndZeroIsOurOwnBug) {
    std::set<std::string> names;
    for (int code = 0; code <= static_cast<int>(Code::BadSignature); ++code) {
        names.emplace(name(static_cast<Code>(code)));
    }
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
                                          "too_far_ahead",
                                          "kms_unavailable",
                                          "table_unavailable",
                                          "credentials_expired",
                                          "deadline",
                                          "kms_refused",
                                          "table_refused",
                                          "damaged_row",
                                          "bad_signature",
                                          "internal"};
    EXPECT_EQ(names, design);
    EXPECT_EQ(name(Code{}), "internal");
    EXPECT_EQ(Error{}.code, Code::Internal);
}

}  // namespace
}  // namespace redoubt::test
