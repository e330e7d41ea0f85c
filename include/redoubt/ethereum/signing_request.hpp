// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include <redoubt/access/rights.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/ethereum/network.hpp>
#include <redoubt/ethereum/types.hpp>

/// What a validator client asks for, as the body of a Web3Signer request says it.
/// Source: web3signer Eth2SigningRequestBody.java (3522fc8), remote-signing-api 1.4.0.
///
/// The signing root is computed from the message's own fields. Of `fork_info`, the version for the
/// message's epoch counts; where a wrong version could mean another layout (aggregates), or where a
/// version is for ever (exits, registrations, deposits), the network's table does.
namespace redoubt::ethereum {

/// Of messages that are signed: what a caller needs the right to. Payload attestations and proposer
/// preferences are drafts of Gloas.
using MessageType = access::Right;

/// What slashing and the clock are about.
struct BlockDuty {
    Slot slot;
};
struct AttestationDuty {
    Slot slot;
    Epoch source;
    Epoch target;
};
/// Nothing that can be slashed. When it is for, if it says so; and where it would send payments.
struct OtherDuty {
    std::optional<Slot> slot = {};
    std::optional<Epoch> epoch = {};
    std::optional<Address> fee_recipient = {};
};
using Duty = std::variant<OtherDuty, BlockDuty, AttestationDuty>;

struct ParsedRequest;
struct RequestContext;

/// Of a message that no slashing rule is about: its root may be signed without a commit. Only the
/// table of types makes one, as a request is parsed.
class NotSlashable {
public:
    [[nodiscard]] const Root& signing_root() const { return signing_root_; }

private:
    friend Result<ParsedRequest> parse_signing_request(std::string_view body,
                                                       const RequestContext& context);
    explicit NotSlashable(const Root& signing_root) : signing_root_(signing_root) {}

    Root signing_root_;
};

struct SigningRequest {
    Root signing_root{};
    Duty duty;
    std::optional<NotSlashable> not_slashable = {};  // of an OtherDuty
};

struct ParsedRequest {
    MessageType type{};
    /// `wrong_network` for a message of another chain: to be looked at once the caller may have
    /// this type signed at all.
    Result<SigningRequest> request;
};

struct RequestContext {
    const Network& network;
    const PublicKey& key;  // the one that is to sign
    bool gloas_draft = false;
};

/// Of a body up to 64 KB. Members that are not known are passed over, as Web3Signer does.
///
/// `bad_request`: no JSON, or a member twice; one that is missing or not as it should be; a fork
/// that the table does not know; another key's registration or deposit. `unknown_type`: one that is
/// not signed here, blocks in full among them. `root_mismatch`: the root that the client computed
/// is another.
[[nodiscard]] Result<ParsedRequest> parse_signing_request(std::string_view body,
                                                          const RequestContext& context);

}  // namespace redoubt::ethereum
