// SPDX-License-Identifier: Apache-2.0
#include "trust.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <stdexcept>

namespace redoubt::http {
namespace {

using Bio = Handle<BIO, BIO_free>;
using Certificate = Handle<X509, X509_free>;

}  // namespace

TrustStore make_trust_store(std::string_view pem) {
    TrustStore store(X509_STORE_new());
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!store || !bio) throw std::runtime_error("no memory for the trusted roots");
    int count = 0;
    while (const Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
        if (X509_STORE_add_cert(store.get(), certificate.get()) != 1) {
            throw std::runtime_error("a trusted root could not be added");
        }
        ++count;
    }
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (count == 0 || !at_end)
        throw std::runtime_error("the trusted roots are not PEM certificates");
    return store;
}

}  // namespace redoubt::http
