# SPDX-License-Identifier: Apache-2.0
"""Bugs in Ethereum's roots, domains and networks, in what clients ask to sign, and in what signers
hand to each other."""

from mutation.bug import UNIT, Mutant, corpus

SOURCE = "src/ethereum/"
SSZ = SOURCE + "ssz.cpp"
NETWORK = SOURCE + "network.cpp"
NETWORK_JSON = SOURCE + "network_json.cpp"
MESSAGES = SOURCE + "messages.cpp"
READING = SOURCE + "reading.cpp"
REQUEST = SOURCE + "signing_request.cpp"
FIELDS = SOURCE + "fields.cpp"
INTERCHANGE = SOURCE + "interchange.cpp"

MUTANTS = (
    # roots
    Mutant("tree_of_zeros_is_a_zero", SSZ, "zero = hash_pair(zero, zero);", "", UNIT),
    Mutant("odd_node_is_left_out", SSZ,
           "if (layer.size() % 2 != 0) layer.push_back(zero);", "", UNIT),
    Mutant("numbers_are_big_endian", SSZ, "value >> (8 * i)", "value >> (56 - 8 * i)", UNIT),
    Mutant("end_of_bits_is_hashed", SSZ,
           "bits.back() ^= end;", "", UNIT),
    Mutant("list_without_its_length", SSZ, "number(length));", "number(0 * length));", UNIT),
    Mutant("bits_without_end_taken", SSZ,
           "if (serialized.empty() || serialized.back() == 0) return std::nullopt;",
           "if (serialized.empty()) return std::nullopt;", UNIT),
    Mutant("one_bit_too_many_taken", SSZ,
           "if (size > limit) return std::nullopt;",
           "if (size > limit + 1) return std::nullopt;", UNIT),
    Mutant("root_without_its_target", MESSAGES,
           "hash_tree_root(data.target)", "hash_tree_root(data.source)", UNIT),
    Mutant("committees_are_not_hashed", MESSAGES,
           "if (!attestation.committee_bits) return",
           "if (!attestation.committee_bits || !attestation.signature.empty()) return", UNIT),
    Mutant("electra_has_the_old_layout", MESSAGES,
           "fork < ForkName::Electra ?", "fork <= ForkName::Electra ?", UNIT),
    Mutant("blobs_are_those_of_the_payload", MESSAGES,
           "ssz::boolean(data.blob_data_available)", "ssz::boolean(data.payload_present)", UNIT),
    # domains and networks
    Mutant("domain_type_in_the_other_order", SOURCE + "domain.cpp",
           ">> (24 - 8 * i)", ">> (8 * i)", UNIT),
    Mutant("domain_of_any_network", SOURCE + "domain.cpp",
           "ssz::container({ssz::bytes(version), genesis_validators_root})",
           "ssz::container({ssz::bytes(version), Root{genesis_validators_root[0]}})", UNIT),
    Mutant("fork_begins_an_epoch_late", NETWORK, "upper_bound(", "lower_bound(", UNIT),
    Mutant("exits_are_of_the_present_fork", NETWORK,
           "return has_deneb ?", "return has_deneb && network.forks.size() < 6 ?", UNIT),
    Mutant("slots_before_genesis", NETWORK,
           "if (time < genesis) return std::nullopt;", "", UNIT),
    Mutant("fork_may_be_left_out", NETWORK_JSON,
           'if (fields.text("name") != name(fork.name)) {',
           'if (fields.text("name").empty()) {', UNIT),
    Mutant("forks_may_sink", NETWORK_JSON,
           "fork.epoch < before.back().epoch", "fork.epoch == Epoch(~0ULL)",
           corpus("ethereum_network")),
    Mutant("two_forks_of_one_version", NETWORK_JSON,
           "!= before.end()) {", "!= before.end() && before.empty()) {",
           corpus("ethereum_network")),
    Mutant("mainnet_with_another_genesis", NETWORK_JSON,
           "if (known && (", "if (known && network.forks.empty() && (", UNIT),
    # what a client sends
    Mutant("number_with_leading_zero", SOURCE + "types.cpp",
           "text.empty() || (text.front() == '0' && text.size() > 1)", "text.empty()", UNIT),
    Mutant("number_beyond_its_bounds", FIELDS,
           "*read < bounds.lowest || *read > bounds.highest", "*read < bounds.lowest", UNIT),
    Mutant("second_mistake_is_told", FIELDS,
           "if (!failed()) mistake_ = json::refuse(place_.at", "mistake_ = json::refuse(place_.at",
           UNIT),
    Mutant("version_of_the_clients_present", REQUEST,
           "epoch < info.epoch ? info.previous", "epoch < Epoch(0) ? info.previous", UNIT),
    Mutant("votes_by_the_epoch_of_their_source", REQUEST,
           "{DomainType::BeaconAttester, data.target.epoch,",
           "{DomainType::BeaconAttester, data.source.epoch,", UNIT),
    Mutant("row_gets_the_target_as_source", REQUEST,
           "data.source.epoch, data.target.epoch}", "data.target.epoch, data.target.epoch}", UNIT),
    Mutant("aggregate_of_an_unknown_fork", REQUEST,
           "if (is_ours(reading, info) && version_at", "if (false && version_at", UNIT),
    Mutant("committee_bits_before_electra", READING,
           '} else if (fields.has("committee_bits")) {', "} else if (false) {", UNIT),
    Mutant("another_keys_registration", REQUEST,
           "if (key != reading.context.key)",
           "if (key != reading.context.key && key == PublicKey())", UNIT),
    Mutant("deposit_of_another_network", REQUEST,
           "const bool is_ours =\n", "const bool is_ours = true ||\n", UNIT),
    Mutant("message_of_another_network", REQUEST,
           "message.duty, is_ours(reading, info)};", "message.duty, true};", UNIT),
    Mutant("exit_of_another_network", REQUEST,
           "OtherDuty{.epoch = exit.epoch}, is_ours(reading, read_fork_info(reading))};",
           "OtherDuty{.epoch = exit.epoch}, true};", UNIT),
    Mutant("drafts_signed_unasked", REQUEST,
           "if (is_draft(found->type) && !gloas_draft)",
           "if (is_draft(found->type) && !gloas_draft && text.empty())", UNIT),
    Mutant("clients_root_believed", REQUEST,
           "if (!is_equal) {", "if (!is_equal && body.empty()) {", UNIT),
    Mutant("one_of_two_roots_compared", REQUEST,
           ' && agrees(reading.body, "signing_root", root);', ";", UNIT),
    Mutant("fee_recipient_not_told", REQUEST,
           "OtherDuty{.fee_recipient = registration.fee_recipient}", "OtherDuty{}", UNIT),
    # from signer to signer
    Mutant("lowest_of_what_was_signed", INTERCHANGE,
           "std::max(highest.value_or(value), value)", "std::min(highest.value_or(value), value)",
           UNIT),
    Mutant("second_entry_of_a_key_counts_alone", INTERCHANGE,
           'keys[fields.public_key("pubkey")];', 'keys[fields.public_key("pubkey")] = {};', UNIT),
    Mutant("any_version_of_interchange", INTERCHANGE,
           'if (fields.text("interchange_format_version") != interchange_version) {',
           'if (fields.text("interchange_format_version").empty()) {', UNIT),
    Mutant("interchange_of_another_network", INTERCHANGE,
           "if (root != network.genesis_validators_root) {", "if (false) {", UNIT),
    Mutant("bad_root_of_interchange_passed_over", INTERCHANGE,
           'if (fields.has("signing_root")) static_cast', "if (false) static_cast", UNIT),
)  # fmt: skip
