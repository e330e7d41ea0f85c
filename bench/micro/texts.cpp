// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include <b64/cdecode.h>
#include <b64/cencode.h>
}
#include <sodium/utils.h>

#include <redoubt/base/base58.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

#include <inputs/inputs.hpp>
#include "measure.hpp"

namespace redoubt::bench {
namespace {

/// Written by hand: there is no library for it.
void measure_base58(const std::string& name, const std::string& text) {
    measure("base58_decode/" + name + "/ours", [text] { return from_base58check(text); });
    measure("base58_encode/" + name + "/ours",
            [bytes = from_base58check(text).value()] { return to_base58check(bytes); });
}

void measure_base64_encode(const std::string& name, const Bytes& bytes) {
    measure("base64_encode/" + name + "/ours", [bytes] { return to_base64(bytes); });
    measure("base64_encode/" + name + "/library", [bytes] {
        base64_encodestate state;
        base64_init_encodestate(&state);
        std::array<char, 256> out{};
        const int length = base64_encode_block(reinterpret_cast<const char*>(bytes.data()),
                                               static_cast<int>(bytes.size()), out.data(), &state);
        return length + base64_encode_blockend(out.data() + length, &state) > 0;
    });
}

void measure_base64_decode(const std::string& name, const std::string& text) {
    measure("base64_decode/" + name + "/ours", [text] { return from_base64(text); });
    measure("base64_decode/" + name + "/library", [text] {
        base64_decodestate state;
        base64_init_decodestate(&state);
        std::array<char, 256> out{};
        return base64_decode_block(text.data(), static_cast<int>(text.size()), out.data(), &state) >
               0;
    });
}

void measure_hex(const Bytes& bytes) {
    const std::string text = to_hex(bytes);
    measure("hex_decode/vote/ours", [text] { return from_hex(text); });
    measure("hex_decode/vote/library", [text] {
        std::array<Byte, 256> out{};
        std::size_t length = 0;
        return sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &length,
                              nullptr) == 0;
    });
    measure("hex_encode/vote/ours", [bytes] { return to_hex(bytes); });
    measure("hex_encode/vote/library", [bytes] {
        std::array<char, 512> out{};
        return sodium_bin2hex(out.data(), out.size(), bytes.data(), bytes.size()) != nullptr;
    });
}

}  // namespace

void measure_texts() {
    const SecretKey key = consensus_key(Curve::Secp256k1);
    const auto digest = crypto::blake2b_256(payload(RowKind::Attestation));
    measure_base58("signature", tezos::to_text(key.curve(), key.sign_reproducibly(digest)));
    measure_base58("public_key", key.named().public_key_text);
    measure_base58("address", key.named().address);
    measure_base58("chain", tezos::to_text(slot({}, RowKind::Block).scope.chain));
    const Bytes der = signature_of_kms(key, digest);
    measure_base64_encode("digest", Bytes(digest.begin(), digest.end()));
    measure_base64_decode("digest", to_base64(digest));
    measure_base64_encode("signature", der);
    measure_base64_decode("signature", to_base64(der));
    measure_hex(payload(RowKind::Attestation));
}

}  // namespace redoubt::bench
