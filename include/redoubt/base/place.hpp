// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>

/// Reads values of a JSON file and says where it was that one was not as it should be. Names are
/// shown, but no values: a file that was given by mistake may hold secrets.
namespace redoubt::json {

/// A value, and where it stands.
struct Place {
    const Json& value;
    std::string path;  // "block_high_watermarks, NetX..., tz2..."

    [[nodiscard]] Place at(std::string_view name, const Json& member) const;
    /// The member of that name, which is there.
    [[nodiscard]] Place at(std::string_view name) const;
};

/// `bad_request`: "<path>: <what>".
[[nodiscard]] std::unexpected<Error> refuse(const Place& place, std::string_view what);

/// A name from a file as a message may show it: never long, and nothing that moves a cursor.
[[nodiscard]] std::string shown(std::string_view name);

/// That it is an object with all of `required`, and no others than those and `optional`.
[[nodiscard]] Result<void> check_members(const Place& place,
                                         std::initializer_list<std::string_view> required,
                                         std::initializer_list<std::string_view> optional = {});

[[nodiscard]] Result<const std::string*> read_text(const Place& place);

}  // namespace redoubt::json
