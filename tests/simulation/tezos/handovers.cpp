// SPDX-License-Identifier: Apache-2.0
#include "handovers.hpp"

namespace redoubt::simulation::tezos {
namespace {

constexpr std::array row_kinds = {Kind::Block, Kind::Preattestation, Kind::Attestation};

}  // namespace

Handover Handovers::next(Random& random, std::uint32_t head) {
    if (random.below(2) == 0) {
        if (auto moves_in = move_in(random)) return std::move(*moves_in);
    }
    return move_out(random, head);
}

Json Handovers::command(const char* name, std::size_t key) const {
    return {{"command", name},
            {"chain", Fixtures::chain_text(0)},
            {"keys", {fixtures_.settings().consensus_keys[key].address}}};
}

/// A level that was passed, or one that is higher than before, does no harm: it is refused.
Handover Handovers::move_out(Random& random, std::uint32_t head) {
    const std::size_t table = random.below(table_names.size());
    const std::size_t key = random.below(2);
    std::int64_t until = std::int64_t{head} + static_cast<std::int64_t>(random.below(5)) - 2;
    for (const Kind kind : row_kinds) {
        until = std::max(until, moved_in_[{table, fixtures_.scope_name(key, 0, kind)}]);
    }
    Handover out{table, command("handover", key)};
    out.command["until"] = until;
    return out;
}

std::optional<Handover> Handovers::move_in(Random& random) {
    const std::size_t table = random.below(table_names.size());
    const std::size_t key = random.below(2);
    std::int64_t from = 1;
    std::int64_t own_last = 0;
    bool has_rows = true;
    for (const Kind kind : row_kinds) {
        const std::string scope = fixtures_.scope_name(key, 0, kind);
        const auto others_last = last_level({1 - table, scope});
        if (!others_last) return std::nullopt;
        from = std::max(from, *others_last + 1);
        has_rows = has_rows && cloud_.item({table, scope}).has_value();
        const auto own = row({table, scope});
        if (own && own->until) own_last = std::max(own_last, *own->until);
    }
    from = std::max(from, own_last + 1) + static_cast<std::int64_t>(random.below(3));
    // A mistake: while it may sign there itself.
    if (own_last > 1 && random.below(4) == 0) from = own_last;
    for (const Kind kind : row_kinds) {
        std::int64_t& highest = moved_in_[{table, fixtures_.scope_name(key, 0, kind)}];
        highest = std::max(highest, from);
    }
    Handover in{table, command(has_rows ? "handover" : "arm", key)};
    in.command[has_rows ? "from" : "level"] = has_rows ? from : from - 1;
    return in;
}

std::optional<Row> Handovers::row(const RowName& name) {
    const auto item = cloud_.item(name);
    return item ? row_of(*item) : std::nullopt;
}

std::optional<std::int64_t> Handovers::last_level(const RowName& name) {
    // What was sent to move it in and is not below its last level may be applied still.
    const std::int64_t sent = moved_in_[name];
    if (!cloud_.item(name)) return sent == 0 ? std::optional<std::int64_t>(0) : std::nullopt;
    const auto found = row(name);
    if (!found || !found->until || sent > *found->until) return std::nullopt;
    return *found->until;
}

}  // namespace redoubt::simulation::tezos
