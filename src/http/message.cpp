// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/message.hpp>

#include <algorithm>

namespace redoubt::http {

std::string_view header(const Response& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &Pairs::value_type::first);
    return found == response.headers.end() ? std::string_view() : std::string_view(found->second);
}

std::size_t text_size(const Pairs& headers) {
    std::size_t size = 0;
    for (const auto& [name, value] : headers) size += name.size() + value.size() + 4;
    return size;
}

std::string request_text(std::string_view method, std::string_view path, const Pairs& headers,
                         std::string_view body) {
    std::string text;
    // 64 for what stands between, the version and the length.
    text.reserve(method.size() + path.size() + text_size(headers) + body.size() + 64);
    text.append(method).append(" ").append(path).append(" HTTP/1.1\r\n");
    for (const auto& [name, value] : headers) {
        text.append(name).append(": ").append(value).append("\r\n");
    }
    if (method != "GET") {
        text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    }
    text.append("\r\n").append(body);
    return text;  // itself: `append` would give a copy, and leave this one behind
}

std::vector<std::string_view> path_parts(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        if (end > 0) parts.push_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

}  // namespace redoubt::http
