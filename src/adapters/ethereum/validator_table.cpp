// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/validator_table.hpp>

#include <algorithm>

#include <redoubt/adapters/sealed/batch_name.hpp>

namespace redoubt::ethereum_adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum::Epoch;
using ethereum::PublicKey;
using ethereum::Root;
using ethereum::Slot;

constexpr std::string_view wrap_prefix = "wrap/";
constexpr std::string_view batch_prefix = "batch/";

dynamodb::ItemKey named(std::string id) { return {{"id", std::move(id)}}; }

template <class Time>
std::optional<Time> read_time(const Json& item, std::string_view name) {
    const auto value = dynamodb::read_natural(item, name);
    if (!value) return std::nullopt;
    return Time(*value);
}

/// Reads what may be absent: false if it is there and not as it should be.
template <class Value, class Read>
bool read_optional(const Json& item, std::string_view name, const Read& read,
                   std::optional<Value>& to) {
    if (!item.contains(name)) return true;
    to = read(item, name);
    return to.has_value();
}

std::optional<Root> read_root(const Json& item, std::string_view name) {
    const auto bytes = dynamodb::read_binary(item, name);
    Root root{};
    if (!bytes || bytes->size() != root.size()) return std::nullopt;
    std::ranges::copy(*bytes, root.begin());
    return root;
}

std::optional<sealed::WrapId> read_wrap_id(const Json& item, std::string_view name) {
    const std::string* text = dynamodb::read_text(item, name);
    return text == nullptr ? std::nullopt : sealed::WrapId::parse(*text);
}

/// Both of its attributes, or neither.
bool read_sealed(const Json& item, std::optional<SealedSecret>& to) {
    if (!item.contains("sealed") && !item.contains("wrap")) return true;
    auto bytes = dynamodb::read_binary(item, "sealed");
    const auto wrap = read_wrap_id(item, "wrap");
    if (!bytes || !wrap) return false;
    to = SealedSecret{std::move(*bytes), *wrap};
    return true;
}

bool read_texts(const Json& item, std::string_view name, std::set<std::string>& to) {
    std::optional<std::set<std::string>> texts;
    if (!read_optional(item, name, dynamodb::read_text_set, texts)) return false;
    if (texts) to = std::move(*texts);
    return true;
}

/// The public key that an item's `id` is; nothing for items of other kinds.
std::optional<PublicKey> read_key(const Json& item) {
    const std::string* id = dynamodb::read_text(item, "id");
    const auto key = id == nullptr ? std::nullopt : PublicKey::parse(*id);
    if (!key || key->text() != *id) return std::nullopt;
    return key;
}

/// What follows the prefix in an item's `id`; nothing if it has another.
std::optional<std::string_view> read_name(const Json& item, std::string_view prefix) {
    const std::string* id = dynamodb::read_text(item, "id");
    if (id == nullptr || !id->starts_with(prefix)) return std::nullopt;
    return std::string_view(*id).substr(prefix.size());
}

}  // namespace

dynamodb::ItemKey validator_key(const PublicKey& key) { return named(key.text()); }
dynamodb::ItemKey backup_key(const PublicKey& key) { return named("backup/" + key.text()); }
dynamodb::ItemKey deposit_key(const PublicKey& key) { return named("deposit/" + key.text()); }
dynamodb::ItemKey wrap_key(const sealed::WrapId& id) {
    return named(std::string(wrap_prefix) + id.text());
}
dynamodb::ItemKey batch_key(std::string_view name) {
    return named(std::string(batch_prefix).append(name));
}
dynamodb::ItemKey network_key() { return named("network"); }

std::string shard_of(const PublicKey& key) { return key.text().substr(key.text().size() - 1); }

ObjectText to_item(const Validator& validator) {
    ObjectText out = dynamodb::to_attributes(validator_key(validator.key));
    out.add("on", dynamodb::flag(validator.is_on))
        .add("src", dynamodb::natural(validator.source.value()))
        .add("tgt", dynamodb::natural(validator.target.value()))
        .add("slot", dynamodb::natural(validator.slot.value()))
        .add("made", dynamodb::number(validator.made_ms))
        .add("at", dynamodb::number(validator.written_ms));
    if (validator.attestation_root) {
        out.add("aroot", dynamodb::binary(*validator.attestation_root));
    }
    if (validator.block_root) out.add("broot", dynamodb::binary(*validator.block_root));
    if (validator.sealed) {
        out.add("sealed", dynamodb::binary(validator.sealed->bytes))
            .add("wrap", dynamodb::text(validator.sealed->wrap.text()));
    }
    if (validator.until) out.add("until", dynamodb::natural(validator.until->value()));
    if (!validator.tags.empty()) out.add("tags", dynamodb::text_set(validator.tags));
    if (!validator.fee.empty()) out.add("fee", dynamodb::text_set(validator.fee));
    if (validator.set) out.add("set", dynamodb::binary(*validator.set));
    if (validator.is_on) out.add("shard", dynamodb::text(shard_of(validator.key)));
    return out;
}

ObjectText to_item(const sealed::Wrap& wrap) {
    ObjectText out = dynamodb::to_attributes(wrap_key(wrap.id));
    sealed_adapters::add_wrap(out, wrap);
    return out;
}

