// SPDX-License-Identifier: Apache-2.0
// What the table holds of sealed keys: envelopes, names of wraps, items whose shares were
// decrypted. The input: one of these; the bytes of an item are read by `item_of`.
#include <algorithm>
#include <set>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/reader.hpp>
#include <redoubt/sealed/opening.hpp>
#include <sealed/parts.hpp>

#include "check.hpp"

namespace redoubt::fuzz::sealed {
namespace {

using namespace redoubt::sealed;

constexpr auto purpose = Purpose::TezosConsensus;

WrapKey fixed_key() { return derived(Bytes(64, 0x07)); }
WrapId fixed_id() { return {.bytes = {1, 2, 3}}; }
Bytes fixed_public_key() { return Bytes(public_key_size, 0x0b); }

void check_damaged(const Error& error) {
    check(error.code == Code::DamagedKey && !error.message.empty(), "refused by name");
}

/// Only what sealing gives opens, to the byte.
void open_envelope(ByteView input) {
    const auto secret = unseal(fixed_key(), fixed_id(), purpose, fixed_public_key(), input);
    if (!secret) return check_damaged(secret.error());
    Nonce nonce{};
    std::ranges::copy(input.subspan(1, nonce.size()), nonce.begin());
    const Bytes again =
        seal_by(nonce, fixed_key(), fixed_id(), purpose, fixed_public_key(), secret->view());
    check(std::ranges::equal(again, input), "an envelope has one spelling");
}

/// A nonce, a secret, and where to change what of their envelope.
void alter_envelope(ByteView input) {
    Reader reader(input);
    const auto nonce = reader.array<std::tuple_size_v<Nonce>>();
    const auto secret = reader.array<secret_size>();
    Bytes sealed = seal_by(nonce, fixed_key(), fixed_id(), purpose, fixed_public_key(), secret);
    const Bytes whole = sealed;
    while (!reader.rest().empty()) {
        const std::size_t at = reader.u8();
        const Byte change = reader.u8();
        if (at < sealed.size()) {
            sealed[at] ^= change;
        } else {
            sealed.push_back(change);
        }
    }
    const auto opened = unseal(fixed_key(), fixed_id(), purpose, fixed_public_key(), sealed);
    check(opened.has_value() == (sealed == whole), "what was altered does not open");
    check(!opened || std::ranges::equal(opened->view(), secret), "what was not, gives the secret");
}

void read_names(std::string_view text) {
    const auto id = WrapId::parse(text);
    check(!id || id->text() == text, "a wrap's name has one spelling");
    const bool is_id =
        text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    check(id.has_value() == is_id, "32 lower-case digits are one");
    const auto read = parse_purpose(text);
    check(!read || name(*read) == text, "a purpose has one spelling");
}

struct Item {
    Wrap wrap;
    std::vector<Result<GuardedBytes>> arrived;
};

/// Threshold; then for each share its place, its KMS key and what became of it: the right share of
/// its place, zeros of some length, a failure that passes, one that stays.
Item item_of(Reader& reader, const std::vector<Share>& right) {
    Item item;
    item.wrap.threshold = reader.u8();
    while (reader.rest().size() >= 3) {
        const unsigned x = reader.u8();
        item.wrap.shares.push_back(
            {std::string(1, static_cast<char>('a' + reader.u8() % 8)), x, {}});
        const Byte fate = reader.u8();
        if (fate == 0 && x >= 1 && x <= right.size()) {
            item.arrived.emplace_back(GuardedBytes::copy_of(right[x - 1].bytes.view()));
        } else if (fate == 1) {
            item.arrived.emplace_back(fail(Code::KmsUnavailable, "no answer"));
        } else if (fate == 2) {
            item.arrived.emplace_back(fail(Code::KmsRefused, "disabled"));
        } else {
            item.arrived.emplace_back(GuardedBytes(fate));
        }
    }
    return item;
}

/// Shares of two of three, put together as an item says that somebody else wrote.
void open_item(ByteView input) {
    const auto right = split_by(Bytes(WrapKey::size, 0x55), fixed_key(), 3);
    Reader reader(input);
    Item item = item_of(reader, right);
    item.wrap.id = fixed_id();
    item.wrap.check = fixed_key().check(fixed_id());
    const Wrap wrap = item.wrap;
    const auto opened = open(wrap, std::move(item.arrived));
    if (opened) {
        check(opened->key.check(wrap.id) == wrap.check, "only the wrap's own key comes of it");
        check(wrap.threshold >= 2 && wrap.threshold <= wrap.shares.size(), "of shares enough");
        return;
    }
    const Code code = opened.error().code;
    check(code == Code::WrapRefused || code == Code::WrapUnavailable, "refused by name");
    check(code == Code::WrapRefused || wrap.shares.size() <= most_shares, "no item of ours");
}

}  // namespace

void one_input(ByteView input) {
    open_envelope(input);
    alter_envelope(input);
    read_names(text_of(input));
    open_item(input);
}

}  // namespace redoubt::fuzz::sealed
