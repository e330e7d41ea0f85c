// SPDX-License-Identifier: Apache-2.0
#include "handlers/ethereum_log.hpp"

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

TEST(EthereumLog, TellsTimesAsTheyWereAskedFor) {
    constexpr std::uint64_t last = ~std::uint64_t{0};
    ethereum::RequestTrace trace;
    trace.signing.type = ethereum::MessageType::Attestation;
    trace.signing.duty = ethereum::AttestationDuty{ethereum::Slot(last), ethereum::Epoch(0),
                                                   ethereum::Epoch(last - 1)};
    const Error error{Code::TooFarAhead, "later", {}};
    const Json told = Json::parse(bootstrap::log_fields(trace, 412, error).text());
    EXPECT_EQ(told.at("slot"), last);
    EXPECT_EQ(told.at("source"), 0);
    EXPECT_EQ(told.at("target"), last - 1);
    EXPECT_EQ(told.at("refused_ahead"), 1);
}

}  // namespace
}  // namespace redoubt::test
