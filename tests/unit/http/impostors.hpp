// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <standins/certificate.hpp>

namespace redoubt::test {

/// A server that must not hear a word.
struct Impostor {
    std::string name;
    standins::TlsContext tls;
};

/// All kinds, as whoever trusts `authority` and looks for `localhost` meets them.
[[nodiscard]] std::vector<Impostor> impostors(const standins::Authority& authority);

/// `tls`, up to TLS 1.2 only.
[[nodiscard]] standins::TlsContext up_to_tls_1_2(standins::TlsContext tls);

}  // namespace redoubt::test