std::optional<Validator> parse_validator(const Json& item) {
    const auto key = read_key(item);
    const auto is_on = dynamodb::read_flag(item, "on");
    const auto source = read_time<Epoch>(item, "src");
    const auto target = read_time<Epoch>(item, "tgt");
    const auto slot = read_time<Slot>(item, "slot");
    const auto made = dynamodb::read_number(item, "made");
    const auto written = dynamodb::read_number(item, "at");
    if (!key || !is_on || !source || !target || !slot || !made || !written) return std::nullopt;
    Validator out{.key = *key,
                  .is_on = *is_on,
                  .source = *source,
                  .target = *target,
                  .slot = *slot,
                  .made_ms = *made,
                  .written_ms = *written};
    const bool is_sound = read_optional(item, "aroot", read_root, out.attestation_root) &&
                          read_optional(item, "broot", read_root, out.block_root) &&
                          read_optional(item, "until", read_time<Epoch>, out.until) &&
                          read_optional(item, "set", dynamodb::read_binary, out.set) &&
                          read_sealed(item, out.sealed) && read_texts(item, "tags", out.tags) &&
                          read_texts(item, "fee", out.fee);
    if (!is_sound) return std::nullopt;
    return out;
}

std::optional<sealed::Wrap> parse_wrap_item(const Json& item) {
    const auto name = read_name(item, wrap_prefix);
    const auto id = name ? sealed::WrapId::parse(*name) : std::nullopt;
    return id ? sealed_adapters::read_wrap(item, *id) : std::nullopt;
}

const std::string* read_companion(const Json& item, const dynamodb::ItemKey& key,
                                  std::string_view attribute) {
    return dynamodb::has_key(item, key) ? dynamodb::read_text(item, attribute) : nullptr;
}

ObjectText companion_item(const dynamodb::ItemKey& key, std::string_view attribute,
                          std::string_view text) {
    return dynamodb::to_attributes(key).add(attribute, dynamodb::text(text));
}

ObjectText keys_attribute(const std::vector<PublicKey>& keys) {
    std::vector<ObjectText> texts;
    for (const PublicKey& key : keys) texts.push_back(dynamodb::text(key.text()));
    return dynamodb::list(texts);
}

ObjectText to_item(const Batch& batch) {
    return dynamodb::to_attributes(batch_key(batch.name))
        .add("keys", keys_attribute(batch.keys))
        .add("fields", dynamodb::text(batch.fields));
}

std::optional<Batch> parse_batch(const Json& item) {
    const auto name = read_name(item, batch_prefix);
    const std::string* fields = dynamodb::read_text(item, "fields");
    const auto* const list = dynamodb::read_list(item, "keys");
    if (!name || !sealed_adapters::is_batch_name(*name) || fields == nullptr || list == nullptr) {
        return std::nullopt;
    }
    Batch out{std::string(*name), *fields, {}};
    for (const Json& entry : *list) {
        const std::string* text = string_member(entry, "S");
        const auto key = text == nullptr ? std::nullopt : PublicKey::parse(*text);
        if (!key || key->text() != *text) return std::nullopt;
        out.keys.push_back(*key);
    }
    return out;
}

ObjectText to_item(const TableNetwork& network) {
    ObjectText out = dynamodb::to_attributes(network_key());
    out.add("root", dynamodb::text(ethereum::prefixed_hex(network.root)))
        .add("table", dynamodb::text(network.table));
    std::set<std::string> wraps;
    for (const sealed::WrapId& wrap : network.wraps) wraps.insert(wrap.text());
    if (!wraps.empty()) out.add("wraps", dynamodb::text_set(wraps));
    return out;
}

std::optional<TableNetwork> parse_network_item(const Json& item) {
    const std::string* root_text = dynamodb::read_text(item, "root");
    const std::string* table = dynamodb::read_text(item, "table");
    const auto root = root_text == nullptr ? std::nullopt : ethereum::parse_hex<32>(*root_text);
    std::set<std::string> texts;
    if (!dynamodb::has_key(item, network_key()) || !root || table == nullptr ||
        !read_texts(item, "wraps", texts)) {
        return std::nullopt;
    }
    TableNetwork out{*root, *table, {}};
    for (const std::string& text : texts) {
        const auto wrap = sealed::WrapId::parse(text);
        if (!wrap) return std::nullopt;
        out.wraps.push_back(*wrap);
    }
    return out;
}

std::optional<Error> judge_network(const std::optional<TableNetwork>& item,
                                   const ethereum::Network& network, std::string_view table) {
    if (item && item->root == network.genesis_validators_root && item->table == table) {
        return std::nullopt;
    }
    return Error{
        Code::WrongNetwork,
        !item ? "the table has no `network` item that can be read, which its deployment writes: "
                "nothing is signed and nothing is written without one"
        : item->table != table
            ? "this table says that it is a copy of `" + item->table +
                  "`: what was signed since then is not known here. Restore keys by `import_key` "
                  "into a table of its own instead"
            : "this table's keys are of another network: compare VALIDATOR_TABLE with NETWORK",
        {}};
}

}  // namespace redoubt::ethereum_adapters
