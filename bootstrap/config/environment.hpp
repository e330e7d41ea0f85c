// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::bootstrap {

/// Environment variables, taken out of the process.
class Environment {
public:
    /// Reads all variables and empties the process's environment, so that no library acts on one
    /// (proxies, SSLKEYLOGFILE, OPENSSL_CONF, CARES_HOSTS). Call before anything else.
    [[nodiscard]] static Environment take();

    explicit Environment(std::map<std::string, std::string, std::less<>> variables);

    /// Empty if absent: an empty variable is an absent one.
    [[nodiscard]] const std::string& get(std::string_view name) const;
    /// The names, as they are written, of the variables by which others are told of a proxy.
    [[nodiscard]] std::vector<std::string> proxies() const;

private:
    std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace redoubt::bootstrap
