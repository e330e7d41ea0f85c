// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <redoubt/crypto/bls.hpp>

namespace redoubt::bench {

/// The unit in which processor time is judged: a signature's verification by libsecp256k1. It is
/// as fast or slow as the machine is at that moment.
class Verification {
public:
    Verification();

    /// The processor time of one, in microseconds; of many in a row.
    [[nodiscard]] double microseconds() const;

private:
    crypto::Digest digest_;
    Bytes public_key_;
    crypto::RawSignature signature_;
};

/// What no signature of a validator can do without: blst's signature of a root, and its
/// verification.
class BlsSignature {
public:
    BlsSignature();

    /// The processor time of one, in microseconds.
    [[nodiscard]] double microseconds() const;
    /// The same of one of many, with which all processors are busy: each makes `count` in a row.
    [[nodiscard]] static double microseconds_on_all_processors(std::size_t count);

private:
    void make() const;

    crypto::bls::SecretKey secret_;
    crypto::PublicKey public_key_;
};

}  // namespace redoubt::bench
