// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/sealed/unsealing.hpp>

#include <algorithm>
#include <memory>
#include <optional>

#include <redoubt/aws/dynamodb/batch_get.hpp>
#include <redoubt/aws/kms/seal.hpp>

namespace redoubt::sealed_adapters {
namespace {

namespace dynamodb = aws::dynamodb;

Result<std::vector<Json>> read_wraps(const SealedSources& sources, const WrapLayout& layout,
                                     const std::vector<sealed::WrapId>& ids, SteadyTime deadline) {
    if (ids.empty()) return std::vector<Json>();
    std::vector<dynamodb::ItemKey> wanted;
    for (const sealed::WrapId& id : ids) wanted.push_back(layout.key_of(id));
    return dynamodb::batch_get(sources.dynamodb, sources.runner, sources.table, wanted, deadline);
}

/// The calls for one wrap, which `refuse_altered` lets pass.
class WrapRound {
public:
    WrapRound(const SealedSources& sources, sealed::Wrap wrap, sealed::Purpose purpose)
        : sources_(sources), wrap_(std::move(wrap)), purpose_(purpose) {
        for (const sealed::EncryptedShare& share : wrap_.shares) {
            const auto arn =
                std::ranges::find(sources_.wrapping_keys, share.key, &aws::KeyArn::text);
            arns_.push_back(arn == sources_.wrapping_keys.end() ? nullptr : &*arn);
        }
    }

    /// What is to be run.
    void begin(std::vector<io::Exchange*>& exchanges) {
        const auto n = static_cast<unsigned>(wrap_.shares.size());
        operations_.clear();
        for (std::size_t i = 0; i < n; ++i) {
            const aws::KeyArn* arn = arns_[i];
            if (arn == nullptr) {
                operations_.emplace_back();
                continue;
            }
            const sealed::EncryptedShare& share = wrap_.shares[i];
            operations_.emplace_back(new aws::Operation(
                aws::kms::decrypt(sources_.kms.in(*arn), *arn, share.share,
                                  sealed::share_context(wrap_.id, share.x, n, purpose_))));
            exchanges.push_back(operations_.back().get());
        }
    }

    /// Once each time, after they were run.
    [[nodiscard]] Result<sealed::Opened> outcome() {
        std::vector<Result<GuardedBytes>> arrived;
        std::optional<Error> expired;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if (!operations_[i]) {
                arrived.emplace_back(fail(Code::WrapRefused, "is not one of WRAPPING_KEYS"));
                continue;
            }
            arrived.push_back(
                aws::kms::read_plaintext(*operations_[i], *arns_[i], sealed::WrapKey::size));
            const bool is_expired =
                !arrived.back() && arrived.back().error().code == Code::CredentialsExpired;
            if (is_expired) expired = arrived.back().error();
        }
        auto opened = sealed::open(wrap_, std::move(arrived));
        // What arrived may be enough; else the process ends, and a new one has fresh credentials.
        if (!opened && expired) return std::unexpected(*std::move(expired));
        return opened;
    }

