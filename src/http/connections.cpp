// SPDX-License-Identifier: Apache-2.0
#include "connections.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>

namespace redoubt::http {
namespace {

// What is found usable has to stay so for the request that follows.
constexpr std::chrono::seconds until_next_use{10};

// Nothing waits longer in one go; a loop goes round once more.
constexpr Milliseconds longest_poll = std::chrono::minutes(10);

/// Rounded up, so that what waits for `to` is not woken before it.
Milliseconds until(SteadyTime from, SteadyTime to) {
    return std::clamp(std::chrono::ceil<Milliseconds>(to - from), Milliseconds(0), longest_poll);
}

template <class Value>
void set(const Easy& easy, CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(easy.get(), option, value); code != CURLE_OK) {
        throw std::runtime_error(std::string("libcurl refused an option: ") +
                                 curl_easy_strerror(code));
    }
}

}  // namespace

Connections::Connections(const ClientSettings& settings, const Clock& clock)
    : settings_(settings), clock_(clock), share_(curl_share_init()), multi_(curl_multi_init()) {
    if (!multi_ || !share_) throw std::runtime_error("libcurl gave no handle");
    // A new connection takes up the TLS session of an older one, whichever handle made that.
    if (curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) !=
        CURLSHE_OK) {
        throw std::runtime_error("libcurl shares no TLS sessions");
    }
}

std::unique_ptr<Connection> Connections::take(const std::string& origin) {
    for (;;) {
        const auto found = std::ranges::find_if(
            kept_, [&](const Kept& kept) { return kept.connection->origin() == origin; });
        if (found == kept_.end()) return nullptr;
        const bool usable = is_usable(*found, std::chrono::seconds(0));
        auto connection = std::move(found->connection);
        kept_.erase(found);
        if (usable) return connection;
    }
}

std::unique_ptr<Connection> Connections::open(const std::string& origin) {
    ++opening_;
    return std::make_unique<Connection>(multi_.get(), prepared_easy(origin), origin);
}

void Connections::keep(std::unique_ptr<Connection> connection) {
    kept_.insert(kept_.begin(), {std::move(connection), clock_.steady()});
}

void Connections::open_ahead(const std::vector<std::string>& origins) {
    for (const std::string& origin : origins) {
        if (count_kept(origin) < std::ranges::count(origins, origin)) keep(open(origin));
    }
}

void Connections::ensure_connections(const std::vector<std::string>& origins, SteadyTime deadline) {
    std::erase_if(kept_, [&](const Kept& kept) { return !is_usable(kept, until_next_use); });
    const auto is_missing = [&](const std::string& origin) { return count_kept(origin) == 0; };
    // Where one has ended, as after a freeze, another's end may be on its way.
    if (std::ranges::any_of(origins, is_missing)) kept_.clear();
    open_ahead(origins);
    const auto is_opening = [&](const Kept& kept) {
        return !kept.connection->opened() &&
               std::ranges::find(origins, kept.connection->origin()) != origins.end();
    };
    for (drive(); std::ranges::any_of(kept_, is_opening); drive()) {
        if (clock_.steady() >= deadline) break;
        std::vector<curl_waitfd> none;
        wait(none, deadline);
    }
    std::erase_if(kept_, is_opening);
}

std::ptrdiff_t Connections::count_kept(const std::string& origin) const {
    return std::ranges::count_if(
        kept_, [&](const Kept& kept) { return kept.connection->origin() == origin; });
}

bool Connections::is_usable(const Kept& kept, std::chrono::seconds from_now) const {
    if (!kept.connection->opened()) return true;
    const auto idle = clock_.steady() - kept.since;
    return idle + from_now <= settings_.idle_limit && kept.connection->is_alive();
}

bool Connections::drive() {
    if (opening_ == 0) return false;
    if (curl_multi_perform(multi_.get(), &opening_) != CURLM_OK) {
        throw std::runtime_error("curl_multi_perform failed");
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg == CURLMSG_DONE) Connection::ended(*message);
    }
    return true;
}

void Connections::wait(std::vector<curl_waitfd>& sockets, SteadyTime wake) {
    const Milliseconds limit = until(clock_.steady(), wake);
    if (curl_multi_poll(multi_.get(), sockets.data(), static_cast<unsigned>(sockets.size()),
                        static_cast<int>(limit.count()), nullptr) != CURLM_OK) {
        throw std::runtime_error("curl_multi_poll failed");
    }
}

Easy Connections::prepared_easy(const std::string& origin) {
    Easy easy(curl_easy_init());
    if (!easy) throw std::runtime_error("libcurl gave no easy handle");
    set(easy, CURLOPT_URL, origin.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, origin.starts_with("https:") ? "https" : "http");
    set(easy, CURLOPT_CONNECT_ONLY, 1L);
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.call_timeout.count()));
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // Our own store instead of any file of the machine's; libcurl must not keep a second one.
    set(easy, CURLOPT_CAINFO, static_cast<char*>(nullptr));
    set(easy, CURLOPT_CAPATH, static_cast<char*>(nullptr));
    set(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
    set(easy, CURLOPT_SSL_CTX_FUNCTION, &Connections::on_tls_context);
    set(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));
    set(easy, CURLOPT_SHARE, share_.get());
    return easy;
}

CURLcode Connections::on_tls_context(CURL* /*easy*/, void* context, void* self) {
    auto& connections = *static_cast<Connections*>(self);
    try {
        if (!connections.trust_) {
            connections.trust_ = make_trust_store(connections.settings_.trusted_roots);
        }
    } catch (const std::exception&) {
        return CURLE_SSL_CACERT_BADFILE;  // an exception must not pass through libcurl
    }
    SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), connections.trust_.get());
    // An answer may hold a secret: no copy of it stays in the buffer that it was decrypted in.
    SSL_CTX_set_options(static_cast<SSL_CTX*>(context), SSL_OP_CLEANSE_PLAINTEXT);
    return CURLE_OK;
}

}  // namespace redoubt::http
