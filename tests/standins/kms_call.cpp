// SPDX-License-Identifier: Apache-2.0
#include "kms_call.hpp"

#include <algorithm>

#include <redoubt/base/encoding.hpp>

namespace redoubt::standins {

namespace {

/// `keyId` for `KeyId`, as validation messages spell members of this size.
std::string spelled(std::string field) {
    field.front() = static_cast<char>(field.front() - 'A' + 'a');
    return field;
}

}  // namespace

std::string text_member(const Json& call, const std::string& field) {
    const std::string* found = string_member(call, field);
    if (found == nullptr) {
        throw validation("1 validation error detected: Value null at '" + field +
                         "' failed to satisfy constraint: Member must not be null");
    }
    return *found;
}

Bytes bytes_member(const Json& call, const std::string& field, std::size_t most) {
    auto bytes = from_base64(text_member(call, field));
    if (!bytes) throw AwsException{.type = "SerializationException", .message = "Invalid Base64"};
    if (bytes->empty() || bytes->size() > most) {
        throw validation("1 validation error detected: Value at '" + spelled(field) +
                         "' failed to satisfy constraint: Member must have length between 1 and " +
                         std::to_string(most));
    }
    return *std::move(bytes);
}

AwsException not_in_enumeration(const std::string& value, const std::string& field) {
    return validation("1 validation error detected: Value '" + value + "' at '" + field +
                      "' failed to satisfy constraint: Member must satisfy enum value set");
}

void refuse_dry_run(const Json& call) {
    const Json* dry = member(call, "DryRun");
    if (dry == nullptr || *dry != true) return;
    throw AwsException{
        .type = "DryRunOperationException",
        .message = "The request would have succeeded, but the DryRun option is set."};
}

bool struck(const std::vector<Fault>& faults, FaultKind kind) {
    return std::ranges::find(faults, kind, &Fault::kind) != faults.end();
}

}  // namespace redoubt::standins
