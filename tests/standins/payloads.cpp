// SPDX-License-Identifier: Apache-2.0
#include "payloads.hpp"

#include "random.hpp"

namespace redoubt::standins {

namespace {

using crypto::SignatureScheme;

void put(Bytes& to, std::uint64_t value, unsigned width) {
    for (unsigned at = width; at-- > 0;) to.push_back(static_cast<Byte>(value >> (8 * at)));
}

void put_random(Bytes& to, std::size_t count) { append(to, random_bytes(count)); }

Bytes begin(Byte magic, const Slot& slot) {
    Bytes out = {magic};
    append(out, slot.chain.value());
    return out;
}

Bytes fitness(const Slot& slot) {
    Bytes out;
    put(out, 1, 4);
    put(out, 2, 1);  // version
    put(out, 4, 4);
    put(out, slot.level, 4);
    put(out, slot.round > 0 ? 4 : 0, 4);
    if (slot.round > 0) put(out, slot.round - 1, 4);  // locked round
    put(out, 4, 4);
    put(out, 0xffffffff, 4);  // predecessor round 0, stored as -1 - r
    put(out, 4, 4);
    put(out, slot.round, 4);
    return out;
}

// The tags of what tz4 keys sign, without a slot in the committee.
constexpr Byte bls_preattestation = 40;
constexpr Byte bls_attestation = 41;

/// What preattestations and attestations share. Source: octez operation_repr.ml.
Bytes vote(Byte magic, Byte tag, const Slot& slot) {
    Bytes out = begin(magic, slot);
    put_random(out, 32);  // branch
    out.push_back(tag);
    if (tag != bls_preattestation && tag != bls_attestation) put(out, 96, 2);
    put(out, slot.level, 4);
    put(out, slot.round, 4);
    put_random(out, 32);  // block payload hash
    return out;
}

}  // namespace

// Source: octez block_header.ml, fitness_repr.ml, block_header_repr.ml.
Bytes block_payload(const Slot& slot, bool seed) {
    Bytes out = begin(0x11, slot);
    put(out, slot.level, 4);
    put(out, 25, 1);      // protocol level
    put_random(out, 32);  // predecessor
    put(out, 1'700'000'000ULL + slot.level, 8);
    put(out, 4, 1);       // validation passes
    put_random(out, 32);  // operations
    const Bytes fit = fitness(slot);
    put(out, fit.size(), 4);
    append(out, fit);
    put_random(out, 32);  // context
    put_random(out, 32);  // block payload hash
    put(out, 0, 4);       // payload round
    put_random(out, 8);   // proof of work
    put(out, seed ? 0xff : 0, 1);
    if (seed) put_random(out, 32);
    put(out, 0, 1);  // votes
    return out;
}

Bytes preattestation_payload(const Slot& slot, SignatureScheme scheme) {
    return vote(0x12, scheme == SignatureScheme::Bls12381 ? bls_preattestation : 20, slot);
}

Bytes attestation_payload(const Slot& slot, SignatureScheme scheme, std::size_t dal_bytes) {
    if (scheme == SignatureScheme::Bls12381) return vote(0x13, bls_attestation, slot);
    if (dal_bytes == 0) return vote(0x13, 21, slot);
    Bytes out = vote(0x13, 23, slot);
    // A `z` integer: bit 7 for more to come, bit 6 of the first byte the sign, the last byte not 0.
    Bytes dal = random_bytes(dal_bytes);
    for (Byte& byte : dal) byte |= 0x80U;
    dal.front() &= 0xbfU;
    dal.back() = static_cast<Byte>((dal.back() & 0x3fU) | 1U);
    append(out, dal);
    return out;
}

}  // namespace redoubt::standins
