// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <string>

#include <redoubt/base/handle.hpp>

namespace redoubt::standins {

/// A certificate authority that lives as long as the program, and the certificate of 127.0.0.1 and
/// localhost that it issued. Nothing but the authority's certificate ever leaves the process.
class LocalTls {
public:
    LocalTls();

    /// Of a server that shows the certificate. Owned by this.
    [[nodiscard]] SSL_CTX* server() const { return server_.get(); }
    /// The authority's certificate, for AWS_CA_BUNDLE.
    [[nodiscard]] const std::string& authority_pem() const { return authority_pem_; }

private:
    std::string authority_pem_;
    Handle<SSL_CTX, SSL_CTX_free> server_;
};

}  // namespace redoubt::standins
