// SPDX-License-Identifier: Apache-2.0
// ECDSA signatures in DER, as KMS answers them. The input: one.
#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include <algorithm>

#include <redoubt/base/handle.hpp>
#include <redoubt/crypto/ecdsa.hpp>

#include "check.hpp"

namespace redoubt::fuzz::der_signature {
namespace {

using crypto::RawSignature;
using crypto::SignatureScheme;
using EcdsaSignature = Handle<ECDSA_SIG, ECDSA_SIG_free>;
using Number = Handle<BIGNUM, BN_free>;

/// SEC 2, sections 2.4.1 and 2.4.2.
Number order_of(SignatureScheme scheme) {
    BIGNUM* order = nullptr;
    BN_hex2bn(&order, scheme == SignatureScheme::Secp256k1
                          ? "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
                          : "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    return Number(order);
}

Bytes encoded(const ECDSA_SIG* signature) {
    Bytes der(static_cast<std::size_t>(std::max(i2d_ECDSA_SIG(signature, nullptr), 0)));
    Byte* end = der.data();
    i2d_ECDSA_SIG(signature, &end);
    return der;
}

/// What OpenSSL reads, if that is the one legal spelling of numbers in range.
std::optional<RawSignature> read_by_openssl(ByteView der, const BIGNUM* order) {
    const Byte* at = der.data();
    const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    if (!signature || !std::ranges::equal(encoded(signature.get()), der)) return std::nullopt;
    ByteArray<64> raw{};
    const std::array numbers = {ECDSA_SIG_get0_r(signature.get()),
                                ECDSA_SIG_get0_s(signature.get())};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const BIGNUM* number = numbers.at(i);
        if (BN_is_zero(number) != 0 || BN_is_negative(number) != 0 || BN_cmp(number, order) >= 0) {
            return std::nullopt;
        }
        BN_bn2binpad(number, raw.data() + 32 * i, 32);
    }
    return RawSignature(raw);
}

/// Whether twice the signature's s is below the order.
bool is_low(const RawSignature& signature, const BIGNUM* order) {
    const Number s(BN_bin2bn(signature.data() + 32, 32, nullptr));
    const Number twice(BN_new());
    BN_lshift1(twice.get(), s.get());
    return BN_cmp(twice.get(), order) < 0;
}

void check_lowered(SignatureScheme scheme, const RawSignature& signature, const BIGNUM* order) {
    check(crypto::has_low_s(scheme, signature) == is_low(signature, order), "which s is low");
    const RawSignature lowered = crypto::with_low_s(scheme, signature);
    check(is_low(lowered, order), "a lowered s is low");
    check(crypto::with_low_s(scheme, lowered) == lowered, "a low s stays as it is");
    check(std::equal(lowered.begin(), lowered.begin() + 32, signature.begin()), "so does r");
    if (lowered == signature) return;
    const Number low(BN_bin2bn(lowered.data() + 32, 32, nullptr));
    const Number high(BN_bin2bn(signature.data() + 32, 32, nullptr));
    const Number sum(BN_new());
    BN_add(sum.get(), low.get(), high.get());
    check(BN_cmp(sum.get(), order) == 0, "a lowered s is the order less the high one");
}

}  // namespace

void one_input(ByteView der) {
    check(!crypto::parse_der_signature(SignatureScheme::Ed25519, der), "Ed25519 has no DER");
    for (const SignatureScheme scheme : {SignatureScheme::Secp256k1, SignatureScheme::P256}) {
        const Number order = order_of(scheme);
        const auto signature = crypto::parse_der_signature(scheme, der);
        check(signature == read_by_openssl(der, order.get()),
              "what OpenSSL would write, of numbers in range, is read as OpenSSL reads it");
        if (signature) check_lowered(scheme, *signature, order.get());
    }
}

}  // namespace redoubt::fuzz::der_signature
