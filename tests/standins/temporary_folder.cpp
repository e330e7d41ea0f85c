// SPDX-License-Identifier: Apache-2.0
#include "temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace redoubt::standins {

TemporaryFolder::TemporaryFolder() {
    std::string form = (std::filesystem::temp_directory_path() / "redoubt-XXXXXX").string();
    if (::mkdtemp(form.data()) == nullptr) {
        throw std::runtime_error("cannot make a folder like " + form);
    }
    path_ = form;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, std::string_view text) const {
    const std::filesystem::path file = path_ / name;
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw std::runtime_error("cannot write " + file.string());
    return file.string();
}

}  // namespace redoubt::standins
