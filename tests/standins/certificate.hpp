// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <string>

#include <redoubt/base/handle.hpp>

namespace redoubt::standins {

using TlsContext = Handle<SSL_CTX, SSL_CTX_free>;

/// What a server's certificate is to say. As it stands: that of the local services, a week old and
/// good for another one, so that tests may shift a clock by days.
struct ServerCertificate {
    std::string names = "DNS:localhost,IP:127.0.0.1";
    std::chrono::hours begins{-7 * 24};  ///< from now
    std::chrono::hours ends{7 * 24};     ///< likewise
    std::string usage = "serverAuth";
};

/// A certificate authority that lives as long as the program. Nothing but its certificate ever
/// leaves the process. Everything throws std::runtime_error.
class Authority {
public:
    Authority();

    /// Its certificate, for AWS_CA_BUNDLE.
    [[nodiscard]] const std::string& pem() const { return pem_; }
    /// A server's TLS, 1.2 or newer, that shows a certificate which this issued for it.
    [[nodiscard]] TlsContext server(const ServerCertificate& wanted = {}) const;

private:
    Handle<EVP_PKEY, EVP_PKEY_free> key_;
    Handle<X509, X509_free> certificate_;
    std::string pem_;
};

}  // namespace redoubt::standins
