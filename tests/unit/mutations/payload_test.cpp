// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <map>

#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/payload.hpp>

#include <fakes/messages.hpp>
#include "../vectors/tezos_vectors.hpp"
#include "mutator.hpp"

namespace redoubt::test {
namespace {

using tezos::ConsensusKind;

using tezos::SignatureScheme;

/// A second, plainer reading of the layouts (offsets as in octez docs and sources), that shares
/// nothing with the parser.
class Checker {
public:
    Checker(const Bytes& payload, SignatureScheme scheme)
        : payload_(payload), is_of_tz4_(scheme == SignatureScheme::Bls12381) {}

    [[nodiscard]] bool agrees(const tezos::ConsensusMessage& message) const {
        const bool is_block = payload_.at(0) == 0x11;
        const bool fits = is_block ? is_sound_block() : is_sound_vote();
        return fits && message.kind == kind() &&
               message.at.level.value() == number(is_block     ? 5
                                                  : is_of_tz4_ ? 38
                                                               : 40) &&
               message.at.round.value() == number(is_block     ? 83 + number(83)
                                                  : is_of_tz4_ ? 42
                                                               : 44) &&
               message.at.level.value() < 0x80000000 && message.at.round.value() < 0x80000000 &&
               to_hex(message.chain.value()) == to_hex(ByteView(payload_).subspan(1, 4));
    }

private:
    [[nodiscard]] std::uint32_t number(std::size_t at) const {
        return std::uint32_t{payload_.at(at)} << 24U | std::uint32_t{payload_.at(at + 1)} << 16U |
               std::uint32_t{payload_.at(at + 2)} << 8U | payload_.at(at + 3);
    }
    [[nodiscard]] ConsensusKind kind() const {
        if (payload_[0] == 0x11) return ConsensusKind::Block;
        return payload_[0] == 0x12 ? ConsensusKind::Preattestation : ConsensusKind::Attestation;
    }
    [[nodiscard]] bool is_sound_block() const {
        const std::size_t fitness = number(83);
        const std::size_t seed = 83 + 4 + fitness + 32 + 32 + 4 + 8;
        const std::size_t length = seed + 1 + (payload_.at(seed) == 0xff ? 32 : 0) + 1;
        return (fitness == 33 || fitness == 37) && payload_.size() == length &&
               number(5) == number(96);
    }
    [[nodiscard]] bool is_sound_vote() const {
        const Byte tag = payload_.at(37);
        if (is_of_tz4_) return tag == (payload_[0] == 0x12 ? 40 : 41) && payload_.size() == 78;
        if (payload_[0] == 0x12) return tag == 20 && payload_.size() == 80;
        if (tag == 21) return payload_.size() == 80;
        return tag == 23 && payload_.size() > 80 && payload_.size() <= 213;
    }

    const Bytes& payload_;
    bool is_of_tz4_;
};

constexpr std::array two_layouts = {SignatureScheme::Secp256k1, SignatureScheme::Bls12381};

std::vector<Bytes> payloads() {
    std::vector<Bytes> out;
    for (const Json& row : tezos_vectors("payloads")) out.push_back(hex(row, "payload"));
    return out;
}

TEST(MutatedPayload, IsRefusedOrReadAsASecondReaderDoes) {
    Mutator mutator;
    const auto seeds = payloads();
    std::map<SignatureScheme, int> accepted;
    for (int i = 0; i < 100'000; ++i) {
        const Bytes mutant = mutator.mutate(mutator.one_of(seeds), mutator.one_of(seeds));
        const SignatureScheme scheme = i % 2 == 0 ? two_layouts.front() : two_layouts.back();
        const auto message = tezos::parse_payload(mutant, scheme);
        if (!message) {
            EXPECT_TRUE(message.error().code == Code::BadPayload ||
                        message.error().code == Code::KindNotAllowed);
            continue;
        }
        ++accepted[scheme];
        EXPECT_TRUE(Checker(mutant, scheme).agrees(*message)) << to_hex(mutant);
    }
    for (const SignatureScheme scheme : two_layouts) {
        EXPECT_GT(accepted[scheme], 500) << "else this shows little";
    }
}

TEST(MutatedPayload, NumbersMayBeAnythingAndAreReadAsTheyStand) {
    Mutator mutator;
    const auto seeds = payloads();
    for (int i = 0; i < 50'000; ++i) {
        Bytes mutant = mutator.one_of(seeds);
        // Somewhere a number of four bytes, mostly where one really is.
        const std::vector<std::size_t> places = {5,
                                                 38,
                                                 40,
                                                 42,
                                                 44,
                                                 83,
                                                 92,
                                                 96,
                                                 100,
                                                 104,
                                                 108,
                                                 112,
                                                 116,
                                                 120,
                                                 184,
                                                 188,
                                                 mutator.below(mutant.size())};
        const std::vector<std::uint32_t> numbers = {0,  1,          4,          5,         33,
                                                    37, 0x7fffffff, 0x80000000, 0xffffffff};
        const std::size_t place = mutator.one_of(places);
        if (place + 4 > mutant.size()) continue;
        overwrite(mutant, place, mutator.one_of(numbers));
        for (const SignatureScheme scheme : two_layouts) {
            if (const auto message = tezos::parse_payload(mutant, scheme)) {
                EXPECT_TRUE(Checker(mutant, scheme).agrees(*message)) << to_hex(mutant);
            }
        }
    }
}

}  // namespace
}  // namespace redoubt::test