    /// Of one that stayed closed: as many KMS keys answered as open it, so one of the answers was
    /// false, or what the table says is.
    [[nodiscard]] bool was_answered() const {
        const auto answers = std::ranges::count_if(operations_, [](const auto& operation) {
            return operation && operation->outcome().has_value();
        });
        return std::cmp_greater_equal(answers, wrap_.threshold);
    }

private:
    const SealedSources& sources_;
    sealed::Wrap wrap_;
    sealed::Purpose purpose_;
    // In the order of the wrap's shares; null: under a KMS key that is not ours.
    std::vector<const aws::KeyArn*> arns_;
    std::vector<std::unique_ptr<aws::Operation>> operations_;
};

/// `item` is null if there is none.
Result<sealed::Wrap> judge_wrap(const Json& item, const sealed::WrapId& id,
                                const WrapLayout& layout) {
    if (item.is_null()) {
        return fail(Code::WrapRefused, "the table has no wrap " + id.text() +
                                           ", under which this key is sealed: bring the key in "
                                           "again from its backup");
    }
    auto wrap = layout.parse(item);
    if (!wrap) {
        return fail(Code::WrapRefused,
                    "the wrap " + id.text() +
                        " lacks an attribute or has one of another type: bring the key in again "
                        "from its backup");
    }
    if (wrap->purpose != layout.purpose) {
        return fail(Code::WrapRefused, "the wrap " + id.text() + " is for another purpose, " +
                                           std::string(sealed::name(wrap->purpose)));
    }
    if (auto error = sealed::refuse_altered(*wrap)) return std::unexpected(std::move(*error));
    return std::move(*wrap);
}

using Rounds = std::map<std::string, WrapRound>;  // by the wrap's id

/// All at once, `beside` with them; then once more those that were answered and stayed closed: one
/// false answer costs a repetition, no key.
void run(const SealedSources& sources, Rounds& rounds, std::span<io::Exchange* const> beside,
         SteadyTime deadline, OpenWraps& out) {
    std::vector<io::Exchange*> exchanges(beside.begin(), beside.end());
    for (auto& [id, round] : rounds) round.begin(exchanges);
    for (const bool is_last : {false, true}) {
        if (!exchanges.empty()) sources.runner.run(exchanges, deadline);
        exchanges.clear();
        for (auto& [id, round] : rounds) {
            if (out.contains(id)) continue;
            auto opened = round.outcome();
            if (!opened && !is_last && round.was_answered()) {
                round.begin(exchanges);
            } else {
                out.emplace(id, std::move(opened));
            }
        }
    }
}

}  // namespace

Error without_items(const Error& error) {
    if (error.code == Code::CredentialsExpired) return error;
    const Code code = error.code == Code::TableRefused ? Code::WrapRefused : Code::WrapUnavailable;
    return {code, "the sealed key could not be read: " + error.message, error.detail};
}

Result<sealed::Opened> open_wrap(const SealedSources& sources, const sealed::Wrap& wrap,
                                 sealed::Purpose purpose, SteadyTime deadline) {
    if (auto error = sealed::refuse_altered(wrap)) return std::unexpected(std::move(*error));
    const std::string id = wrap.id.text();
    Rounds rounds;
    rounds.try_emplace(id, sources, wrap, purpose);
    OpenWraps out;
    run(sources, rounds, {}, deadline, out);
    return std::move(out.at(id));
}

OpenWraps open_wraps(const SealedSources& sources, const WrapLayout& layout,
                     const std::vector<sealed::WrapId>& ids, std::span<io::Exchange* const> beside,
                     SteadyTime deadline) {
    const auto read = read_wraps(sources, layout, ids, deadline);
    std::vector<Result<Json>> items;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        items.push_back(read ? Result<Json>((*read)[i]) : std::unexpected(read.error()));
    }
    return open_read_wraps(sources, layout, ids, items, beside, deadline);
}

OpenWraps open_read_wraps(const SealedSources& sources, const WrapLayout& layout,
                          const std::vector<sealed::WrapId>& ids,
                          const std::vector<Result<Json>>& items,
                          std::span<io::Exchange* const> beside, SteadyTime deadline) {
    OpenWraps out;
    Rounds rounds;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::string id = ids[i].text();
        auto wrap = items[i] ? judge_wrap(*items[i], ids[i], layout)
                             : std::unexpected(without_items(items[i].error()));
        if (!wrap) {
            out.emplace(id, std::unexpected(wrap.error()));
        } else {
            rounds.try_emplace(id, sources, std::move(*wrap), layout.purpose);
        }
    }
    run(sources, rounds, beside, deadline, out);
    return out;
}

bool is_passing(Code code) {
    return code == Code::WrapUnavailable || code == Code::CredentialsExpired;
}

void Opening::add_shares(const OpenWraps& wraps) {
    for (const auto& [id, wrap] : wraps) {
        if (!wrap) continue;
        std::ranges::copy(wrap->wrong, std::back_inserter(wrong_shares));
        std::ranges::copy(wrap->missing, std::back_inserter(missing_shares));
    }
}

}  // namespace redoubt::sealed_adapters
