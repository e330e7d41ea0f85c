// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include <b64/cdecode.h>
#include <b64/cencode.h>
}
#include <sodium/utils.h>

#include <algorithm>
#include <array>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/tezos/base58.hpp>

#include <inputs/inputs.hpp>
#include "measure.hpp"

namespace redoubt::bench {
namespace {

/// Written by hand: there is no library for it.
void measure_base58(const std::string& name, const std::string& text) {
    measure("base58_decode/" + name + "/ours", [text] { return tezos::from_base58check(text); });
    measure("base58_encode/" + name + "/ours", [bytes = tezos::from_base58check(text).value()] {
        return tezos::to_base58check(bytes);
    });
}

using Buffer = std::array<char, 256>;

/// libb64's bare calls.
int encode(const Buffer& bytes, int size) {
    base64_encodestate state;
    base64_init_encodestate(&state);
    Buffer out{};
    const int length = base64_encode_block(bytes.data(), size, out.data(), &state);
    return length + base64_encode_blockend(out.data() + length, &state);
}

int decode(const std::string& text, Buffer& out) {
    base64_decodestate state;
    base64_init_decodestate(&state);
    return base64_decode_block(text.data(), static_cast<int>(text.size()), out.data(), &state);
}

void measure_base64_encode(const std::string& name, const Bytes& bytes) {
    measure("base64_encode/" + name + "/ours", [bytes] { return to_base64(bytes); });
    Buffer buffer{};
    std::ranges::copy(bytes, buffer.begin());
    measure("base64_encode/" + name + "/library",
            [buffer, size = static_cast<int>(bytes.size())] { return encode(buffer, size) > 0; });
}

/// libb64's decoder takes anything; what makes it strict is a comparison with what its encoder
/// says. So two calls are wrapped.
void measure_base64_decode(const std::string& name, const std::string& text) {
    measure("base64_decode/" + name + "/ours", [text] { return from_base64(text); });
    measure("base64_decode/" + name + "/library", [text] {
        Buffer decoded{};
        return encode(decoded, decode(text, decoded)) > 0;
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
    const SecretKey key = consensus_key(SignatureScheme::Secp256k1);
    const auto digest = crypto::blake2b_256(payload(ConsensusKind::Attestation));
    measure_base58("signature", tezos::to_text(key.scheme(), key.sign_reproducibly(digest)));
    measure_base58("public_key", key.named().public_key_text);
    measure_base58("address", key.named().address);
    measure_base58("chain", tezos::to_text(slot({}, ConsensusKind::Block).watermark.chain));
    const Bytes der = signature_of_kms(key, digest);
    measure_base64_encode("digest", Bytes(digest.begin(), digest.end()));
    measure_base64_decode("digest", to_base64(digest));
    measure_base64_encode("signature", der);
    measure_base64_decode("signature", to_base64(der));
    measure_hex(payload(ConsensusKind::Attestation));
}

}  // namespace redoubt::bench
