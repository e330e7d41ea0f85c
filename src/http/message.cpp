// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/message.hpp>

#include <algorithm>

namespace redoubt::http {

std::string_view header(const Response& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &Pairs::value_type::first);
    return found == response.headers.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace redoubt::http
