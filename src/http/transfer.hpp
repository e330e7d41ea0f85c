// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <stdexcept>
#include <string>

#include <redoubt/base/handle.hpp>
#include <redoubt/http/exchange.hpp>

namespace redoubt::http {

using Easy = Handle<CURL, curl_easy_cleanup>;
using HeaderList = Handle<curl_slist, curl_slist_free_all>;

/// One call under way, and what has come back of it so far. Pinned: libcurl holds pointers into it.
/// Leaves the multi handle however it ends: an easy handle that is only cleaned up leaves its
/// connection for reuse with an answer still to come (libcurl 7.88, Curl_close).
class Transfer {
public:
    /// Tells `dialogue` whenever it sends.
    Transfer(CURLM* multi, Easy easy, Dialogue& dialogue, Call call, std::size_t max_answer_bytes);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer() { leave(); }

    [[nodiscard]] CURL* easy() const { return easy_.get(); }
    [[nodiscard]] const Call& call() const { return call_; }
    [[nodiscard]] Answer answer(CURLcode code);
    /// Gives the handle back for the next call.
    [[nodiscard]] Easy take_easy() {
        leave();
        return std::move(easy_);
    }

private:
    // Nothing may unwind through libcurl: running out of memory ends the process instead.
    static std::size_t on_body(char* data, std::size_t size, std::size_t count,
                               void* self) noexcept;
    static std::size_t on_header(char* data, std::size_t size, std::size_t count,
                                 void* self) noexcept;
    static int on_connected(void* self, char* peer, char* own, int peer_port,
                            int own_port) noexcept;
    void set_request();
    void leave() noexcept {
        if (easy_) curl_multi_remove_handle(multi_, easy_.get());
    }

    CURLM* multi_;
    Easy easy_;
    Dialogue& dialogue_;
    Call call_;
    HeaderList headers_;
    std::size_t max_answer_bytes_;
    Response response_;
};

/// curl_easy_setopt that throws where libcurl refuses.
template <class Value>
void set_option(CURL* easy, CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK) {
        throw std::runtime_error(std::string("libcurl refused an option: ") +
                                 curl_easy_strerror(code));
    }
}

/// `https://host:port` of a URL.
[[nodiscard]] std::string origin_of(const std::string& url);

}  // namespace redoubt::http
