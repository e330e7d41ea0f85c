// SPDX-License-Identifier: Apache-2.0
// Signs what it reads: a secret scalar and a message, both in hex, a line in; out, the public key,
// the signature and the key's proof of possession, in hex. So that another implementation can be
// asked the same (test_bls.py).

#include <algorithm>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/bls.hpp>

namespace {

using redoubt::crypto::bls::Domain;
using redoubt::crypto::bls::SecretKey;

std::string sign(std::string_view line) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const auto secret = redoubt::from_hex(line.substr(0, space));
    const auto message = redoubt::from_hex(line.substr(std::min(space + 1, line.size())));
    const auto key = secret && message ? SecretKey::parse(*secret) : std::nullopt;
    if (!key) throw std::runtime_error("cannot read the line");
    const redoubt::Bytes shown = key->public_key().encoded();
    return redoubt::to_hex(shown) + " " + redoubt::to_hex(key->sign(*message, Domain::Message)) +
           " " + redoubt::to_hex(key->sign(shown, Domain::Possession));
}

}  // namespace

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);) std::cout << sign(line) << '\n';
    } catch (const std::exception& error) {
        std::cerr << "bls-tool: " << error.what() << '\n';
        return 1;
    }
}
