// SPDX-License-Identifier: Apache-2.0
#include "impostors.hpp"

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

using standins::Authority;
using standins::TlsContext;
using namespace std::chrono_literals;

/// What only a client without any standards would agree to.
TlsContext only_tls_1_1(TlsContext tls) {
    EXPECT_EQ(SSL_CTX_set_min_proto_version(tls.get(), TLS1_1_VERSION), 1);
    EXPECT_EQ(SSL_CTX_set_max_proto_version(tls.get(), TLS1_1_VERSION), 1);
    EXPECT_EQ(SSL_CTX_set_cipher_list(tls.get(), "ALL:@SECLEVEL=0"), 1);
    return tls;
}

}  // namespace

TlsContext up_to_tls_1_2(TlsContext tls) {
    EXPECT_EQ(SSL_CTX_set_max_proto_version(tls.get(), TLS1_2_VERSION), 1);
    return tls;
}

std::vector<Impostor> impostors(const Authority& authority) {
    const Authority stranger;  // of the same name
    std::vector<Impostor> all;
    const auto add = [&all](const std::string& name, const auto& make) {
        all.push_back({name, make()});
        all.push_back({name + ", TLS 1.2", up_to_tls_1_2(make())});
    };
    add("unknown root", [&] { return stranger.server(); });
    add("wrong name",
        [&] { return authority.server({.names = "DNS:localhost.example,IP:127.0.0.1"}); });
    add("expired", [&] { return authority.server({.begins = -48h, .ends = -1h}); });
    add("not yet valid", [&] { return authority.server({.begins = 1h, .ends = 48h}); });
    add("for clients only", [&] { return authority.server({.usage = "clientAuth"}); });
    all.push_back({"TLS 1.1", only_tls_1_1(authority.server())});
    return all;
}

}  // namespace redoubt::test
