// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/payload.hpp>

#include <redoubt/base/reader.hpp>

namespace redoubt::tezos {
namespace {

// Magic bytes: octez docs/user/key-management.rst.
constexpr Byte block_magic = 0x11;
constexpr Byte preattestation_magic = 0x12;
constexpr Byte attestation_magic = 0x13;

// Contents tags: octez lib_protocol/operation_repr.ml, the same in protocols 022 to alpha.
constexpr Byte preattestation_tag = 20;
constexpr Byte attestation_tag = 21;
constexpr Byte attestation_with_dal_tag = 23;
// Of tz4 keys, whose layout has no slot.
constexpr Byte bls_preattestation_tag = 40;
constexpr Byte bls_attestation_tag = 41;

constexpr std::size_t hash_size = 32;

std::unexpected<Error> bad(std::string_view what) {
    return fail(
        Code::BadPayload,
        "the payload is not a consensus message that a node would take: " + std::string(what));
}

/// Of a vote: all but those of tz4 keys name the validator's slot.
std::size_t slot_size(SignatureScheme scheme) {
    switch (scheme) {
        case SignatureScheme::Ed25519:
        case SignatureScheme::Secp256k1:
        case SignatureScheme::P256: return 2;
        case SignatureScheme::Bls12381: return 0;
    }
    return 0;
}

/// What is asked of a key that never signs votes of that layout.
std::optional<Error> of_another_layout(Byte tag, SignatureScheme scheme) {
    const bool is_bls_key = scheme == SignatureScheme::Bls12381;
    const bool is_bls_tag = tag == bls_preattestation_tag || tag == bls_attestation_tag;
    const bool is_other_tag =
        tag == preattestation_tag || tag == attestation_tag || tag == attestation_with_dal_tag;
    if (is_bls_key ? !is_other_tag : !is_bls_tag) return std::nullopt;
    return Error{Code::KindNotAllowed,
                 "contents tag " + std::to_string(tag) +
                     (is_bls_key ? " belongs to tz1, tz2 and tz3 keys; this key is a tz4 key (does "
                                   "the network lack aggregate attestations?)"
                                 : " belongs to tz4 keys; this key is not one"),
                 {}};
}

/// Whether a vote of that kind has that contents tag.
bool is_tag_of(ConsensusKind kind, SignatureScheme scheme, Byte tag) {
    const bool is_bls_key = scheme == SignatureScheme::Bls12381;
    if (kind == ConsensusKind::Preattestation) {
        return tag == (is_bls_key ? bls_preattestation_tag : preattestation_tag);
    }
    if (is_bls_key) return tag == bls_attestation_tag;
    return tag == attestation_tag || tag == attestation_with_dal_tag;
}

bool is_int31(std::uint32_t value) { return value <= max_int31; }

/// | offset | size    | field                        | rule                                    |
/// |--------|---------|------------------------------|-----------------------------------------|
/// | 0      | 4       | total length                 | 33, or 37 with a locked round           |
/// | 4      | 4 + 1   | version                      | length 1, value 2                       |
/// | 9      | 4 + 4   | level                        | length 4, that of the header            |
/// | 17     | 4 (+ 4) | locked round                 | length 0 or 4, below the round          |
/// | 21     | 4 + 4   | predecessor round as -1 - r  | length 4, negative                      |
/// | 29     | 4 + 4   | round                        | length 4                                |
/// Source: octez lib_protocol/fitness_repr.ml.
Result<Round> parse_fitness(Reader& reader, Level level) {
    const std::uint32_t total = reader.u32();
    if (total != 33 && total != 37) return bad("fitness length");
    if (reader.u32() != 1 || reader.u8() != 2) return bad("fitness version");
    if (reader.u32() != 4 || reader.u32() != level.value()) return bad("fitness level");
    const std::uint32_t locked_length = reader.u32();
    if (locked_length != total - 33) return bad("locked round length");
    const std::uint32_t locked = locked_length == 0 ? 0 : reader.u32();
    if (reader.u32() != 4 || is_int31(reader.u32())) return bad("predecessor round");
    if (reader.u32() != 4) return bad("round length");
    const std::uint32_t round = reader.u32();
    if (!is_int31(round)) return bad("round");
    if (locked_length != 0 && locked >= round) return bad("locked round");
    return Round(round);
}

/// After the magic byte and the chain id; offsets from the payload's first byte.
/// | offset    | size      | field              | rule                        |
/// |-----------|-----------|--------------------|-----------------------------|
/// | 5         | 4         | level              | below 2^31                  |
/// | 9         | 1         | protocol level     |                             |
/// | 10        | 32        | predecessor        |                             |
/// | 42        | 8         | timestamp          |                             |
/// | 50        | 1         | validation passes  |                             |
/// | 51        | 32        | operations hash    |                             |
/// | 83        | 37 or 41  | fitness            | above                       |
/// | 120 (124) | 32        | context            |                             |
/// | 152 (156) | 32        | payload hash       |                             |
/// | 184 (188) | 4         | payload round      | not above the round         |
/// | 188 (192) | 8         | proof-of-work nonce|                             |
/// | 196 (200) | 1 (+ 32)  | seed nonce hash    | 00, or ff and 32 bytes      |
/// | 197 (201) | 1         | per-block votes    | opaque                      |
/// Source: octez src/lib_base/block_header.ml, lib_protocol/block_header_repr.ml.
Result<Position> parse_block(Reader& reader) {
    const Level level(reader.u32());
    if (!is_int31(level.value())) return bad("level");
    reader.take(1 + hash_size + 8 + 1 + hash_size);
    const auto round = parse_fitness(reader, level);
    if (!round) return std::unexpected(round.error());
    reader.take(hash_size + hash_size);
    if (reader.u32() > round->value()) return bad("payload round");
    reader.take(8);
    const Byte seed = reader.u8();
    if (seed != 0x00 && seed != 0xff) return bad("seed nonce hash");
    if (seed == 0xff) reader.take(hash_size);
    reader.take(1);
    if (!reader.complete()) return bad("length");
    return Position{level, *round};
}

/// One non-negative integer as data-encoding writes `z`: the first byte has 6 bits of it and a
/// sign, the others 7; the top bit says that more follow; the last is not zero unless it is the
/// only one.
bool is_dal_content(ByteView bytes) {
    if (bytes.empty() || bytes.size() > max_dal_bytes) return false;
    if ((bytes[0] & 0x40U) != 0) return false;
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        if ((bytes[i] & 0x80U) == 0) return false;
    }
    return (bytes.back() & 0x80U) == 0 && (bytes.size() == 1 || bytes.back() != 0);
}

/// After the magic byte and the chain id; offsets from the payload's first byte.
/// | offset | size | tz4 | field        | rule                              | of a tz4 key |
/// |--------|------|-----|--------------|-----------------------------------|--------------|
/// | 5      | 32   | 5   | branch       |                                   |              |
/// | 37     | 1    | 37  | contents tag | 20; or 21, or 23 with DAL content | 40; or 41    |
/// | 38     | 2    |     | slot         |                                   | none         |
/// | 40     | 4    | 38  | level        | below 2^31                        | the same     |
/// | 44     | 4    | 42  | round        | below 2^31                        | the same     |
/// | 48     | 32   | 46  | payload hash |                                   |              |
/// | 80     | n    |     | DAL content  | tag 23 only                       | none         |
/// Source: octez lib_protocol/operation_repr.ml.
Result<Position> parse_vote(Reader& reader, ConsensusKind kind, SignatureScheme scheme) {
    reader.take(hash_size);
    const Byte tag = reader.u8();
    if (reader.failed()) return bad("length");
    if (auto error = of_another_layout(tag, scheme)) return std::unexpected(std::move(*error));
    if (!is_tag_of(kind, scheme, tag)) return bad("contents tag");
    const bool with_dal = tag == attestation_with_dal_tag;
    reader.take(slot_size(scheme));
    const std::uint32_t level = reader.u32();
    const std::uint32_t round = reader.u32();
    reader.take(hash_size);
    if (reader.failed()) return bad("length");
    if (!is_int31(level)) return bad("level");
    if (!is_int31(round)) return bad("round");
    if (with_dal ? !is_dal_content(reader.rest()) : !reader.complete()) {
        return bad(with_dal ? "DAL content" : "length");
    }
    return Position{Level(level), Round(round)};
}

std::optional<ConsensusKind> kind_of(Byte magic) {
    switch (magic) {
        case block_magic: return ConsensusKind::Block;
        case preattestation_magic: return ConsensusKind::Preattestation;
        case attestation_magic: return ConsensusKind::Attestation;
        default: return std::nullopt;
    }
}

}  // namespace

std::string_view name(ConsensusKind kind) {
    switch (kind) {
        case ConsensusKind::Block: return "block";
        case ConsensusKind::Preattestation: return "preattestation";
        case ConsensusKind::Attestation: return "attestation";
    }
    return "unknown";
}

Result<ConsensusMessage> parse_payload(ByteView payload, SignatureScheme scheme) {
    if (payload.empty()) return bad("length");
    Reader reader(payload);
    const auto kind = kind_of(reader.u8());
    if (!kind) {
        return fail(
            Code::KindNotAllowed,
            "only blocks (0x11), preattestations (0x12) and attestations (0x13) are signed");
    }
    const ChainId chain(reader.array<4>());
    const auto at =
        *kind == ConsensusKind::Block ? parse_block(reader) : parse_vote(reader, *kind, scheme);
    if (!at) return std::unexpected(at.error());
    return ConsensusMessage{*kind, chain, *at};
}

}  // namespace redoubt::tezos
