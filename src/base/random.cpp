// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/random.hpp>

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace redoubt {

void fill_with_random(std::span<Byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = getrandom(bytes.data(), bytes.size(), 0);
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (count == 0 || errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
    }
}

}  // namespace redoubt
