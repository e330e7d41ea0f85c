// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/tezos/formats/marks.hpp>

/// What `import` is given of another signer, and `export` answers for it.
namespace redoubt::tezos_operator {

/// `from` and `data`: one text, or `{<file name>: <text>}` where a signer has several files or its
/// file's name counts. `chain` as well, where the data names none. Error: bad_request.
[[nodiscard]] Result<tezos::formats::Marks> read_marks(const Json& fields);

}  // namespace redoubt::tezos_operator
