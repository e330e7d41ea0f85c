// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/http/message.hpp>
#include <redoubt/io/exchange.hpp>

namespace redoubt::http {

enum class TransportFailure { Connection, Timeout, Deadline };

/// Why a request has no response. Whether the other side acted on it is unknown in every case.
struct TransportError {
    TransportFailure failure;
    std::string detail = {};  // what the network said
};

using ResponseOrError = std::expected<Response, TransportError>;

/// One or more requests of which each may depend on the response before it. A runner asks for the
/// next request and reports its response, until there is none.
///
/// A request may be hedged: if it takes unusually long, the same one is made once more, on another
/// connection. The first response of the two that settles it counts, the other request is given up
/// and what it is answered is never read; a transport error, or a response that settles nothing,
/// counts only from the last of the two. Both may be acted on, in any order and at any later time,
/// so only what may be repeated without harm is hedged.
class Exchange : public io::Exchange {
public:
    struct Next {
        ClientRequest request;
        SteadyTime not_before;                         // a pause before a repetition
        std::optional<Milliseconds> hedge_after = {};  // so long without a response: hedge_request
        std::optional<Milliseconds> time_limit = {};   // nothing: as long as any call may take
    };

    /// Nothing: finished.
    [[nodiscard]] virtual std::optional<Next> next() = 0;
    /// `slow`, the request under way, once more: signed afresh, but with the very same body. Asked
    /// at most once for each request that names `hedge_after`. Nothing: wait for the one there is.
    [[nodiscard]] virtual std::optional<ClientRequest> hedge_request(
        const ClientRequest& /*slow*/) {
        return std::nullopt;
    }
    /// Asked of a response while the other request of a hedged pair is still under way: whether it
    /// is as good as any other could be. If not, it is as lost, and the other one is waited for.
    [[nodiscard]] virtual bool settles(const Response& /*response*/) { return true; }
    /// A request is about to leave: of those that `next` and `hedge_request` gave, some never do
    /// (no connection, no time), and one whose kept connection turned out dead is sent again.
    virtual void on_send() noexcept {}
    /// After TransportFailure::Deadline no further request is asked for.
    virtual void on_response(const ResponseOrError& response) = 0;
    /// From when on no answer is waited for, if that is before the runner's deadline; then it is
    /// told of a deadline. Asked again after each answer, also another exchange's.
    [[nodiscard]] virtual SteadyTime give_up_at() const { return SteadyTime::max(); }
};

/// What a runner is given, by kind, each in its order.
struct SortedExchanges {
    std::vector<Exchange*> remote;
    std::vector<io::LocalExchange*> local;
};
/// Throws for what is neither.
[[nodiscard]] SortedExchanges sort_exchanges(std::span<io::Exchange* const> exchanges);

}  // namespace redoubt::http
