// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include <array>
#include <span>

#include <fakes/aws_answer.hpp>
#include <redoubt/base/encoding.hpp>

namespace redoubt::simulation {
namespace {

/// As Fault has it.
struct FaultKind {
    const char* name;
    bool is_done;
    bool is_lasting = false;
};

constexpr std::array common = {
    FaultKind{"ThrottlingException", false},
    FaultKind{"RequestLimitExceeded", false},
    FaultKind{"connection reset", false},
    FaultKind{"lost answer", true},
    FaultKind{"half an answer", true},
    FaultKind{"wrong checksum", true},
    FaultKind{"no JSON", false},
    FaultKind{"AccessDeniedException", false},
    FaultKind{"ExpiredTokenException", false},
    FaultKind{"UnrecognizedClientException", false},
    FaultKind{"InvalidSignatureException", false},
};
constexpr std::array of_table = {
    FaultKind{"InternalServerError", false},
    FaultKind{"InternalServerError", true},
    FaultKind{"ProvisionedThroughputExceededException", false},
    FaultKind{"ReplicatedWriteConflictException", false},
    FaultKind{"lost answer", true},
    FaultKind{"empty success", true, true},
    FaultKind{"another row", true, true},
};
constexpr std::array of_kms = {
    FaultKind{"KMSInternalException", false}, FaultKind{"KeyUnavailableException", false},
    FaultKind{"DisabledException", false},    FaultKind{"another key", true},
    FaultKind{"another algorithm", true},     FaultKind{"a wrong signature", true},
    FaultKind{"no strict DER", true},
};

constexpr std::array of_items = {
    FaultKind{"InternalServerError", false},
    FaultKind{"ProvisionedThroughputExceededException", false},
    FaultKind{"nothing processed", false},
    FaultKind{"lost answer", true},
    FaultKind{"empty success", true, true},
    FaultKind{"another item", true, true},
};
constexpr std::array of_item = {
    FaultKind{"InternalServerError", false},
    FaultKind{"ProvisionedThroughputExceededException", false},
    FaultKind{"lost answer", true},
    FaultKind{"empty success", true, true},
    FaultKind{"another item", true, true},
};
constexpr std::array of_decrypt = {
    FaultKind{"KMSInternalException", false}, FaultKind{"KeyUnavailableException", false},
    FaultKind{"DisabledException", false},    FaultKind{"DependencyTimeoutException", false},
    FaultKind{"another key", true},           FaultKind{"another algorithm", true},
    FaultKind{"a wrong plaintext", true},     FaultKind{"no plaintext", true},
};

std::span<const FaultKind> faults_of(const std::string& operation) {
    if (operation == "Sign") return of_kms;
    if (operation == "Decrypt") return of_decrypt;
    if (operation == "BatchGetItem") return of_items;
    if (operation == "GetItem") return of_item;
    return of_table;
}

void spoil(Json& body, const char* name, std::size_t at) {
    Bytes bytes = from_base64(body.at(name).get_ref<const std::string&>()).value();
    bytes.at(at) ^= 0x01U;
    body[name] = to_base64(bytes);
}

/// By its partition key.
void name_another(Json& item) {
    for (const char* key : {"pkh", "id"}) {
        if (item.contains(key)) item[key]["S"] = "another";
    }
}

void spoil_first_item(Json& body) {
    if (body.contains("Item")) name_another(body["Item"]);
    if (!body.contains("Responses")) return;
    for (Json& items : body["Responses"]) {
        if (!items.empty()) name_another(items.front());
    }
}

/// A success whose content is false.
http::Response make_false(const std::string& fault, const http::Response& response,
                          const std::function<void(Json& row)>& falsify, WallTime now) {
    Json body = *parse_json(response.body);
    if (fault == "empty success") body = Json::object();
    if (fault == "another row" && body.contains("Attributes")) falsify(body["Attributes"]);
    if (fault == "another key") body["KeyId"] = "arn:aws:kms:eu-west-1:000000000000:key/9";
    if (fault == "another algorithm") {
        for (const char* name : {"SigningAlgorithm", "EncryptionAlgorithm"}) {
            if (body.contains(name)) body[name] = "ECDSA_SHA_512";
        }
    }
    if (fault == "a wrong signature") spoil(body, "Signature", 20);
    if (fault == "no strict DER") spoil(body, "Signature", 0);
    if (fault == "a wrong plaintext") spoil(body, "Plaintext", 20);
    if (fault == "no plaintext") body.erase("Plaintext");
    if (fault == "another item") spoil_first_item(body);
    return test::aws_answer(response.status, body, now);
}

/// Whether a fault is named by the exception that the service answers.
bool is_exception(const std::string& name) {
    return name.ends_with("Exception") || name.ends_with("Error") || name.ends_with("Exceeded");
}

}  // namespace

Fault draw_fault(const std::string& operation, Random& random) {
    const std::span<const FaultKind> own = faults_of(operation);
    const std::size_t drawn = random.below(common.size() + own.size());
    const FaultKind& kind = drawn < common.size() ? common.at(drawn) : own[drawn - common.size()];
    return {kind.name, kind.is_done, kind.is_lasting};
}

http::ResponseOrError answer_with_fault(const Fault& fault, const Json& call,
                                        http::Response response,
                                        const std::function<void(Json& row)>& falsify,
                                        WallTime now) {
    const std::string& name = fault.name;
    if (name == "connection reset" || name == "lost answer") {
        return std::unexpected(http::TransportError{http::TransportFailure::Connection, name});
    }
    if (name == "nothing processed") {
        return test::aws_answer(
            200, {{"Responses", Json::object()}, {"UnprocessedKeys", call.at("RequestItems")}},
            now);
    }
    if (name == "no JSON") return http::Response{503, {}, "<html>busy</html>"};
    if (is_exception(name)) {
        const bool is_internal = name.starts_with("Internal") || name.starts_with("KMS") ||
                                 name.starts_with("Dependency");
        return test::aws_error(is_internal ? 500 : 400, name, now);
    }
    if (name == "half an answer") {
        response.body.resize(response.body.size() / 2);
    } else if (name == "wrong checksum") {
        response.body.back() = ' ';
    } else if (response.status == 200) {
        return make_false(name, response, falsify, now);
    }
    return response;
}

bool keeps_row(const Fault& fault, const http::Response& response) {
    // Only a success can be false; what refuses arrives as it is.
    return (fault.name == "empty success" || fault.name == "another row") && response.status != 200;
}

}  // namespace redoubt::simulation
