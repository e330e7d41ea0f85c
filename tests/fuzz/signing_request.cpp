// SPDX-License-Identifier: Apache-2.0
// What a validator client asks to sign. The input: the body of its request.
#include <array>

#include <redoubt/base/json.hpp>
#include <redoubt/ethereum/signing_request.hpp>

#include "check.hpp"

namespace redoubt::fuzz::signing_request {
namespace {

using namespace ethereum;

const Network& the_network() {
    static const Network network = find_network("mainnet").value();
    return network;
}

Result<ParsedRequest> parse(std::string_view text, bool gloas_draft = true) {
    static const PublicKey key = PublicKey::parse(std::string(96, 'a')).value();
    return parse_signing_request(text, {the_network(), key, gloas_draft});
}

void check_refusal(const Error& error) {
    constexpr std::array codes = {Code::BadRequest, Code::UnknownType, Code::RootMismatch};
    check(std::ranges::find(codes, error.code) != codes.end(), "a refusal is one of the body");
    check(!error.message.empty() && error.message.size() < 400, "that says why, in a few words");
}

std::uint64_t number_at(const Json& whole, const char* path) {
    const Json& value = whole.at(Json::json_pointer(path));
    if (value.is_number()) return value.get<std::uint64_t>();
    return parse_number(value.get<std::string>()).value();
}

/// What is written to the table is what was signed.
void check_duty(const Json& whole, const ParsedRequest& parsed) {
    const Duty& duty = parsed.request->duty;
    check(std::holds_alternative<BlockDuty>(duty) == (parsed.type == MessageType::Block) &&
              std::holds_alternative<AttestationDuty>(duty) ==
                  (parsed.type == MessageType::Attestation),
          "the types that can be slashed are these two");
    if (const auto* block = std::get_if<BlockDuty>(&duty)) {
        check(block->slot.value() == number_at(whole, "/beacon_block/block_header/slot"),
              "a block's slot is the header's");
    }
    if (const auto* vote = std::get_if<AttestationDuty>(&duty)) {
        check(vote->source.value() == number_at(whole, "/attestation/source/epoch") &&
                  vote->target.value() == number_at(whole, "/attestation/target/epoch") &&
                  vote->slot.value() == number_at(whole, "/attestation/slot"),
              "a vote's numbers are those of its data");
    }
}

void check_roots(Json whole, const ParsedRequest& parsed) {
    const Root root = parsed.request->signing_root;
    for (const auto* const name : {"signingRoot", "signing_root"}) whole.erase(name);
    const auto alone = parse(dump(whole));
    check(alone && alone->request && alone->request->signing_root == root,
          "a root is computed, whatever was sent");
    whole["signing_root"] = prefixed_hex(root);
    check(parse(dump(whole)).has_value(), "and taken if it was sent");
    Root other = root;
    other[31] ^= 1;
    whole["signingRoot"] = prefixed_hex(other);
    const auto mismatched = parse(dump(whole));
    check(!mismatched && mismatched.error().code == Code::RootMismatch, "another is refused");
}

bool is_draft(MessageType type) {
    return type == MessageType::PayloadAttestation || type == MessageType::ProposerPreferences;
}

}  // namespace

void one_input(ByteView input) {
    const std::string text(text_of(input));
    const auto parsed = parse(text);
    if (!parsed) return check_refusal(parsed.error());
    check(parse(text, false).has_value() != is_draft(parsed->type), "drafts are signed if wanted");
    check(!parse(text + "}"), "nothing may follow");
    if (!parsed->request) {
        check(parsed->request.error().code == Code::WrongNetwork, "all else is known by now");
        return;
    }
    const Json whole = parse_json(text).value();
    check_duty(whole, *parsed);
    check_roots(whole, *parsed);
}

}  // namespace redoubt::fuzz::signing_request
