// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/exchange.hpp>

namespace redoubt::http {

SortedExchanges sort_exchanges(std::span<io::Exchange* const> exchanges) {
    SortedExchanges sorted;
    for (io::Exchange* exchange : exchanges) {
        if (auto* local = dynamic_cast<io::LocalExchange*>(exchange)) {
            sorted.local.push_back(local);
        } else {
            sorted.remote.push_back(&dynamic_cast<Exchange&>(*exchange));
        }
    }
    return sorted;
}

}  // namespace redoubt::http
