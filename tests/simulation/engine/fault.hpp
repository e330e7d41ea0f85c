// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include <redoubt/http/exchange.hpp>

namespace redoubt::simulation {

/// All chance of one world.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    /// 0 to limit - 1. (The standard's distributions differ between libraries.)
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
    [[nodiscard]] bool chance(double probability) {
        return static_cast<double>(engine_() >> 11U) * 0x1.0p-53 < probability;
    }

private:
    std::mt19937_64 engine_;
};

/// What goes wrong with one call.
struct Fault {
    std::string name;
    bool is_done = false;  // whether the service did it nevertheless
    bool lasts = false;    // whether repeating cannot help, so that a failure is in order
};

/// Something that can befall a call to the table or to KMS.
[[nodiscard]] Fault draw_fault(bool is_for_table, Random& random);

/// What the caller hears instead of `said`, which the service answered if it did anything.
[[nodiscard]] http::ResponseOrError answer_with_fault(const Fault& trouble, http::Response said,
                                                      WallTime now);

/// Whether the caller nevertheless sees the row that the table showed.
[[nodiscard]] bool keeps_row(const Fault& trouble, const http::Response& said);

}  // namespace redoubt::simulation
