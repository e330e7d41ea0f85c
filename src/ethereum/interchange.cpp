// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/interchange.hpp>

#include <algorithm>
#include <utility>

#include "fields.hpp"

namespace redoubt::ethereum {
namespace {

constexpr std::size_t longest_interchange = 6U << 20U;
constexpr std::string_view interchange_version = "5";
/// More than fit.
constexpr std::size_t most_entries = longest_interchange;

template <class T>
void raise(std::optional<T>& highest, T value) {
    highest = std::max(highest.value_or(value), value);
}

/// Checked, and dropped: what is not above the maxima is refused with any root.
void read_signing_root(Fields& fields) {
    if (fields.has("signing_root")) static_cast<void>(fields.bytes<32>("signing_root"));
}

void read_block(Fields fields, SignedMaxima& maxima) {
    fields.only({"slot", "signing_root"});
    raise(maxima.slot, Slot(fields.number("slot")));
    read_signing_root(fields);
}

void read_attestation(Fields fields, SignedMaxima& maxima) {
    fields.only({"source_epoch", "target_epoch", "signing_root"});
    raise(maxima.source, Epoch(fields.number("source_epoch")));
    raise(maxima.target, Epoch(fields.number("target_epoch")));
    read_signing_root(fields);
}

void read_key(Fields fields, Interchange& keys) {
    fields.only({"pubkey", "signed_blocks", "signed_attestations"});
    SignedMaxima& maxima = keys[fields.public_key("pubkey")];
    fields.each("signed_blocks", most_entries,
                [&maxima](const Fields& block) { read_block(block, maxima); });
    fields.each("signed_attestations", most_entries,
                [&maxima](const Fields& attestation) { read_attestation(attestation, maxima); });
}

/// Whose chain the keys have signed on.
Root read_metadata(Fields fields) {
    fields.only({"interchange_format_version", "genesis_validators_root"});
    if (fields.text("interchange_format_version") != interchange_version) {
        fields.refuse("interchange_format_version", "is not 5: export in that version");
    }
    return fields.bytes<32>("genesis_validators_root");
}

ObjectText written_block(const LastSigned& last) {
    ObjectText text;
    text.add("slot", std::to_string(last.slot.value()));
    if (last.block_root) text.add("signing_root", prefixed_hex(*last.block_root));
    return text;
}

ObjectText written_attestation(const LastSigned& last) {
    ObjectText text;
    text.add("source_epoch", std::to_string(last.source.value()))
        .add("target_epoch", std::to_string(last.target.value()));
    if (last.attestation_root) text.add("signing_root", prefixed_hex(*last.attestation_root));
    return text;
}

}  // namespace

Result<Interchange> parse_interchange(std::string_view json, const Network& network) {
    if (json.size() > longest_interchange) {
        return fail(Code::TooLarge, "the interchange: is longer than 6 MB: give it in parts");
    }
    const auto value = parse_json(json);
    if (!value) {
        return fail(
            Code::BadRequest,
            "the interchange: is not whole JSON, or names a member twice: was it cut short? "
            "Export it again while its signer is stopped");
    }
    std::optional<Error> mistake;
    Fields fields({*value, "the interchange"}, mistake);
    fields.only({"metadata", "data"});
    const Root root = read_metadata(fields.object("metadata"));
    Interchange keys;
    fields.each("data", most_entries, [&keys](const Fields& key) { read_key(key, keys); });
    if (mistake) return std::unexpected(std::move(*mistake));
    if (root != network.genesis_validators_root) {
        return fail(Code::WrongNetwork, "the interchange: is of another network than " +
                                            network.name + ", of genesis_validators_root " +
                                            prefixed_hex(root));
    }
    return keys;
}

std::string write_interchange(std::span<const LastSigned> keys, const Network& network) {
    ObjectText metadata;
    metadata.add("interchange_format_version", interchange_version)
        .add("genesis_validators_root", prefixed_hex(network.genesis_validators_root));
    std::vector<ObjectText> data;
    data.reserve(keys.size());
    for (const LastSigned& last : keys) {
        const ObjectText block = written_block(last);
        const ObjectText attestation = written_attestation(last);
        data.emplace_back()
            .add("pubkey", last.key.text())
            .add("signed_blocks", std::span(&block, 1))
            .add("signed_attestations", std::span(&attestation, 1));
    }
    return ObjectText().add("metadata", metadata).add("data", data).text();
}

}  // namespace redoubt::ethereum
