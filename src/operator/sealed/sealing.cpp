// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/sealed/sealing.hpp>

#include <algorithm>
#include <memory>

#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/base/random.hpp>
#include <redoubt/base/secret.hpp>
#include <redoubt/operator/fields.hpp>
#include <redoubt/sealed/envelope.hpp>
#include <redoubt/sealed/shares.hpp>

namespace redoubt::sealed_operator {
namespace {

namespace kms = aws::kms;

/// Of one answer of KMS, which has up to 1024 bytes.
constexpr std::size_t most_random_shares = 1024 / random_share;

/// The last part of an ARN: replicas of one key, which open the same, have it in common.
std::string_view id_of(const aws::KeyArn& arn) {
    return std::string_view(arn.text).substr(arn.text.rfind('/') + 1);
}

std::optional<Error> refuse_doubles(const std::vector<aws::KeyArn>& keys) {
    for (auto one = keys.begin(); one != keys.end(); ++one) {
        const auto other = std::find_if(one + 1, keys.end(), [one](const aws::KeyArn& arn) {
            return id_of(arn) == id_of(*one);
        });
        if (other == keys.end()) continue;
        return Error{Code::BadRequest,
                     one->text + " and " + other->text +
                         " are one KMS key: two shares under it would be lost together, and open "
                         "together. Name another key instead of one of them",
                     {}};
    }
    return std::nullopt;
}

/// `kms_keys`
Result<std::vector<aws::KeyArn>> read_kms_keys(const Json& fields, const Sealing& sealing) {
    const std::vector<aws::KeyArn>& known = sealing.wrapping_keys;
    const Json* list = member(fields, "kms_keys");
    if (known.empty()) {
        return operators::bad_request(
            "this function has no WRAPPING_KEYS, the KMS keys that keys are sealed under: set them "
            "first");
    }
    if (list == nullptr) return known;
    if (!list->is_array() || list->empty()) {
        return operators::bad_request("`kms_keys` must be a list of ARNs from WRAPPING_KEYS");
    }
    std::vector<aws::KeyArn> keys;
    for (const Json& entry : *list) {
        const auto* text = entry.get_ptr<const std::string*>();
        const auto found =
            text == nullptr ? known.end() : std::ranges::find(known, *text, &aws::KeyArn::text);
        if (found == known.end()) {
            return operators::bad_request("`kms_keys` names a key that is not in WRAPPING_KEYS");
        }
        keys.push_back(*found);
    }
    return keys;
}

Result<unsigned> read_threshold(const Json& fields, std::size_t keys) {
    const std::string count = std::to_string(keys);
    const Json* value = member(fields, "threshold");
    if (value == nullptr && keys == 1) return 1U;
    if (value == nullptr) {
        return operators::bad_request(
            "`threshold` has no default with " + count +
            " KMS keys: say how many of them must answer to open the keys. With 1, "
            "each of them opens by itself; with " +
            count + ", losing any one of them loses the keys");
    }
    if (!value->is_number_integer() || *value < 1 || *value > keys) {
        return operators::bad_request("`threshold` must be a whole number from 1 to " + count +
                                      ", as many as there are KMS keys");
    }
    return value->get<unsigned>();
}

/// For a caller who does not see the log: which KMS key it was.
std::unexpected<Error> naming(const aws::KeyArn& key, Error error) {
    error.message = key.text + ": " + error.message + " (nothing was written)";
    return std::unexpected(std::move(error));
}

/// Calls to KMS, all at once.
class KmsCalls {
public:
    template <class Make>
    void add(const Make& make) {
        calls_.emplace_back(new aws::Operation(make()));
    }
    void run(const Tools& tools, SteadyTime deadline) {
        std::vector<io::Exchange*> exchanges;
        for (const auto& call : calls_) exchanges.push_back(call.get());
        tools.sources.runner.run(exchanges, deadline);
    }
    [[nodiscard]] aws::Operation& at(std::size_t i) { return *calls_.at(i); }

private:
    std::vector<std::unique_ptr<aws::Operation>> calls_;
};

/// That each share opens, and to what it was.
std::optional<Error> try_shares(const Tools& tools, const sealed::WrapId& id,
                                const std::vector<aws::KeyArn>& kms_keys,
                                const std::vector<sealed::Share>& shares,
                                const std::vector<sealed::EncryptedShare>& encrypted,
                                SteadyTime deadline) {
    const auto n = static_cast<unsigned>(shares.size());
    KmsCalls calls;
    for (std::size_t i = 0; i < n; ++i) {
        const aws::KeyArn& arn = kms_keys[i];
        calls.add([&] {
            return kms::decrypt(tools.sources.kms.in(arn), arn, encrypted[i].share,
                                sealed::share_context(id, shares[i].x, n, tools.layout.purpose));
        });
    }
    calls.run(tools, deadline);
    for (std::size_t i = 0; i < n; ++i) {
        const aws::KeyArn& arn = kms_keys[i];
        const auto opened = kms::read_plaintext(calls.at(i), arn, shares[i].bytes.size());
        if (!opened) return naming(arn, opened.error()).error();
        if (!equal_in_constant_time(opened->view(), shares[i].bytes.view())) {
            return naming(arn, {Code::KmsRefused, "KMS opened a share to something else", {}})
                .error();
        }
    }
    return std::nullopt;
}

}  // namespace

Result<Division> read_division(const Json& fields, const Sealing& sealing) {
    auto keys = read_kms_keys(fields, sealing);
    if (!keys) return std::unexpected(keys.error());
    if (auto error = refuse_doubles(*keys)) return std::unexpected(std::move(*error));
    const auto threshold = read_threshold(fields, keys->size());
    if (!threshold) return std::unexpected(threshold.error());
    return Division{std::move(*keys), *threshold};
}

Result<Division> divide_among_all(const Sealing& sealing, unsigned threshold) {
    if (auto error = refuse_doubles(sealing.wrapping_keys)) {
        return std::unexpected(std::move(*error));
    }
    return Division{sealing.wrapping_keys, threshold};
}

std::optional<Error> demand_backup(const Sealing& sealing) {
    if (sealing.backup_recipients) return std::nullopt;
    return Error{Code::BadRequest,
                 "nothing was made, as nobody said who gets backups: set BACKUP_RECIPIENTS to the "
                 "age recipients (age1...) who may open them, or BACKUP to none. Without a backup, "
                 "a KMS key or table that is lost takes the keys with it",
                 {}};
}

Result<std::optional<std::string>> back_up(const Sealing& sealing, ByteView text) {
    const auto& recipients = sealing.backup_recipients.value();
    if (recipients.empty()) return std::nullopt;
    auto backup = backup::encrypt(text, recipients);
    if (!backup) return std::unexpected(backup.error());
    return std::move(*backup);
}

Result<GuardedBytes> draw_random(const Tools& tools, std::size_t count, SteadyTime deadline) {
    KmsCalls calls;
    std::vector<std::size_t> sizes;
    for (std::size_t left = count; left > 0; left -= sizes.back() / random_share) {
        sizes.push_back(std::min(left, most_random_shares) * random_share);
        calls.add([&] { return kms::generate_random(tools.kms, sizes.back()); });
    }
    calls.run(tools, deadline);
    GuardedBytes all(count * random_share);
    auto to = all.bytes().begin();
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto part = kms::read_random(calls.at(i), sizes[i]);
        if (!part) return std::unexpected(part.error());
        to = std::ranges::copy(part->view(), to).out;
    }
    return all;
}

