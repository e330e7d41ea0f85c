// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <redoubt/base/json.hpp>
#include <redoubt/ethereum/network.hpp>

/// Bodies of Web3Signer requests, as clients send them: without a root, which is optional.
namespace redoubt::test {

class ValidatorRequests {
public:
    /// `network` outlives it.
    explicit ValidatorRequests(const ethereum::Network& network) : network_(network) {}

    /// `seed` tells messages of one position apart. Its slot is the source's first, which lies
    /// behind whenever the vote is.
    [[nodiscard]] Json attestation(std::uint64_t source, std::uint64_t target,
                                   std::uint64_t seed = 1) const;
    [[nodiscard]] Json block(std::uint64_t slot, std::uint64_t seed = 1) const;
    [[nodiscard]] Json randao(std::uint64_t epoch) const;
    [[nodiscard]] Json selection_proof(std::uint64_t slot) const;
    [[nodiscard]] Json sync_message(std::uint64_t slot) const;
    [[nodiscard]] Json aggregate(std::uint64_t slot) const;
    [[nodiscard]] Json exit(std::uint64_t epoch) const;
    [[nodiscard]] static Json registration(const std::string& key, const std::string& recipient);
    [[nodiscard]] Json deposit(const std::string& key) const;

private:
    [[nodiscard]] Json request(const char* type, const char* member, Json message,
                               std::uint64_t epoch) const;

    const ethereum::Network& network_;
};

/// 32 bytes of that number, `0x` and hex.
[[nodiscard]] std::string root_text(std::uint64_t number);

}  // namespace redoubt::test
