// SPDX-License-Identifier: Apache-2.0
// What a baker asks to sign. The input: a payload.
#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/payload.hpp>

#include "check.hpp"

namespace redoubt::fuzz::payload {
namespace {

using tezos::ConsensusKind;
using tezos::ConsensusMessage;
using tezos::SignatureScheme;

constexpr std::size_t fitness_at = 83;

std::uint32_t number_at(ByteView bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (Byte byte : bytes.subspan(at, 4)) value = value << 8U | byte;
    return value;
}

Bytes with_number(ByteView bytes, std::size_t at, std::uint32_t value) {
    Bytes out(bytes.begin(), bytes.end());
    for (std::size_t i = 4; i-- > 0; value >>= 8U) out.at(at + i) = static_cast<Byte>(value);
    return out;
}

bool is_of_tz4(SignatureScheme scheme) { return scheme == SignatureScheme::Bls12381; }

bool is_same(const Result<ConsensusMessage>& a, const Result<ConsensusMessage>& b) {
    if (!a || !b) return !a && !b && a.error().code == b.error().code;
    return a->kind == b->kind && a->chain == b->chain && a->at == b->at;
}

/// Where a message of that kind has its position; the level of a block stands twice.
struct Offsets {
    std::size_t level, round;
};
Offsets offsets_in(ByteView payload, ConsensusKind kind, SignatureScheme scheme) {
    if (kind == ConsensusKind::Block) return {5, fitness_at + number_at(payload, fitness_at)};
    return is_of_tz4(scheme) ? Offsets{38, 42} : Offsets{40, 44};
}

void check_refusal(ByteView payload, SignatureScheme scheme, Code code) {
    const bool is_consensus = !payload.empty() && payload[0] >= 0x11 && payload[0] <= 0x13;
    const bool has_tag = is_consensus && payload[0] != 0x11 && payload.size() > 37;
    const Byte tag = has_tag ? payload[37] : 0;
    const bool is_of_others =
        is_of_tz4(scheme) ? tag == 20 || tag == 21 || tag == 23 : tag == 40 || tag == 41;
    const bool is_other_kind = !payload.empty() && (!is_consensus || is_of_others);
    check(code == (is_other_kind ? Code::KindNotAllowed : Code::BadPayload),
          "what is no consensus message of this scheme is kind_not_allowed, all else bad_payload");
}

bool is_length_of_vote(ByteView payload, SignatureScheme scheme) {
    const std::size_t size = payload.size();
    if (is_of_tz4(scheme)) return size == 78;
    return size == 80 || (payload[37] == 23 && size > 80 && size <= 80 + tezos::max_dal_bytes);
}

void check_what_is_read(ByteView payload, SignatureScheme scheme, const ConsensusMessage& message) {
    const Offsets offsets = offsets_in(payload, message.kind, scheme);
    const bool is_block = message.kind == ConsensusKind::Block;
    check(payload[0] == (is_block                                        ? 0x11
                         : message.kind == ConsensusKind::Preattestation ? 0x12
                                                                         : 0x13),
          "the magic byte gives the kind");
    check(std::ranges::equal(message.chain.value(), payload.subspan(1, 4)), "the chain id");
    check(message.at.level.value() == number_at(payload, offsets.level), "the level");
    check(message.at.round.value() == number_at(payload, offsets.round), "the round");
    check(message.at.level.value() <= tezos::max_int31 &&
              message.at.round.value() <= tezos::max_int31,
          "levels and rounds are not negative");
    const std::size_t size = payload.size();
    check(is_block ? size == 198 || size == 202 || size == 230 || size == 234
                   : is_length_of_vote(payload, scheme),
          "the length is a legal one");
}

/// No message is a part of another.
void check_that_length_counts(ByteView payload, SignatureScheme scheme) {
    check(!tezos::parse_payload(payload.first(payload.size() - 1), scheme),
          "a byte less is refused");
    for (Byte more : ByteArray<4>{0x00, 0x01, 0x80, 0xff}) {
        Bytes longer(payload.begin(), payload.end());
        longer.push_back(more);
        check(!tezos::parse_payload(longer, scheme), "a byte more is refused");
    }
}

/// A position that is written into the bytes is the one that is read.
void check_round_trip(ByteView payload, SignatureScheme scheme, const ConsensusMessage& message) {
    const auto parse = [scheme](ByteView bytes) { return tezos::parse_payload(bytes, scheme); };
    const Offsets offsets = offsets_in(payload, message.kind, scheme);
    const std::uint32_t level = message.at.level.value() ^ 1U;
    const std::uint32_t round = std::min(message.at.round.value() + 1, tezos::max_int31);
    Bytes moved = with_number(payload, offsets.round, round);
    moved = with_number(moved, offsets.level, level);
    if (message.kind == ConsensusKind::Block) {
        check(!parse(moved), "a block's level is that of its fitness");
        moved = with_number(moved, fitness_at + 13, level);
    }
    const auto read = parse(moved);
    check(read && read->kind == message.kind && read->chain == message.chain &&
              read->at == tezos::Position{tezos::Level(level), tezos::Round(round)},
          "what is written is what is read");
    for (std::size_t at : {offsets.level, offsets.round}) {
        Bytes negative(payload.begin(), payload.end());
        negative.at(at) |= 0x80U;
        check(!parse(negative), "a negative number is refused");
    }
}

void check_for(ByteView payload, SignatureScheme scheme, const Result<ConsensusMessage>& message) {
    if (!message) return check_refusal(payload, scheme, message.error().code);
    check_what_is_read(payload, scheme, *message);
    check_that_length_counts(payload, scheme);
    check_round_trip(payload, scheme, *message);
}

}  // namespace

void one_input(ByteView payload) {
    const auto message = tezos::parse_payload(payload, SignatureScheme::Ed25519);
    for (SignatureScheme scheme : {SignatureScheme::Secp256k1, SignatureScheme::P256}) {
        check(is_same(message, tezos::parse_payload(payload, scheme)), "tz1 to tz3 sign the same");
    }
    const auto of_tz4 = tezos::parse_payload(payload, SignatureScheme::Bls12381);
    const bool is_block = !payload.empty() && payload[0] == 0x11;
    check(is_block ? is_same(message, of_tz4) : !message || !of_tz4,
          "all sign the same blocks, and tz4 no vote of the others");
    check_for(payload, SignatureScheme::Ed25519, message);
    check_for(payload, SignatureScheme::Bls12381, of_tz4);
}

}  // namespace redoubt::fuzz::payload
