// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace redoubt::aws {

/// The five roots that Amazon's service endpoints chain to, as PEM.
/// Source: Amazon Trust Services repository; the unit tests hold them to its fingerprints.
[[nodiscard]] std::string_view amazon_roots();

}  // namespace redoubt::aws
