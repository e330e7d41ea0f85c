// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/client.hpp>

#include <algorithm>
#include <utility>

#include <redoubt/base/secret.hpp>

#include "connections.hpp"
#include "transfer.hpp"

namespace redoubt::http {
namespace {

// Each call may need a connection, and so a handshake, of its own: more wait for their turn.
constexpr std::size_t max_calls_at_once = 8;

/// An exchange while it is driven: between calls (`next` set), in a call (with a transfer, or with
/// two that race), or neither.
struct Lane {
    Exchange* exchange;
    std::optional<Exchange::Next> next = {};
    std::vector<std::unique_ptr<Transfer>> transfers = {};
    std::optional<SteadyTime> hedge_at = {};  // when the one transfer is to be raced
    Milliseconds time_limit{};                // of each transfer

    [[nodiscard]] bool finished() const { return !next && transfers.empty(); }
    [[nodiscard]] bool is_sending() const {
        return std::ranges::any_of(transfers, [](const auto& one) { return !one->has_left(); });
    }
};

/// What is still under way: its connection is closed, and no answer of it is ever read.
void give_up(Lane& lane) {
    lane.transfers.clear();
    lane.hedge_at.reset();
}

/// What was to be sent: it may carry a secret, so nothing of it stays behind.
void drop_next(Lane& lane) {
    if (lane.next) wipe(lane.next->request.body);
    lane.next.reset();
}

std::size_t under_way(const std::vector<Lane>& lanes) {
    std::size_t count = 0;
    for (const Lane& lane : lanes) count += lane.transfers.size();
    return count;
}

}  // namespace

class Client::Impl {
public:
    Impl(ClientSettings settings, const Clock& clock)
        : settings_(std::move(settings)), clock_(clock), connections_(settings_, clock) {}

    void run(std::span<io::Exchange* const> exchanges, SteadyTime deadline);
    void expect(const std::vector<std::string>& origins) { expected_ = origins; }
    void ensure_connections(const std::vector<std::string>& origins, SteadyTime deadline) {
        connections_.ensure_connections(
            origins, std::min(deadline, clock_.steady() + settings_.call_timeout));
    }

private:
    void advance(Lane& lane) { lane.next = lane.exchange->next(); }
    void compute(std::span<io::LocalExchange* const> exchanges, SteadyTime deadline);
    void progress(std::vector<Lane>& lanes, SteadyTime deadline);
    void start_due(std::vector<Lane>& lanes, SteadyTime deadline);
    void time_out(std::vector<Lane>& lanes, SteadyTime now);
    void hedge_late(std::vector<Lane>& lanes, SteadyTime now);
    void start(Lane& lane, ClientRequest request, SteadyTime now);
    void collect(std::vector<Lane>& lanes);
    void finish(Lane& lane, std::size_t ended, const ResponseOrError& answer);
    void abandon(Lane& lane);
    void wait(const std::vector<Lane>& lanes, SteadyTime wake);
    [[nodiscard]] SteadyTime next_turn(const std::vector<Lane>& lanes, SteadyTime deadline) const;

