// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include <array>
#include <functional>
#include <span>

#include <fakes/aws_answer.hpp>
#include <redoubt/base/encoding.hpp>

namespace redoubt::simulation {
namespace {

struct Kind {
    const char* name;
    bool is_done;
    bool lasts;
};

constexpr std::array common = {
    Kind{"ThrottlingException", false, false},
    Kind{"RequestLimitExceeded", false, false},
    Kind{"connection reset", false, false},
    Kind{"lost answer", true, false},
    Kind{"half an answer", true, false},
    Kind{"wrong checksum", true, false},
    Kind{"no JSON", false, false},
    Kind{"AccessDeniedException", false, true},
    Kind{"ExpiredTokenException", false, true},
};
constexpr std::array of_table = {
    Kind{"InternalServerError", false, false},
    Kind{"InternalServerError", true, false},
    Kind{"ProvisionedThroughputExceededException", false, false},
    Kind{"ReplicatedWriteConflictException", false, false},
    Kind{"lost answer", true, false},
    Kind{"empty success", true, true},
    Kind{"another row", true, true},
};
constexpr std::array of_kms = {
    Kind{"KMSInternalException", false, false}, Kind{"KeyUnavailableException", false, false},
    Kind{"DisabledException", false, true},     Kind{"another key", true, true},
    Kind{"another algorithm", true, true},      Kind{"a wrong signature", true, true},
    Kind{"no strict DER", true, true},
};

void change(http::Response& response, const std::function<void(Json&)>& how, WallTime now) {
    Json body = *parse_json(response.body);
    how(body);
    response = test::aws_answer(response.status, body, now);
}

void spoil_signature(Json& body, std::size_t at) {
    Bytes bytes = from_base64(body.at("Signature").get_ref<const std::string&>()).value();
    bytes.at(at) ^= 0x01U;
    body["Signature"] = to_base64(bytes);
}

/// A success that lies.
http::Response lie(const std::string& name, http::Response said, WallTime now) {
    change(
        said,
        [&name](Json& body) {
            if (name == "empty success") body = Json::object();
            if (name == "another row" && body.contains("Attributes")) {
                body["Attributes"]["lvl"]["N"] = "1";
            }
            if (name == "another key") body["KeyId"] = "arn:aws:kms:eu-west-1:000000000000:key/9";
            if (name == "another algorithm") body["SigningAlgorithm"] = "ECDSA_SHA_512";
            if (name == "a wrong signature") spoil_signature(body, 20);
            if (name == "no strict DER") spoil_signature(body, 0);
        },
        now);
    return said;
}

}  // namespace

Trouble any_trouble(bool is_for_table, Dice& dice) {
    const std::span<const Kind> own = is_for_table ? std::span<const Kind>(of_table) : of_kms;
    const std::size_t drawn = dice.below(common.size() + own.size());
    const Kind& kind = drawn < common.size() ? common.at(drawn) : own[drawn - common.size()];
    return {kind.name, kind.is_done, kind.lasts};
}

http::ResponseOrError troubled(const Trouble& trouble, http::Response said, WallTime now) {
    const std::string& name = trouble.name;
    if (name == "connection reset" || name == "lost answer") {
        return std::unexpected(http::TransportError{http::TransportFailure::Connection, name});
    }
    if (name == "half an answer") {
        said.body.resize(said.body.size() / 2);
        return said;
    }
    if (name == "wrong checksum") {
        said.body.back() = ' ';
        return said;
    }
    if (name == "no JSON") return http::Response{503, {}, "<html>busy</html>"};
    if (!name.ends_with("Exception") && !name.ends_with("Error") && !name.ends_with("Exceeded")) {
        return said.status == 200 ? lie(name, std::move(said), now) : std::move(said);
    }
    return test::aws_error(name.starts_with("Internal") || name.starts_with("KMS") ? 500 : 400,
                           name, now);
}

bool shows_row(const Trouble& trouble, const http::Response& said) {
    // Only a success can lie; what refuses arrives as it is.
    return (trouble.name == "empty success" || trouble.name == "another row") && said.status != 200;
}

}  // namespace redoubt::simulation
