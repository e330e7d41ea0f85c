// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/signing_request.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include <redoubt/base/text.hpp>
#include <redoubt/ethereum/domain.hpp>

#include "reading.hpp"

namespace redoubt::ethereum {
namespace {

constexpr std::size_t longest_request = 65536;

/// A request while it is read. `body` keeps what is wrong first.
struct Reading {
    Fields body;
    const RequestContext& context;
};

/// What is to be signed, and whether it is for our network.
struct Signable {
    Root object{};
    Domain domain;
    Duty duty;
    bool is_ours = true;
};

struct ForkInfo {
    ForkVersion previous{};
    ForkVersion current{};
    Epoch epoch;
    Root genesis_validators_root{};
};

ForkInfo read_fork_info(Reading& reading) {
    Fields info = reading.body.object("fork_info");
    Fields fork = info.object("fork");
    return {fork.bytes<4>("previous_version"), fork.bytes<4>("current_version"),
            Epoch(fork.number("epoch")), info.bytes<32>("genesis_validators_root")};
}

/// By the message's epoch, which may lie before the client's present.
const ForkVersion& version_at(const ForkInfo& info, Epoch epoch) {
    return epoch < info.epoch ? info.previous : info.current;
}

bool is_ours(const Reading& reading, const ForkInfo& info) {
    return info.genesis_validators_root == reading.context.network.genesis_validators_root;
}

/// What a message's own fields say of it.
struct Message {
    DomainType type{};
    Epoch epoch;
    Root object{};
    Duty duty;
};

/// Signed in the fork of its epoch, as `fork_info` has it.
Signable in_fork(Reading& reading, const Message& message) {
    const ForkInfo info = read_fork_info(reading);
    return {
        message.object,
        compute_domain(message.type, version_at(info, message.epoch), info.genesis_validators_root),
        message.duty, is_ours(reading, info)};
}

Signable at_slot(Reading& reading, DomainType type, Slot slot, const Root& object) {
    return in_fork(
        reading, {type, epoch_of(reading.context.network, slot), object, OtherDuty{.slot = slot}});
}

/// The same on any fork, and no request says on which network.
Domain genesis_domain(const Reading& reading, DomainType type) {
    return compute_domain(type, genesis_version(reading.context.network), Root{});
}

/// Some types wrap their object: {version, data}. Clients send both forms.
Fields unwrapped(Reading& reading, std::string_view name) {
    Fields given = reading.body.object(name);
    return given.has("data") ? given.object("data") : given;
}

void expect_own_key(const Reading& reading, Fields& fields, const PublicKey& key) {
    if (key != reading.context.key) fields.refuse("pubkey", "is not the key that is to sign it");
}

Signable read_block(Reading& reading) {
    const auto header =
        read_block_header(reading.body.object("beacon_block").object("block_header"));
    return in_fork(reading,
                   {DomainType::BeaconProposer, epoch_of(reading.context.network, header.slot),
                    hash_tree_root(header), BlockDuty{header.slot}});
}

Signable read_attestation(Reading& reading) {
    const auto data = read_attestation_data(reading.body.object("attestation"));
    return in_fork(reading, {DomainType::BeaconAttester, data.target.epoch, hash_tree_root(data),
                             AttestationDuty{data.slot, data.source.epoch, data.target.epoch}});
}

Signable read_aggregation_slot(Reading& reading) {
    const Slot slot(reading.body.object("aggregation_slot").number("slot"));
    return at_slot(reading, DomainType::SelectionProof, slot, hash_tree_root(slot));
}

/// The layout is the fork's, so that has to be known: the table's and the client's are one.
Signable read_aggregate(Reading& reading) {
    Fields given = unwrapped(reading, "aggregate_and_proof");
    const Network& network = reading.context.network;
    const Slot slot(given.object("aggregate").object("data").number("slot"));
    const Epoch epoch = epoch_of(network, slot);
    const Fork& fork = fork_at(network, epoch);
    const ForkInfo info = read_fork_info(reading);
    // Of another network's forks, and so of its layout, nothing is known here.
    if (!reading.body.failed() && !is_ours(reading, info)) {
        return {{}, {}, OtherDuty{}, false};
    }
    if (version_at(info, epoch) != fork.version) {
        reading.body.refuse("fork_info",
                            "has another version for epoch " + std::to_string(epoch.value()) +
                                " than this signer knows, " + std::string(name(fork.name)) +
                                "'s: a newer release may know it");
    }
    const auto aggregate = read_aggregate(given, attestation_layout(fork.name));
    return at_slot(reading, DomainType::AggregateAndProof, slot, hash_tree_root(aggregate));
}

Signable read_randao(Reading& reading) {
    const Epoch epoch(reading.body.object("randao_reveal").number("epoch"));
    return in_fork(reading,
                   {DomainType::Randao, epoch, hash_tree_root(epoch), OtherDuty{.epoch = epoch}});
}

Signable read_exit(Reading& reading) {
    const auto exit = read_exit(reading.body.object("voluntary_exit"));
    const Network& network = reading.context.network;
    return {hash_tree_root(exit),
            compute_domain(DomainType::VoluntaryExit, exit_version(network, exit.epoch),
                           network.genesis_validators_root),
            OtherDuty{.epoch = exit.epoch}, is_ours(reading, read_fork_info(reading))};
}

Signable read_sync_message(Reading& reading) {
    Fields given = reading.body.object("sync_committee_message");
    const Slot slot(given.number("slot"));
    return at_slot(reading, DomainType::SyncCommittee, slot, given.bytes<32>("beacon_block_root"));
}

Signable read_sync_selection(Reading& reading) {
    const auto data = read_sync_selection(reading.body.object("sync_aggregator_selection_data"));
    return at_slot(reading, DomainType::SyncCommitteeSelectionProof, data.slot,
                   hash_tree_root(data));
}

Signable read_contribution(Reading& reading) {
    const auto given = read_contribution(reading.body.object("contribution_and_proof"));
    return at_slot(reading, DomainType::ContributionAndProof, given.contribution.slot,
                   hash_tree_root(given));
}

Signable read_registration(Reading& reading) {
    Fields given = reading.body.object("validator_registration");
    const auto registration = read_registration(given);
    expect_own_key(reading, given, registration.pubkey);
    return {hash_tree_root(registration), genesis_domain(reading, DomainType::ApplicationBuilder),
            OtherDuty{.fee_recipient = registration.fee_recipient}};
}

Signable read_deposit(Reading& reading) {
    Fields given = reading.body.object("deposit");
    const auto message = read_deposit(given);
    expect_own_key(reading, given, message.pubkey);
    const bool is_ours =
        given.bytes<4>("genesis_fork_version") == genesis_version(reading.context.network);
    return {hash_tree_root(message), genesis_domain(reading, DomainType::Deposit), OtherDuty{},
            is_ours};
}

Signable read_payload_attestation(Reading& reading) {
    const bool is_bare = reading.body.has("payload_attestation_data");
    const auto data = read_payload_attestation(
        unwrapped(reading, is_bare ? "payload_attestation_data" : "payload_attestation_message"));
    return at_slot(reading, DomainType::PtcAttester, data.slot, hash_tree_root(data));
}

Signable read_preferences(Reading& reading) {
    const auto given = read_preferences(unwrapped(reading, "proposer_preferences"));
    const Slot slot = given.proposal_slot;
    return in_fork(reading, {DomainType::ProposerPreferences,
                             epoch_of(reading.context.network, slot), hash_tree_root(given),
                             OtherDuty{.slot = slot, .fee_recipient = given.fee_recipient}});
}

struct TypeRow {
    MessageType type;
    Signable (*read)(Reading&);
    bool is_slashable = false;
};
/// Two in one slot, or with one target, can be slashed of the first two types, and of no other
/// (consensus-specs, is_slashable_attestation_data and process_proposer_slashing in
/// phase0/beacon-chain.md).
constexpr std::array types = {
    TypeRow{MessageType::Block, read_block, true},
    TypeRow{MessageType::Attestation, read_attestation, true},
    TypeRow{MessageType::AggregationSlot, read_aggregation_slot},
    TypeRow{MessageType::AggregateAndProof, read_aggregate},
    TypeRow{MessageType::RandaoReveal, read_randao},
    TypeRow{MessageType::VoluntaryExit, read_exit},
    TypeRow{MessageType::SyncCommitteeMessage, read_sync_message},
    TypeRow{MessageType::SyncCommitteeSelectionProof, read_sync_selection},
    TypeRow{MessageType::SyncCommitteeContributionAndProof, read_contribution},
    TypeRow{MessageType::ValidatorRegistration, read_registration},
    TypeRow{MessageType::Deposit, read_deposit},
    TypeRow{MessageType::PayloadAttestation, read_payload_attestation},
    TypeRow{MessageType::ProposerPreferences, read_preferences},
};

bool is_draft(MessageType type) {
    return type == MessageType::PayloadAttestation || type == MessageType::ProposerPreferences;
}

Result<const TypeRow*> find_type(const std::string& text, bool gloas_draft) {
    const auto right = access::find_right(upper_case(text));
    const auto* const found = std::ranges::find(types, right, &TypeRow::type);
    if (found == types.end()) {
        const bool is_old = lower_case(text) == "block";
        return fail(Code::UnknownType,
                    "the type `" + json::shown(text) + "` is not signed here" +
                        (is_old ? ": send BLOCK_V2 with the block's header" : ""));
    }
    if (is_draft(found->type) && !gloas_draft) {
        return fail(Code::UnknownType,
                    upper_case(text) + " is a draft of gloas, and signed with GLOAS=draft only");
    }
    return found;
}

bool agrees(Fields& body, std::string_view member, const Root& root) {
    return !body.has(member) || body.bytes<32>(member) == root;
}

}  // namespace

Result<ParsedRequest> parse_signing_request(std::string_view body, const RequestContext& context) {
    if (body.size() > longest_request)
        return fail(Code::TooLarge, "the request is longer than 64 KB");
    const auto value = parse_json(body);
    if (!value) return fail(Code::BadRequest, "the request: is not JSON, or names a member twice");
    std::optional<Error> mistake;
    Reading reading{Fields({*value, "the request"}, mistake), context};
    const std::string& type_text = reading.body.text("type");
    if (mistake) return std::unexpected(std::move(*mistake));
    const auto type = find_type(type_text, context.gloas_draft);
    if (!type) return std::unexpected(type.error());

    const Signable signable = (*type)->read(reading);
    if (mistake) return std::unexpected(std::move(*mistake));
    if (!signable.is_ours) {
        return ParsedRequest{
            (*type)->type, fail(Code::WrongNetwork,
                                "the message is of another network than " + context.network.name)};
    }
    const Root root = signing_root(signable.object, signable.domain);
    const bool is_equal =
        agrees(reading.body, "signingRoot", root) && agrees(reading.body, "signing_root", root);
    if (mistake) return std::unexpected(std::move(*mistake));
    if (!is_equal) {
        return fail(Code::RootMismatch, "the message's signing root is " + prefixed_hex(root) +
                                            ", not the one that was sent with it");
    }
    SigningRequest request{root, signable.duty};
    if (std::holds_alternative<OtherDuty>(request.duty) == (*type)->is_slashable) {
        throw std::logic_error("a type and its duty do not agree on what can be slashed");
    }
    if (!(*type)->is_slashable) request.not_slashable = NotSlashable(root);
    return ParsedRequest{(*type)->type, request};
}

}  // namespace redoubt::ethereum