    ClientSettings settings_;
    const Clock& clock_;
    Connections connections_;
    std::vector<std::string> expected_;  // origins to open connections to
};

void Client::Impl::run(std::span<io::Exchange* const> exchanges, SteadyTime deadline) {
    const auto [remote, local] = sort_exchanges(exchanges);
    std::vector<Lane> lanes;
    lanes.reserve(remote.size());
    // The first call is on its way before the second one is even signed: whoever names the slower
    // service first has the other's preparation for nothing.
    for (Exchange* exchange : remote) {
        lanes.push_back({exchange});
        advance(lanes.back());
        progress(lanes, deadline);
    }
    for (bool is_computed = false;;) {
        // Not before: what is computed first holds up what has to be sent.
        if (!is_computed && !std::ranges::any_of(lanes, &Lane::is_sending)) {
            connections_.open_ahead(std::exchange(expected_, {}));
            compute(local, deadline);
            is_computed = true;
        }
        if (is_computed && std::ranges::all_of(lanes, &Lane::finished)) return;
        // What is late is judged after a look: whoever wakes up late finds the answers first.
        wait(lanes, next_turn(lanes, deadline));
        collect(lanes);
        const SteadyTime now = clock_.steady();
        if (now >= deadline) break;
        time_out(lanes, now);
        hedge_late(lanes, now);
        progress(lanes, deadline);
    }
    for (Lane& lane : lanes) {
        if (!lane.finished()) abandon(lane);
    }
}

void Client::Impl::compute(std::span<io::LocalExchange* const> exchanges, SteadyTime deadline) {
    for (io::LocalExchange* exchange : exchanges) {
        if (clock_.steady() < deadline) exchange->compute();
    }
}

void Client::Impl::progress(std::vector<Lane>& lanes, SteadyTime deadline) {
    start_due(lanes, deadline);
    collect(lanes);  // what has its connection is sent before another one's handshake goes on
    if (connections_.drive()) collect(lanes);
}

void Client::Impl::start_due(std::vector<Lane>& lanes, SteadyTime deadline) {
    const SteadyTime now = clock_.steady();
    if (now >= deadline) return;
    for (Lane& lane : lanes) {
        if (under_way(lanes) >= max_calls_at_once) return;
        if (!lane.next || lane.next->not_before > now) continue;
        if (lane.next->hedge_after) lane.hedge_at = now + *lane.next->hedge_after;
        lane.time_limit = lane.next->time_limit.value_or(settings_.call_timeout);
        start(lane, std::move(lane.next->request), now);
        lane.next.reset();
    }
}

void Client::Impl::time_out(std::vector<Lane>& lanes, SteadyTime now) {
    for (Lane& lane : lanes) {
        if (!lane.finished() && now >= lane.exchange->give_up_at()) abandon(lane);
        for (std::size_t i = 0; i < lane.transfers.size();) {
            if (now < lane.transfers[i]->deadline()) {
                ++i;
            } else {
                finish(lane, i, std::unexpected(TransportError{TransportFailure::Timeout}));
            }
        }
    }
}

/// The connection of the slow call is busy, so this takes another one.
void Client::Impl::hedge_late(std::vector<Lane>& lanes, SteadyTime now) {
    for (Lane& lane : lanes) {
        if (under_way(lanes) >= max_calls_at_once) return;
        if (!lane.hedge_at || *lane.hedge_at > now) continue;
        lane.hedge_at.reset();
        auto request = lane.exchange->hedge_request(lane.transfers.front()->request());
        if (request) start(lane, std::move(*request), now);
    }
}

void Client::Impl::start(Lane& lane, ClientRequest request, SteadyTime now) {
    lane.transfers.push_back(std::make_unique<Transfer>(connections_, *lane.exchange,
                                                        std::move(request), now + lane.time_limit,
                                                        settings_.max_answer_bytes));
}

void Client::Impl::collect(std::vector<Lane>& lanes) {
    for (Lane& lane : lanes) {
        for (std::size_t i = 0; i < lane.transfers.size();) {
            if (auto answer = lane.transfers[i]->poll()) {
                finish(lane, i, *answer);  // takes it, and perhaps others, away
                if (*answer) wipe((*answer)->body);
            } else {
                ++i;
            }
        }
    }
}

void Client::Impl::finish(Lane& lane, std::size_t ended, const ResponseOrError& answer) {
    if (answer) lane.transfers[ended]->release_connection();
    lane.transfers.erase(lane.transfers.begin() + static_cast<std::ptrdiff_t>(ended));
    // The other one may still be answered, and better.
    if (!lane.transfers.empty() && (!answer || !lane.exchange->settles(*answer))) return;
    give_up(lane);
    lane.exchange->on_response(answer);
    advance(lane);
}

void Client::Impl::abandon(Lane& lane) {
    give_up(lane);
    drop_next(lane);
    lane.exchange->on_response(std::unexpected(TransportError{TransportFailure::Deadline}));
}

void Client::Impl::wait(const std::vector<Lane>& lanes, SteadyTime wake) {
    std::vector<Transfer*> transfers;
    std::vector<curl_waitfd> sockets;
    for (const Lane& lane : lanes) {
        for (const auto& transfer : lane.transfers) {
            if (const auto awaited = transfer->awaited()) {
                transfers.push_back(transfer.get());
                sockets.push_back(*awaited);
            }
        }
    }
    connections_.wait(sockets, wake);
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        if (sockets[i].revents != 0) transfers[i]->ready();
    }
}

/// When there is something to do though nothing came.
SteadyTime Client::Impl::next_turn(const std::vector<Lane>& lanes, SteadyTime deadline) const {
    SteadyTime turn = deadline;
    const bool has_room = under_way(lanes) < max_calls_at_once;  // else only an answer helps
    for (const Lane& lane : lanes) {
        for (const auto& transfer : lane.transfers) turn = std::min(turn, transfer->deadline());
        if (has_room && lane.next) turn = std::min(turn, lane.next->not_before);
        if (has_room && lane.hedge_at) turn = std::min(turn, *lane.hedge_at);
        if (!lane.finished()) turn = std::min(turn, lane.exchange->give_up_at());
    }
    return turn;
}

Client::Client(ClientSettings settings, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(settings), clock)) {}

Client::~Client() = default;

void Client::run(std::span<io::Exchange* const> exchanges, SteadyTime deadline) {
    impl_->run(exchanges, deadline);
}

void Client::expect(const std::vector<std::string>& origins) { impl_->expect(origins); }

void Client::ensure_connections(const std::vector<std::string>& origins, SteadyTime deadline) {
    impl_->ensure_connections(origins, deadline);
}

}  // namespace redoubt::http