GuardedBytes add_random(ByteView of_kms) {
    GuardedBytes entropy(2 * random_share);
    fill_with_random(entropy.bytes().first(random_share));
    std::ranges::copy(of_kms, entropy.bytes().subspan(random_share).begin());
    return entropy;
}

Result<NewWrap> make_wrap(const Tools& tools, const sealed::WrapId& id, const Division& division,
                          ByteView of_kms, Trial trial, SteadyTime deadline) {
    NewWrap made{sealed::WrapKey::make(of_kms),
                 {id,
                  division.threshold,
                  {},
                  {},
                  tools.layout.purpose,
                  unix_ms(tools.sources.dynamodb.clock().now())}};
    made.wrap.check = made.key.check(made.wrap.id);
    return divide(tools, std::move(made), division, trial, deadline);
}

Result<NewWrap> make_tried_wrap(const Tools& tools, const Division& division, SteadyTime deadline) {
    const auto random = draw_random(tools, 1, deadline);
    if (!random) return std::unexpected(random.error());
    return make_wrap(tools, sealed::WrapId::make(), division, random->view(), Trial::EachShare,
                     deadline);
}

Result<NewWrap> divide(const Tools& tools, NewWrap whole, const Division& division, Trial trial,
                       SteadyTime deadline) {
    whole.wrap.threshold = division.threshold;
    const auto shares = sealed::split(whole.key, division.threshold,
                                      static_cast<unsigned>(division.kms_keys.size()));
    if (!shares) return std::unexpected(shares.error());
    auto encrypted = encrypt_shares(tools, whole, *shares, division.kms_keys, trial, deadline);
    if (!encrypted) return std::unexpected(encrypted.error());
    whole.wrap.shares = std::move(*encrypted);
    return whole;
}

