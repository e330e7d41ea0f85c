// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <redoubt/http/response_parser.hpp>

#include <fakes/aws_world.hpp>
#include "check.hpp"
#include "lines.hpp"

namespace redoubt::fuzz {

/// Answers of a service as they come over the wire, one after the other, with a line of four dashes
/// between them. What is none, and what is asked beyond the last, is a lost connection.
class Answers {
public:
    explicit Answers(std::string_view wire) {
        while (!wire.empty()) answers_.push_back(read(take_until(wire, "\n----\n")));
    }

    [[nodiscard]] test::ScriptedRunner::Script script() {
        return [this](const http::ClientRequest& /*call*/) -> http::ResponseOrError {
            return given_ < answers_.size() ? answers_[given_++]
                                            : test::lost(http::TransportFailure::Connection);
        };
    }

    /// The bodies of those that were given with that status, as nlohmann reads them.
    [[nodiscard]] std::vector<Json> bodies(int status) const {
        std::vector<Json> out;
        for (std::size_t i = 0; i < given_; ++i) {
            if (!answers_[i] || answers_[i]->status != status) continue;
            Json body = Json::parse(answers_[i]->body, nullptr, false);
            if (body.is_object()) out.push_back(std::move(body));
        }
        return out;
    }

private:
    [[nodiscard]] static http::ResponseOrError read(std::string_view wire) {
        http::ResponseParser parser(4096);
        auto state = parser.take(wire);
        if (state == http::ResponseParser::State::Incomplete) state = parser.end();
        if (state == http::ResponseParser::State::Complete) return parser.take_response();
        return test::lost(http::TransportFailure::Connection);
    }

    std::vector<http::ResponseOrError> answers_;
    std::size_t given_ = 0;
};

/// What a caller and the log may read.
inline void check_texts(const test::AwsWorld& world, const Error& error) {
    for (const std::string_view text :
         {std::string_view(error.message), std::string_view(error.detail)}) {
        check(!text.contains(world.credentials.access_key_id), "no access key id in a text");
        check(!text.contains(world.credentials.secret_access_key.expose()), "no secret in a text");
        check(!text.contains(world.credentials.session_token.expose()), "no token in a text");
        check(!text.contains('\n'), "texts have one line");
    }
    check(!error.message.empty(), "an error says what is wrong");
}

}  // namespace redoubt::fuzz
