// SPDX-License-Identifier: Apache-2.0
#include "handlers/ethereum_setup.hpp"

namespace redoubt::bootstrap {
namespace {

/// What may be signed goes by slots, of which the shortest that there are take five seconds
/// (Gnosis). An answer's `Date` may be almost two seconds old: it has whole ones, and a try takes
/// 750 ms at most.
constexpr Milliseconds tolerated_skew{3000};

}  // namespace

std::expected<std::unique_ptr<EthereumSetup>, InitError> set_up_ethereum(
    const Environment& environment, const Clock& clock, const std::vector<Milliseconds>& tries) {
    return set_up<EthereumSetup>(read_ethereum_config(environment), environment, clock,
                                 {.tries = tries, .tolerated_skew = tolerated_skew});
}

}  // namespace redoubt::bootstrap
