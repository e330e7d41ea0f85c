// SPDX-License-Identifier: Apache-2.0
#include "transfer.hpp"

#include <redoubt/base/text.hpp>

namespace redoubt::http {
namespace {

void add_header(HeaderList& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
}

}  // namespace

std::string origin_of(const std::string& url) {
    const std::size_t host = url.find("://") + 3;
    return url.substr(0, url.find('/', host));
}

Transfer::Transfer(CURLM* multi, Easy easy, Dialogue& dialogue, Call call,
                   std::size_t max_answer_bytes)
    : multi_(multi),
      easy_(std::move(easy)),
      dialogue_(dialogue),
      call_(std::move(call)),
      max_answer_bytes_(max_answer_bytes) {
    set_request();
    if (curl_multi_add_handle(multi_, this->easy()) != CURLM_OK) {
        throw std::runtime_error("curl_multi_add_handle failed");
    }
}

void Transfer::set_request() {
    set_option(easy(), CURLOPT_URL, call_.url.c_str());
    set_option(easy(), CURLOPT_PROTOCOLS_STR, call_.url.starts_with("https:") ? "https" : "http");
    set_option(easy(), CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set_option(easy(), CURLOPT_WRITEDATA, static_cast<void*>(this));
    set_option(easy(), CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set_option(easy(), CURLOPT_HEADERDATA, static_cast<void*>(this));
    set_option(easy(), CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
    set_option(easy(), CURLOPT_PREREQDATA, static_cast<void*>(this));
    if (call_.method == "POST") {
        set_option(easy(), CURLOPT_POST, 1L);
        set_option(easy(), CURLOPT_POSTFIELDS, call_.body.c_str());
        set_option(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
    } else {
        set_option(easy(), CURLOPT_POSTFIELDS, static_cast<char*>(nullptr));
        set_option(easy(), CURLOPT_HTTPGET, 1L);
    }
    for (const auto& [name, value] : call_.headers) add_header(headers_, name + ": " + value);
    // What libcurl would add by itself and nobody needs; Expect would cost a round trip.
    for (const char* unwanted : {"Accept:", "Expect:"}) add_header(headers_, unwanted);
    set_option(easy(), CURLOPT_HTTPHEADER, headers_.get());
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count,
                              void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::size_t length = size * count;
    if (transfer.response_.body.size() + length > transfer.max_answer_bytes_) return 0;  // aborts
    transfer.response_.body.append(data, length);
    return length;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count,
                                void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::string_view line(data, size * count);
    // An interim answer (1xx) came before: its headers are not this answer's.
    if (line.starts_with("HTTP/")) transfer.response_.headers.clear();
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return line.size();
    transfer.response_.headers.emplace_back(lower_case(line.substr(0, colon)),
                                            trimmed(line.substr(colon + 1)));
    return line.size();
}

/// Once for each connection that the request goes out on, right before its first byte.
int Transfer::on_connected(void* self, char* /*peer*/, char* /*own*/, int /*peer_port*/,
                           int /*own_port*/) noexcept {
    static_cast<Transfer*>(self)->dialogue_.sent();
    return CURL_PREREQFUNC_OK;
}

Answer Transfer::answer(CURLcode code) {
    long status = 0;
    if (code == CURLE_OK) code = curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) {
        const Lost why = code == CURLE_OPERATION_TIMEDOUT ? Lost::Timeout : Lost::Connection;
        return std::unexpected(Loss{why, curl_easy_strerror(code)});
    }
    response_.status = static_cast<int>(status);
    return std::move(response_);
}

}  // namespace redoubt::http
