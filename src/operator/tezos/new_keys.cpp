// SPDX-License-Identifier: Apache-2.0
#include "new_keys.hpp"

#include <algorithm>
#include <memory>

#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/base/random.hpp>
#include <redoubt/base/secret.hpp>
#include <redoubt/sealed/envelope.hpp>
#include <redoubt/sealed/shares.hpp>
#include <redoubt/tezos/secret_key.hpp>

#include "fields.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace kms = aws::kms;
using crypto::bls::Domain;
using crypto::bls::SecretKey;
using tezos_adapters::SealedItem;
using tezos_adapters::tezos_purpose;

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
Result<std::vector<aws::KeyArn>> read_kms_keys(const Json& fields, const Context& context) {
    const std::vector<aws::KeyArn>& known = context.sealing.wrapping_keys;
    const Json* list = member(fields, "kms_keys");
    if (known.empty()) {
        return bad_request(
            "this function has no WRAPPING_KEYS, the KMS keys that keys are sealed under: set them "
            "first");
    }
    if (list == nullptr) return known;
    if (!list->is_array() || list->empty()) {
        return bad_request("`kms_keys` must be a list of ARNs from WRAPPING_KEYS");
    }
    std::vector<aws::KeyArn> keys;
    for (const Json& entry : *list) {
        const auto* text = entry.get_ptr<const std::string*>();
        const auto found =
            text == nullptr ? known.end() : std::ranges::find(known, *text, &aws::KeyArn::text);
        if (found == known.end()) {
            return bad_request("`kms_keys` names a key that is not in WRAPPING_KEYS");
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
        return bad_request("`threshold` has no default with " + count +
                           " KMS keys: say how many of them must answer to open the keys. With 1, "
                           "each of them opens by itself; with " +
                           count + ", losing any one of them loses the keys");
    }
    if (!value->is_number_integer() || *value < 1 || *value > keys) {
        return bad_request("`threshold` must be a whole number from 1 to " + count +
                           ", as many as there are KMS keys");
    }
    return value->get<unsigned>();
}

/// For a caller who does not see the log: which KMS key it was.
std::unexpected<Error> naming(const aws::KeyArn& key, Error error) {
    error.message = key.text + ": " + error.message + " (nothing was written)";
    return std::unexpected(std::move(error));
}

/// Calls about shares, one for each, all at once.
class ShareCalls {
public:
    template <class Make>
    void add(const Make& make) {
        calls_.emplace_back(new aws::Operation(make()));
    }
    void run(const Context& context, SteadyTime deadline) {
        std::vector<io::Exchange*> exchanges;
        for (const auto& call : calls_) exchanges.push_back(call.get());
        context.runner.run(exchanges, deadline);
    }
    [[nodiscard]] aws::Operation& at(std::size_t i) { return *calls_.at(i); }

private:
    std::vector<std::unique_ptr<aws::Operation>> calls_;
};

/// That each share opens, and to what it was.
std::optional<Error> try_shares(const Context& context, const sealed::WrapId& id,
                                const Division& division, const std::vector<sealed::Share>& shares,
                                const std::vector<sealed::EncryptedShare>& encrypted,
                                SteadyTime deadline) {
    const auto n = static_cast<unsigned>(shares.size());
    ShareCalls calls;
    for (std::size_t i = 0; i < n; ++i) {
        const aws::KeyArn& arn = division.kms_keys[i];
        calls.add([&] {
            return kms::decrypt(context.wrapping_kms.in(arn), arn, encrypted[i].share,
                                sealed::share_context(id, shares[i].x, n, tezos_purpose));
        });
    }
    calls.run(context, deadline);
    for (std::size_t i = 0; i < n; ++i) {
        const aws::KeyArn& arn = division.kms_keys[i];
        const auto opened = kms::read_plaintext(calls.at(i), arn, shares[i].bytes.size());
        if (!opened) return naming(arn, opened.error()).error();
        if (!equal_in_constant_time(opened->view(), shares[i].bytes.view())) {
            return naming(arn, {Code::KmsRefused, "KMS opened a share to something else", {}})
                .error();
        }
    }
    return std::nullopt;
}

std::unexpected<Error> not_right() {
    return fail(Code::Internal, "what was made did not come out right: ask again");
}

/// For each recipient; nothing if there are none.
Result<std::optional<std::string>> back_up(const Context& context, const SecretKey& secret) {
    const auto& recipients = context.sealing.backup_recipients.value();
    if (recipients.empty()) return std::nullopt;
    const GuardedBytes text = tezos::to_text(secret);
    GuardedBytes line(text.size() + 1);
    std::ranges::copy(text.view(), line.bytes().begin());
    line.bytes().back() = '\n';
    auto backup = backup::encrypt(line.view(), recipients);
    if (!backup) return std::unexpected(backup.error());
    return std::move(*backup);
}

}  // namespace

Result<Division> read_division(const Json& fields, const Context& context) {
    auto keys = read_kms_keys(fields, context);
    if (!keys) return std::unexpected(keys.error());
    if (auto error = refuse_doubles(*keys)) return std::unexpected(std::move(*error));
    const auto threshold = read_threshold(fields, keys->size());
    if (!threshold) return std::unexpected(threshold.error());
    return Division{std::move(*keys), *threshold};
}

