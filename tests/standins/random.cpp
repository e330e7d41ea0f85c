// SPDX-License-Identifier: Apache-2.0
#include "random.hpp"

#include <openssl/rand.h>

#include <stdexcept>

#include <redoubt/base/encoding.hpp>

namespace redoubt::standins {

Bytes random_bytes(std::size_t count) {
    Bytes out(count);
    if (RAND_bytes(out.data(), static_cast<int>(count)) != 1) {
        throw std::runtime_error("OpenSSL: no random bytes");
    }
    return out;
}

std::string make_uuid() {
    Bytes bytes = random_bytes(16);
    bytes[6] = static_cast<Byte>((bytes[6] & 0x0fU) | 0x40U);
    bytes[8] = static_cast<Byte>((bytes[8] & 0x3fU) | 0x80U);
    const std::string hex = to_hex(bytes);
    std::string text;
    for (std::size_t at = 0; at < hex.size(); ++at) {
        if (at == 8 || at == 12 || at == 16 || at == 20) text += '-';
        text += hex[at];
    }
    return text;
}

}  // namespace redoubt::standins
