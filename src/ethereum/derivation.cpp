// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/derivation.hpp>

#include <optional>
#include <vector>

#include <redoubt/ethereum/types.hpp>

namespace redoubt::ethereum {
namespace {

constexpr std::uint32_t purpose = 12381;
constexpr std::uint32_t coin = 3600;
constexpr std::size_t min_depth = 4, max_depth = 8;

std::string path_of(std::uint32_t index) {
    return "m/" + std::to_string(purpose) + "/" + std::to_string(coin) + "/" +
           std::to_string(index) + "/0";
}

/// path = "m" 4*8( "/" number ), each below 2^32
std::optional<std::vector<std::uint32_t>> parse_path(std::string_view text) {
    if (!text.starts_with("m/")) return std::nullopt;
    std::vector<std::uint32_t> numbers;
    for (std::string_view rest = text.substr(1); !rest.empty();) {
        rest.remove_prefix(1);  // the slash
        const std::string_view digits = rest.substr(0, rest.find('/'));
        rest.remove_prefix(digits.size());
        const auto number = parse_number(digits);
        if (!number || *number > 0xffffffffU || numbers.size() == max_depth) return std::nullopt;
        numbers.push_back(static_cast<std::uint32_t>(*number));
    }
    if (numbers.size() < min_depth || numbers.front() != purpose) return std::nullopt;
    return numbers;
}

}  // namespace

std::string withdrawal_path(std::uint32_t index) { return path_of(index); }
std::string signing_path(std::uint32_t index) { return path_of(index) + "/0"; }

Result<crypto::bls::SecretKey> derive(ByteView seed, std::string_view path) {
    const auto numbers = parse_path(path);
    if (!numbers) {
        return fail(Code::BadRequest, "the path is not one of EIP-2334, such as " +
                                          signing_path(0) + " for a validator's first key");
    }
    auto key = crypto::bls::SecretKey::generate(seed);
    for (std::uint32_t number : *numbers) key = key.child(number);
    return key;
}

}  // namespace redoubt::ethereum