std::optional<Error> demand_backup(const Context& context) {
    if (context.sealing.backup_recipients) return std::nullopt;
    return Error{Code::BadRequest,
                 "nothing was made, as nobody said who gets backups: set BACKUP_RECIPIENTS to the "
                 "age recipients (age1...) who may open them, or BACKUP to none. Without a backup, "
                 "a KMS key or table that is lost takes the keys with it",
                 {}};
}

Result<GuardedBytes> draw_random(const Context& context, std::size_t count, SteadyTime deadline) {
    aws::Operation operation = kms::generate_random(context.kms, count * random_share);
    io::Exchange* const exchange = &operation;
    context.runner.run({&exchange, 1}, deadline);
    return kms::read_random(operation, count * random_share);
}

SecretKey make_secret(ByteView of_kms) {
    GuardedBytes entropy(2 * random_share);
    fill_with_random(entropy.bytes().first(random_share));
    std::ranges::copy(of_kms, entropy.bytes().subspan(random_share).begin());
    return SecretKey::generate(entropy.view());
}

Result<NewWrap> make_wrap(const Context& context, const Division& division, ByteView of_kms,
                          Trial trial, SteadyTime deadline) {
    NewWrap made{sealed::WrapKey::make(of_kms),
                 {sealed::WrapId::make(),
                  division.threshold,
                  {},
                  {},
                  tezos_purpose,
                  unix_ms(context.dynamodb.clock().now())}};
    made.wrap.check = made.key.check(made.wrap.id);
    auto shares = encrypt_shares(context, made.key, made.wrap.id, division, trial, deadline);
    if (!shares) return std::unexpected(shares.error());
    made.wrap.shares = std::move(*shares);
    return made;
}

Result<std::vector<sealed::EncryptedShare>> encrypt_shares(const Context& context,
                                                           const sealed::WrapKey& key,
                                                           const sealed::WrapId& id,
                                                           const Division& division, Trial trial,
                                                           SteadyTime deadline) {
    const auto n = static_cast<unsigned>(division.kms_keys.size());
    const auto shares = sealed::split(key, division.threshold, n);
    if (!shares) return std::unexpected(shares.error());
    ShareCalls calls;
    for (std::size_t i = 0; i < n; ++i) {
        const aws::KeyArn& arn = division.kms_keys[i];
        const sealed::Share& share = (*shares)[i];
        calls.add([&] {
            return kms::encrypt(context.wrapping_kms.in(arn), arn, share.bytes.view(),
                                sealed::share_context(id, share.x, n, tezos_purpose));
        });
    }
    calls.run(context, deadline);
    std::vector<sealed::EncryptedShare> out;
    for (std::size_t i = 0; i < n; ++i) {
        const aws::KeyArn& arn = division.kms_keys[i];
        const auto& reply = calls.at(i).outcome();
        if (!reply) return naming(arn, reply.error());
        auto ciphertext = kms::read_ciphertext(*reply, arn);
        if (!ciphertext) return naming(arn, ciphertext.error());
        out.push_back({arn.text, (*shares)[i].x, std::move(*ciphertext)});
    }
    if (trial == Trial::EachShare) {
        auto error = try_shares(context, id, division, *shares, out, deadline);
        if (error) return std::unexpected(std::move(*error));
    }
    return out;
}

Result<Bytes> seal_secret(const SecretKey& secret, const crypto::PublicKey& key,
                          const NewWrap& wrap) {
    auto sealed =
        sealed::seal(wrap.key, wrap.wrap.id, tezos_purpose, key.encoded(), secret.big_endian());
    // A bit that flipped must not become a key that nobody can open.
    const auto opened =
        sealed::unseal(wrap.key, wrap.wrap.id, tezos_purpose, key.encoded(), sealed);
    if (!opened || !equal_in_constant_time(opened->view(), secret.big_endian())) {
        return not_right();
    }
    return sealed;
}

Result<SealedItem> seal_key(const Context& context, const SecretKey& secret, const NewWrap& wrap) {
    const crypto::PublicKey key = secret.public_key();
    const auto proof = secret.sign(key.encoded(), Domain::Possession);
    if (!crypto::bls::verify_possession(key, key, proof)) return not_right();
    auto sealed = seal_secret(secret, key, wrap);
    if (!sealed) return std::unexpected(sealed.error());
    auto backup = back_up(context, secret);
    if (!backup) return std::unexpected(backup.error());
    return SealedItem{key,
                      std::move(*sealed),
                      wrap.wrap.id,
                      wrap.wrap.made_ms,
                      std::move(*backup),
                      tezos::to_text(key.scheme(), proof)};
}

Json to_json(const SealedItem& key) {
    return {{"public_key", tezos::to_text(key.public_key)},
            {"pkh", tezos::to_text(tezos::hash_of(key.public_key))},
            {"proof", key.proof ? Json(*key.proof) : Json()},
            {"wrap", key.wrap.text()},
            {"backup", key.backup ? Json(*key.backup) : Json()}};
}

}  // namespace redoubt::tezos_operator
