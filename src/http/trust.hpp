// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/x509.h>

#include <string_view>

#include <redoubt/base/handle.hpp>

namespace redoubt::http {

using TrustStore = Handle<X509_STORE, X509_STORE_free>;

/// A store that trusts exactly the certificates of `pem`. Throws if there is none, or a broken one.
[[nodiscard]] TrustStore make_trust_store(std::string_view pem);

}  // namespace redoubt::http
