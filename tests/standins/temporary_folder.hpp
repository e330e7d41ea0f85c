// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace redoubt::standins {

/// A folder of our own that is gone when this is.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    /// Writes a file; its path.
    std::string write(const std::string& name, std::string_view text) const;

private:
    std::filesystem::path path_;
};

}  // namespace redoubt::standins
