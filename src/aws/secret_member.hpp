// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/guarded.hpp>

namespace redoubt::aws {

/// A JSON text without the one value that must not get into a parser's buffers.
struct SplitSecret {
    std::string rest;                    // with an empty text in its place
    std::optional<GuardedBytes> secret;  // decoded, if it is canonical base64 of at most 4 KB
};

/// Takes the text `name` out of the object that `body` is. Without that member, or if it is not a
/// text, there is nothing to take. (An escaped name is another one: no service writes it so.)
/// Nothing if a text in `body` does not end. Whether it is JSON at all, the parser of the rest
/// says.
[[nodiscard]] std::optional<SplitSecret> split_secret(std::string_view body, std::string_view name);

}  // namespace redoubt::aws
