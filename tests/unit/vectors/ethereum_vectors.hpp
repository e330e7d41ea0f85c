// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/base/json.hpp>

/// tests/vectors/ethereum/: what other implementations say.
namespace redoubt::test {

/// A file of the folder, e.g. `networks`. Throws if there is none of that name.
[[nodiscard]] const Json& ethereum_vectors(const std::string& file);

/// A list of a file, and who runs its rows, every one of them: a test suite of this program, or, in
/// brackets, what is not built yet and will.
struct EthereumList {
    std::string file;
    std::string list;
    std::size_t rows = 0;
    std::string run_by;
};
[[nodiscard]] const std::vector<EthereumList>& ethereum_lists();

}  // namespace redoubt::test
