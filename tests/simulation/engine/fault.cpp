// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include <array>
#include <functional>
#include <span>

#include <fakes/aws_answer.hpp>
#include <redoubt/base/encoding.hpp>

namespace redoubt::simulation {
namespace {

struct FaultKind {
    const char* name;
    bool is_done;
    bool lasts;
};

constexpr std::array common = {
    FaultKind{"ThrottlingException", false, false},
    FaultKind{"RequestLimitExceeded", false, false},
    FaultKind{"connection reset", false, false},
    FaultKind{"lost answer", true, false},
    FaultKind{"half an answer", true, false},
    FaultKind{"wrong checksum", true, false},
    FaultKind{"no JSON", false, false},
    FaultKind{"AccessDeniedException", false, true},
    FaultKind{"ExpiredTokenException", false, true},
};
constexpr std::array of_table = {
    FaultKind{"InternalServerError", false, false},
    FaultKind{"InternalServerError", true, false},
    FaultKind{"ProvisionedThroughputExceededException", false, false},
    FaultKind{"ReplicatedWriteConflictException", false, false},
    FaultKind{"lost answer", true, false},
    FaultKind{"empty success", true, true},
    FaultKind{"another row", true, true},
};
constexpr std::array of_kms = {
    FaultKind{"KMSInternalException", false, false},
    FaultKind{"KeyUnavailableException", false, false},
    FaultKind{"DisabledException", false, true},
    FaultKind{"another key", true, true},
    FaultKind{"another algorithm", true, true},
    FaultKind{"a wrong signature", true, true},
    FaultKind{"no strict DER", true, true},
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

Fault draw_fault(bool is_for_table, Random& random) {
    const std::span<const FaultKind> own =
        is_for_table ? std::span<const FaultKind>(of_table) : of_kms;
    const std::size_t drawn = random.below(common.size() + own.size());
    const FaultKind& kind = drawn < common.size() ? common.at(drawn) : own[drawn - common.size()];
    return {kind.name, kind.is_done, kind.lasts};
}

http::ResponseOrError answer_with_fault(const Fault& trouble, http::Response said, WallTime now) {
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

bool keeps_row(const Fault& trouble, const http::Response& said) {
    // Only a success can lie; what refuses arrives as it is.
    return (trouble.name == "empty success" || trouble.name == "another row") && said.status != 200;
}

}  // namespace redoubt::simulation
