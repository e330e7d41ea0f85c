// SPDX-License-Identifier: Apache-2.0
#include "verification.hpp"

#include <secp256k1.h>

#include <algorithm>
#include <ctime>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include <redoubt/crypto/hash.hpp>
#include <standins/signing_key.hpp>

namespace redoubt::bench {

namespace {

constexpr int in_a_row = 40;  // the first finds the caches full of others' data

double processor_microseconds() {
    timespec time{};
    if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) throw std::runtime_error("no clock");
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

}  // namespace

Verification::Verification() : digest_(crypto::blake2b_256(Bytes{1, 2, 3})) {
    const standins::SigningKey key(crypto::SignatureScheme::Secp256k1);
    public_key_ = key.public_key().encoded();
    signature_ = key.sign_raw(digest_);
}

double Verification::microseconds() const {
    secp256k1_pubkey key;
    secp256k1_ecdsa_signature signature;
    bool all_valid = secp256k1_ec_pubkey_parse(secp256k1_context_static, &key, public_key_.data(),
                                               public_key_.size()) == 1 &&
                     secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &signature,
                                                             signature_.data()) == 1;
    const double before = processor_microseconds();
    for (int i = 0; i < in_a_row; ++i) {
        all_valid = secp256k1_ecdsa_verify(secp256k1_context_static, &signature, digest_.data(),
                                           &key) == 1 &&
                    all_valid;
    }
    const double after = processor_microseconds();
    if (!all_valid) throw std::runtime_error("libsecp256k1 refuses a valid signature");
    return (after - before) / in_a_row;
}

BlsSignature::BlsSignature()
    : secret_(crypto::bls::SecretKey::generate(Bytes(crypto::bls::SecretKey::size, 1))),
      public_key_(secret_.public_key()) {}

void BlsSignature::make() const {
    const crypto::Digest root = crypto::sha256(Bytes{1, 2, 3});
    const auto signature = secret_.sign(root, crypto::bls::Domain::Message);
    if (!public_key_.verify({root, root}, signature, crypto::HighS::Refused)) {
        throw std::runtime_error("blst refuses a valid signature");
    }
}

double BlsSignature::microseconds() const {
    const double before = processor_microseconds();
    make();
    return processor_microseconds() - before;
}

double BlsSignature::microseconds_on_all_processors(std::size_t count) {
    std::vector<double> spent(std::max(1U, std::thread::hardware_concurrency()));
    {
        std::vector<std::jthread> threads;
        for (double& one : spent) {
            threads.emplace_back([&one, count] {
                const BlsSignature signature;
                const double before = processor_microseconds();
                for (std::size_t made = 0; made < count; ++made) signature.make();
                one = processor_microseconds() - before;
            });
        }
    }
    const auto all = static_cast<double>(spent.size() * count);
    return std::accumulate(spent.begin(), spent.end(), 0.0) / all;
}

}  // namespace redoubt::bench
