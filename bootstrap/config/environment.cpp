// SPDX-License-Identifier: Apache-2.0
#include "config/environment.hpp"

#include <unistd.h>

#include <cstdlib>

#include <redoubt/base/text.hpp>

namespace redoubt::bootstrap {

Environment Environment::take() {
    std::map<std::string, std::string, std::less<>> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos) {
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread exists yet
    ::clearenv();
    return Environment(std::move(variables));
}

Environment::Environment(std::map<std::string, std::string, std::less<>> variables)
    : variables_(std::move(variables)) {}

const std::string& Environment::get(std::string_view name) const {
    static const std::string absent;
    const auto found = variables_.find(name);
    return found == variables_.end() ? absent : found->second;
}

std::vector<std::string> Environment::proxies() const {
    std::vector<std::string> names;
    for (const auto& [name, value] : variables_) {
        const std::string lower = lower_case(name);
        const bool is_proxy = lower == "http_proxy" || lower == "https_proxy" ||
                              lower == "all_proxy" || lower == "no_proxy";
        if (is_proxy && !value.empty()) names.push_back(name);
    }
    return names;
}

}  // namespace redoubt::bootstrap
