// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/client.hpp>

#include <openssl/ssl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "transfer.hpp"
#include "trust.hpp"

namespace redoubt::http {
namespace {

using Multi = Handle<CURLM, curl_multi_cleanup>;
using Share = Handle<CURLSH, curl_share_cleanup>;

// What is found usable has to stay so for the request that follows.
constexpr std::chrono::seconds until_next_use{10};
// Each call may need a connection, and so a handshake, of its own: more wait for their turn.
constexpr std::size_t max_calls_at_once = 8;
// What libcurl takes; larger requests go in parts.
constexpr long smallest_upload_buffer = 16384;
// Nothing waits longer in one go; a loop goes round once more.
constexpr Milliseconds longest_poll = std::chrono::minutes(10);

/// A dialogue while it is driven: between calls (`next` set), in a call (with a transfer, or with
/// two that race), or neither.
struct Lane {
    Dialogue* dialogue;
    std::optional<Dialogue::Next> next = {};
    std::vector<std::unique_ptr<Transfer>> transfers = {};
    std::optional<SteadyTime> hedge_at = {};  // when the one transfer is to be raced

    [[nodiscard]] bool finished() const { return !next && transfers.empty(); }
    [[nodiscard]] auto find(const CURL* easy) {
        return std::ranges::find(transfers, easy, [](const auto& one) { return one->easy(); });
    }
};

/// What is still under way: its connection is closed, and no answer of it is ever read.
void give_up(Lane& lane) {
    lane.transfers.clear();
    lane.hedge_at.reset();
}

std::size_t under_way(const std::vector<Lane>& lanes) {
    std::size_t count = 0;
    for (const Lane& lane : lanes) count += lane.transfers.size();
    return count;
}

/// Asks once, whatever comes back.
class SingleCall final : public Dialogue {
public:
    explicit SingleCall(Call call) : call_(std::move(call)) {}

    std::optional<Next> next() override {
        if (!call_) return std::nullopt;
        Next next{std::move(*call_), {}};
        call_.reset();
        return next;
    }
    void heard(const Answer& /*answer*/) override {}
    [[nodiscard]] Effort effort() const override { return {}; }

private:
    std::optional<Call> call_;
};

/// Rounded up, so that what waits for `to` is not woken before it.
Milliseconds until(SteadyTime from, SteadyTime to) {
    if (to <= from) return Milliseconds(0);
    if (to - from > longest_poll) return longest_poll;
    return std::chrono::ceil<Milliseconds>(to - from);
}

}  // namespace

class Client::Impl {
public:
    Impl(ClientSettings settings, const Clock& clock)
        : settings_(std::move(settings)),
          clock_(clock),
          share_(curl_share_init()),
          multi_(curl_multi_init()) {
        if (!multi_ || !share_) throw std::runtime_error("libcurl gave no handle");
        // A new connection takes up the TLS session of an older one, whichever handle made that.
        if (curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) !=
            CURLSHE_OK) {
            throw std::runtime_error("libcurl shares no TLS sessions");
        }
    }
    ~Impl() {
        // The connections, closed with the multi handle, still report to `used_`.
        multi_.reset();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void run(std::span<Dialogue* const> dialogues, SteadyTime deadline);
    [[nodiscard]] bool usable(const std::string& origin) const;

private:
    struct Used {
        curl_socket_t socket;
        SteadyTime at;
    };

    void advance(Lane& lane) { lane.next = lane.dialogue->next(); }
    void go_on(std::vector<Lane>& lanes, SteadyTime deadline);
    void start_due(std::vector<Lane>& lanes, SteadyTime deadline);
    void hedge_late(std::vector<Lane>& lanes, SteadyTime deadline);
    void start(Lane& lane, Call call, SteadyTime deadline);
    void collect(std::vector<Lane>& lanes);
    void finish(Lane& lane, CURL* easy, CURLcode code);
    void abandon(std::vector<Lane>& lanes);
    void wait(const std::vector<Lane>& lanes, SteadyTime deadline);
    [[nodiscard]] Easy prepared_easy(SteadyTime deadline);
    [[nodiscard]] Easy new_easy();
    static CURLcode on_tls_context(CURL* easy, void* context, void* self);
    static int on_close(void* self, curl_socket_t socket);

    ClientSettings settings_;
    const Clock& clock_;
    TrustStore trust_;  // made for the first TLS connection
    std::map<std::string, Used> used_;
    Share share_;  // before its users: it goes after them
    Multi multi_;
    std::vector<Easy> idle_;
};

void Client::Impl::run(std::span<Dialogue* const> dialogues, SteadyTime deadline) {
    std::vector<Lane> lanes;
    lanes.reserve(dialogues.size());
    // The first call is on its way before the second one is even signed: whoever names the slower
    // service first has the other's preparation for nothing.
    for (Dialogue* dialogue : dialogues) {
        lanes.push_back({dialogue});
        advance(lanes.back());
        go_on(lanes, deadline);
    }
    for (;;) {
        collect(lanes);
        if (std::ranges::all_of(lanes, &Lane::finished)) return;
        if (clock_.steady() >= deadline) return abandon(lanes);
        hedge_late(lanes, deadline);
        wait(lanes, deadline);
        go_on(lanes, deadline);
    }
}

void Client::Impl::go_on(std::vector<Lane>& lanes, SteadyTime deadline) {
    if (clock_.steady() < deadline) start_due(lanes, deadline);
    int running = 0;
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) {
        throw std::runtime_error("curl_multi_perform failed");
    }
}