Result<std::vector<sealed::EncryptedShare>> encrypt_shares(const Tools& tools, const NewWrap& whole,
                                                           const std::vector<sealed::Share>& shares,
                                                           const std::vector<aws::KeyArn>& kms_keys,
                                                           Trial trial, SteadyTime deadline) {
    // A bit that flipped must not become a wrap that nobody can open.
    if (!sealed::is_whole(whole.wrap, whole.key, shares)) return not_right();
    const sealed::WrapId& id = whole.wrap.id;
    const auto n = static_cast<unsigned>(shares.size());
    KmsCalls calls;
    for (std::size_t i = 0; i < n; ++i) {
        const aws::KeyArn& arn = kms_keys.at(i);
        const sealed::Share& share = shares[i];
        calls.add([&] {
            return kms::encrypt(tools.sources.kms.in(arn), arn, share.bytes.view(),
                                sealed::share_context(id, share.x, n, tools.layout.purpose));
        });
    }
    calls.run(tools, deadline);
    std::vector<sealed::EncryptedShare> out;
    for (std::size_t i = 0; i < n; ++i) {
        const aws::KeyArn& arn = kms_keys[i];
        const auto& reply = calls.at(i).outcome();
        if (!reply) return naming(arn, reply.error());
        auto ciphertext = kms::read_ciphertext(*reply, arn);
        if (!ciphertext) return naming(arn, ciphertext.error());
        out.push_back({arn.text, shares[i].x, std::move(*ciphertext)});
    }
    if (trial == Trial::EachShare) {
        auto error = try_shares(tools, id, kms_keys, shares, out, deadline);
        if (error) return std::unexpected(std::move(*error));
    }
    return out;
}

Result<Bytes> seal_secret(const crypto::bls::SecretKey& secret, ByteView public_key,
                          const NewWrap& wrap) {
    auto sealed =
        sealed::seal(wrap.key, wrap.wrap.id, wrap.wrap.purpose, public_key, secret.big_endian());
    // A bit that flipped must not become a key that nobody can open.
    const auto opened =
        sealed::unseal(wrap.key, wrap.wrap.id, wrap.wrap.purpose, public_key, sealed);
    if (!opened || !equal_in_constant_time(opened->view(), secret.big_endian())) {
        return not_right();
    }
    return sealed;
}

std::unexpected<Error> not_right() {
    return fail(Code::Internal, "what was made did not come out right: ask again");
}

}  // namespace redoubt::sealed_operator
