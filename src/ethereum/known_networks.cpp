// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <stdexcept>
#include <string_view>

#include <redoubt/ethereum/network.hpp>

namespace redoubt::ethereum {
namespace {

consteval Byte digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<Byte>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<Byte>(c - 'a' + 10);
    throw std::invalid_argument("not a digit of lower-case hex");
}

/// Of so many bytes in lower-case hex, or it does not compile.
template <std::size_t N>
consteval ByteArray<N> hex(std::string_view text) {
    if (text.size() != 2 * N) throw std::invalid_argument("of another length");
    ByteArray<N> out{};
    for (std::size_t i = 0; i < N; ++i) {
        out[i] = static_cast<Byte>(16 * digit(text[2 * i]) + digit(text[2 * i + 1]));
    }
    return out;
}

struct ForkRow {
    ForkVersion version{};
    std::uint64_t epoch = 0;
};

/// From phase 0 to fulu.
std::vector<Fork> forks(const std::array<ForkRow, 7>& rows) {
    std::vector<Fork> out;
    for (const auto& [version, epoch] : rows) {
        out.push_back({static_cast<ForkName>(out.size()), version, Epoch(epoch)});
    }
    return out;
}

Network mainnet() {
    return {
        .name = "mainnet",
        .genesis_validators_root =
            hex<32>("4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95"),
        .genesis_time = 1606824023,
        .slots_per_epoch = 32,
        .seconds_per_slot = 12,
        .deposit_chain_id = 1,
        .deposit_contract = {hex<20>("00000000219ab540356cbb839cbe05303d7705fa")},
        .deposit_multiplier = 1,
        .forks = forks({ForkRow{hex<4>("00000000"), 0}, ForkRow{hex<4>("01000000"), 74240},
                        ForkRow{hex<4>("02000000"), 144896}, ForkRow{hex<4>("03000000"), 194048},
                        ForkRow{hex<4>("04000000"), 269568}, ForkRow{hex<4>("05000000"), 364032},
                        ForkRow{hex<4>("06000000"), 411392}})};
}

Network hoodi() {
    return {.name = "hoodi",
            .genesis_validators_root =
                hex<32>("212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f"),
            .genesis_time = 1742213400,
            .slots_per_epoch = 32,
            .seconds_per_slot = 12,
            .deposit_chain_id = 560048,
            .deposit_contract = {hex<20>("00000000219ab540356cbb839cbe05303d7705fa")},
            .deposit_multiplier = 1,
            .forks = forks({ForkRow{hex<4>("10000910"), 0}, ForkRow{hex<4>("20000910"), 0},
                            ForkRow{hex<4>("30000910"), 0}, ForkRow{hex<4>("40000910"), 0},
                            ForkRow{hex<4>("50000910"), 0}, ForkRow{hex<4>("60000910"), 2048},
                            ForkRow{hex<4>("70000910"), 50688}})};
}

Network sepolia() {
    return {
        .name = "sepolia",
        .genesis_validators_root =
            hex<32>("d8ea171f3c94aea21ebc42a1ed61052acf3f9209c00e4efbaaddac09ed9b8078"),
        .genesis_time = 1655733600,
        .slots_per_epoch = 32,
        .seconds_per_slot = 12,
        .deposit_chain_id = 11155111,
        .deposit_contract = {hex<20>("7f02c3e3c98b133055b8b348b2ac625669ed295d")},
        .deposit_multiplier = 1,
        .forks = forks({ForkRow{hex<4>("90000069"), 0}, ForkRow{hex<4>("90000070"), 50},
                        ForkRow{hex<4>("90000071"), 100}, ForkRow{hex<4>("90000072"), 56832},
                        ForkRow{hex<4>("90000073"), 132608}, ForkRow{hex<4>("90000074"), 222464},
                        ForkRow{hex<4>("90000075"), 272640}})};
}

Network gnosis() {
    return {
        .name = "gnosis",
        .genesis_validators_root =
            hex<32>("f5dcb5564e829aab27264b9becd5dfaa017085611224cb3036f573368dbb9d47"),
        .genesis_time = 1638993340,
        .slots_per_epoch = 16,
        .seconds_per_slot = 5,
        .deposit_chain_id = 100,
        .deposit_contract = {hex<20>("0b98057ea310f4d31f2a452b414647007d1645d9")},
        .deposit_multiplier = 32,
        .forks = forks({ForkRow{hex<4>("00000064"), 0}, ForkRow{hex<4>("01000064"), 512},
                        ForkRow{hex<4>("02000064"), 385536}, ForkRow{hex<4>("03000064"), 648704},
                        ForkRow{hex<4>("04000064"), 889856}, ForkRow{hex<4>("05000064"), 1337856},
                        ForkRow{hex<4>("06000064"), 1714688}})};
}

Network chiado() {
    return {
        .name = "chiado",
        .genesis_validators_root =
            hex<32>("9d642dac73058fbf39c0ae41ab1e34e4d889043cb199851ded7095bc99eb4c1e"),
        .genesis_time = 1665396300,
        .slots_per_epoch = 16,
        .seconds_per_slot = 5,
        .deposit_chain_id = 10200,
        .deposit_contract = {hex<20>("b97036a26259b7147018913bd58a774cf91acf25")},
        .deposit_multiplier = 32,
        .forks = forks({ForkRow{hex<4>("0000006f"), 0}, ForkRow{hex<4>("0100006f"), 90},
                        ForkRow{hex<4>("0200006f"), 180}, ForkRow{hex<4>("0300006f"), 244224},
                        ForkRow{hex<4>("0400006f"), 516608}, ForkRow{hex<4>("0500006f"), 948224},
                        ForkRow{hex<4>("0600006f"), 1353216}})};
}

}  // namespace

const std::vector<Network>& known_networks() {
    static const std::vector<Network> networks = {mainnet(), hoodi(), sepolia(), gnosis(),
                                                  chiado()};
    return networks;
}

}  // namespace redoubt::ethereum
