// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/roots.hpp>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/handle.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::test {
namespace {

using Certificate = Handle<X509, X509_free>;
using Source = Handle<BIO, BIO_free_all>;

std::vector<std::string> fingerprints() {
    const std::string_view pem = aws::amazon_roots();
    const Source source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::vector<std::string> out;
    while (
        const Certificate certificate{PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)}) {
        Bytes der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
        Byte* end = der.data();
        i2d_X509(certificate.get(), &end);
        out.push_back(to_hex(crypto::sha256(der)));
    }
    return out;
}

TEST(AmazonRoots, AreTheFiveOfTheTrustServicesRepository) {
    const std::vector<std::string> published = {
        "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",  // Amazon Root CA 1
        "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",  // Amazon Root CA 2
        "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",  // Amazon Root CA 3
        "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",  // Amazon Root CA 4
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",  // Starfield Services
                                                                             // G2
    };
    EXPECT_EQ(fingerprints(), published);
}

}  // namespace
}  // namespace redoubt::test