void Client::Impl::start_due(std::vector<Lane>& lanes, SteadyTime deadline) {
    const SteadyTime now = clock_.steady();
    for (Lane& lane : lanes) {
        if (under_way(lanes) >= max_calls_at_once) return;
        if (!lane.next || lane.next->not_before > now) continue;
        if (lane.next->hedge_after) lane.hedge_at = now + *lane.next->hedge_after;
        start(lane, std::move(lane.next->call), deadline);
        lane.next.reset();
    }
}

/// After the answers that are there were collected: whoever wakes up late finds them first. libcurl
/// opens another connection, since the one of the slow call is busy.
void Client::Impl::hedge_late(std::vector<Lane>& lanes, SteadyTime deadline) {
    const SteadyTime now = clock_.steady();
    for (Lane& lane : lanes) {
        if (under_way(lanes) >= max_calls_at_once) return;
        if (!lane.hedge_at || *lane.hedge_at > now) continue;
        lane.hedge_at.reset();
        auto call = lane.dialogue->again(lane.transfers.front()->call());
        if (call) start(lane, std::move(*call), deadline);
    }
}

void Client::Impl::start(Lane& lane, Call call, SteadyTime deadline) {
    lane.transfers.push_back(std::make_unique<Transfer>(multi_.get(), prepared_easy(deadline),
                                                        *lane.dialogue, std::move(call),
                                                        settings_.max_answer_bytes));
}

void Client::Impl::collect(std::vector<Lane>& lanes) {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL* const easy = message->easy_handle;
        const auto lane = std::ranges::find_if(lanes, [&](Lane& candidate) {
            return candidate.find(easy) != candidate.transfers.end();
        });
        if (lane != lanes.end()) finish(*lane, easy, message->data.result);
    }
}

void Client::Impl::finish(Lane& lane, CURL* easy, CURLcode code) {
    const auto ended = lane.find(easy);
    Transfer& transfer = **ended;
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(transfer.easy(), CURLINFO_ACTIVESOCKET, &socket);
    if (code == CURLE_OK && socket != CURL_SOCKET_BAD) {
        used_[origin_of(transfer.call().url)] = {socket, clock_.steady()};
    }
    const Answer answer = transfer.answer(code);
    idle_.push_back(transfer.take_easy());
    lane.transfers.erase(ended);
    // The other one may still be answered.
    if (!answer && !lane.transfers.empty()) return;
    give_up(lane);
    lane.dialogue->heard(answer);
    advance(lane);
}

void Client::Impl::abandon(std::vector<Lane>& lanes) {
    for (Lane& lane : lanes) {
        if (lane.finished()) continue;
        give_up(lane);
        lane.next.reset();
        lane.dialogue->heard(std::unexpected(Loss{Lost::Deadline}));
    }
}

