// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/crypto/public_key.hpp>

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

}  // namespace redoubt::bench
