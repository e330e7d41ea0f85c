// SPDX-License-Identifier: Apache-2.0
// Keystores. The input: a password, a line's end, and the file.
#include <string>

#include <ethereum/keystore_parts.hpp>
#include <redoubt/base/json.hpp>

#include "check.hpp"
#include "lines.hpp"

namespace redoubt::fuzz::keystore {
namespace {

using namespace redoubt::ethereum;

/// In units of what scrypt and PBKDF2 repeat; and the bytes that it takes.
struct Cost {
    std::uint64_t work;
    std::uint64_t memory;
};
Cost cost(const Kdf& kdf) {
    if (const auto* scrypt = std::get_if<crypto::Scrypt>(&kdf)) {
        return {scrypt->n * scrypt->r * scrypt->p, scrypt->memory()};
    }
    return {std::get<crypto::Pbkdf2>(kdf).iterations, 0};
}

void read_password(std::string_view text) {
    const auto normal = normal_password(text);
    if (!normal) return;
    const ByteView bytes = normal->view();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        check(bytes[i] >= 0x20 && bytes[i] != 0x7f, "no control code");
        check(bytes[i] != 0xc2 || bytes[i + 1] >= 0xa0, "nor one of the second kind");
    }
}

void read_file(std::string_view json, std::string_view password) {
    const auto file = parse_keystore(json);
    if (!file) {
        check(file.error().code == Code::BadRequest && !file.error().message.empty(),
              "what is refused is somebody's mistake");
        return;
    }
    const auto [work, memory] = cost(file->kdf);
    check(work <= std::uint64_t{1} << 23U && memory <= std::uint64_t{1} << 28U,
          "no file asks for more than it may");
    const std::string written = to_json(*file);
    check(to_json(parse_keystore(written).value()) == written, "what is written is what is read");
    if (work > 8192) return;  // a password tried takes its time
    const auto opened = open_keystore(json, password, WeakKdf::Accepted);
    check(!open_keystore(json, password), "a weak file is opened where told to alone");
    check(!opened || !file->public_key ||
              to_hex(opened->public_key().encoded()) == to_hex(file->public_key->bytes),
          "the secret is its key's");
}

}  // namespace

void one_input(ByteView input) {
    std::string_view rest = text_of(input);
    const std::string_view password = take_line(rest);
    read_password(password);
    read_file(rest, password);
}

}  // namespace redoubt::fuzz::keystore
