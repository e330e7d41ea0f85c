// SPDX-License-Identifier: Apache-2.0
#include "certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <initializer_list>
#include <stdexcept>

namespace redoubt::standins {

namespace {

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Handle<X509, X509_free>;

constexpr std::chrono::days week{7};

void must(bool fine, const char* what) {
    if (!fine) throw std::runtime_error(std::string("cannot make the local certificate: ") + what);
}

Key make_key() {
    std::string curve = "P-256";
    Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data()));
    must(key != nullptr, "key");
    return key;
}

struct Extension {
    int id;
    const char* value;
};

struct Subject {
    const char* name;
    long serial;
    std::chrono::seconds begins, ends;
    std::initializer_list<Extension> extensions;
};

/// `issuer` null: signed by itself.
Certificate issue(const Subject& subject, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
    Certificate made(X509_new());
    X509* x = made.get();
    must(x != nullptr && X509_set_version(x, X509_VERSION_3) == 1, "version");
    must(ASN1_INTEGER_set(X509_get_serialNumber(x), subject.serial) == 1, "serial");
    must(X509_gmtime_adj(X509_getm_notBefore(x), subject.begins.count()) != nullptr, "start");
    must(X509_gmtime_adj(X509_getm_notAfter(x), subject.ends.count()) != nullptr, "end");
    X509_NAME* name = X509_get_subject_name(x);
    must(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(subject.name), -1, -1,
                                    0) == 1,
         "name");
    must(X509_set_issuer_name(x, issuer == nullptr ? name : X509_get_subject_name(issuer)) == 1,
         "issuer");
    must(X509_set_pubkey(x, key) == 1, "public key");
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer == nullptr ? x : issuer, x, nullptr, nullptr, 0);
    for (const Extension& wanted : subject.extensions) {
        const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
            X509V3_EXT_conf_nid(nullptr, &context, wanted.id, wanted.value));
        must(extension != nullptr && X509_add_ext(x, extension.get(), -1) == 1, wanted.value);
    }
    must(X509_sign(x, issuer_key, EVP_sha256()) > 0, "signature");
    return made;
}

std::string pem_of(X509* certificate) {
    const Handle<BIO, BIO_free> out(BIO_new(BIO_s_mem()));
    must(out != nullptr && PEM_write_bio_X509(out.get(), certificate) == 1, "PEM");
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Authority::Authority()
    : key_(make_key()),
      certificate_(issue({.name = "Redoubt local authority",
                          .serial = std::time(nullptr),
                          .begins = -week,
                          .ends = week,
                          .extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                                         {NID_key_usage, "critical,keyCertSign"},
                                         {NID_subject_key_identifier, "hash"}}},
                         key_.get(), nullptr, key_.get())),
      pem_(pem_of(certificate_.get())) {}

TlsContext Authority::server(const ServerCertificate& wanted) const {
    const Key key = make_key();
    const Certificate leaf = issue({.name = "localhost",
                                    .serial = std::time(nullptr) + 1,
                                    .begins = wanted.begins,
                                    .ends = wanted.ends,
                                    .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                                                   {NID_key_usage, "critical,digitalSignature"},
                                                   {NID_ext_key_usage, wanted.usage.c_str()},
                                                   {NID_authority_key_identifier, "keyid"},
                                                   {NID_subject_alt_name, wanted.names.c_str()}}},
                                   key.get(), certificate_.get(), key_.get());
    TlsContext server(SSL_CTX_new(TLS_server_method()));
    must(server != nullptr, "context");
    must(SSL_CTX_set_min_proto_version(server.get(), TLS1_2_VERSION) == 1, "TLS version");
    must(SSL_CTX_use_certificate(server.get(), leaf.get()) == 1, "use of the certificate");
    must(SSL_CTX_use_PrivateKey(server.get(), key.get()) == 1, "use of the key");
    return server;
}

}  // namespace redoubt::standins