void Client::Impl::wait(const std::vector<Lane>& lanes, SteadyTime deadline) {
    const SteadyTime now = clock_.steady();
    SteadyTime wake = deadline;
    for (const Lane& lane : lanes) {
        // With no turn to give, only an answer helps.
        if (under_way(lanes) >= max_calls_at_once) break;
        if (lane.next) wake = std::min(wake, lane.next->not_before);
        if (lane.hedge_at) wake = std::min(wake, *lane.hedge_at);
    }
    const auto pause = static_cast<int>(until(now, wake).count());
    if (curl_multi_poll(multi_.get(), nullptr, 0, pause, nullptr) != CURLM_OK) {
        throw std::runtime_error("curl_multi_poll failed");
    }
}

/// One that was used before, or a new one. All that a transfer changes, the next one sets again.
Easy Client::Impl::prepared_easy(SteadyTime deadline) {
    if (idle_.empty()) idle_.push_back(new_easy());
    Easy easy = std::move(idle_.back());
    idle_.pop_back();
    const Milliseconds left = std::min(until(clock_.steady(), deadline), settings_.call_timeout);
    set_option(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    return easy;
}

Easy Client::Impl::new_easy() {
    Easy easy(curl_easy_init());
    if (!easy) throw std::runtime_error("libcurl gave no easy handle");
    CURL* handle = easy.get();
    set_option(handle, CURLOPT_NOSIGNAL, 1L);
    set_option(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    // Taken and given back with each call. The usual 64 KiB were enough to make the heap grow and
    // shrink each time.
    set_option(handle, CURLOPT_UPLOAD_BUFFERSIZE, smallest_upload_buffer);
    set_option(handle, CURLOPT_MAXAGE_CONN, static_cast<long>(settings_.idle_limit.count()));
    set_option(handle, CURLOPT_CLOSESOCKETFUNCTION, &Impl::on_close);
    set_option(handle, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
    set_option(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set_option(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    set_option(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // Our own store instead of any file of the machine's; libcurl must not keep a second one.
    set_option(handle, CURLOPT_CAINFO, static_cast<char*>(nullptr));
    set_option(handle, CURLOPT_CAPATH, static_cast<char*>(nullptr));
    set_option(handle, CURLOPT_CA_CACHE_TIMEOUT, 0L);
    set_option(handle, CURLOPT_SSL_CTX_FUNCTION, &Impl::on_tls_context);
    set_option(handle, CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));
    set_option(handle, CURLOPT_SHARE, share_.get());
    return easy;
}

CURLcode Client::Impl::on_tls_context(CURL* /*easy*/, void* context, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    try {
        if (!impl.trust_) impl.trust_ = make_trust_store(impl.settings_.trusted_roots);
    } catch (const std::exception&) {
        return CURLE_SSL_CACERT_BADFILE;  // an exception must not pass through libcurl
    }
    SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), impl.trust_.get());
    return CURLE_OK;
}

int Client::Impl::on_close(void* self, curl_socket_t socket) {
    std::erase_if(static_cast<Impl*>(self)->used_,
                  [&](const auto& entry) { return entry.second.socket == socket; });
    return ::close(socket);
}

bool Client::Impl::usable(const std::string& origin) const {
    const auto found = used_.find(origin);
    if (found == used_.end()) return false;
    // As libcurl counts the age of a connection: whole seconds.
    const auto idle = std::chrono::floor<std::chrono::seconds>(clock_.steady() - found->second.at);
    if (idle + until_next_use > settings_.idle_limit) return false;
    // Between calls a service has nothing to say: what is readable is the end of the connection.
    pollfd state{found->second.socket, POLLIN | POLLRDHUP, 0};
    return ::poll(&state, 1, 0) == 0;
}

Client::Client(ClientSettings settings, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(settings), clock)) {}

Client::~Client() = default;

void Client::run(std::span<Dialogue* const> dialogues, SteadyTime deadline) {
    impl_->run(dialogues, deadline);
}

void Client::freshen(const std::vector<std::string>& origins, SteadyTime deadline) {
    if (std::ranges::all_of(origins, [&](const auto& origin) { return impl_->usable(origin); })) {
        return;
    }
    std::vector<std::unique_ptr<SingleCall>> openings;
    std::vector<Dialogue*> dialogues;
    openings.reserve(origins.size());
    dialogues.reserve(origins.size());
    for (const std::string& origin : origins) {
        openings.push_back(std::make_unique<SingleCall>(Call{"GET", origin + "/", {}, {}}));
        dialogues.push_back(openings.back().get());
    }
    impl_->run(dialogues, deadline);
}

}  // namespace redoubt::http
