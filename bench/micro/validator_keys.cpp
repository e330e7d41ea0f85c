// SPDX-License-Identifier: Apache-2.0
// What the birth of a validator's key takes: words, seed, key, and a deposit that is checked.
#include <memory>
#include <vector>

#include <redoubt/base/random.hpp>
#include <redoubt/ethereum/deposit.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/mnemonic.hpp>

#include "measure.hpp"

namespace redoubt::bench {
namespace {

namespace bls = crypto::bls;
using ethereum::Mnemonic;

Mnemonic new_mnemonic() {
    GuardedBytes entropy(Mnemonic::entropy_size);
    fill_with_random(entropy.bytes());
    return Mnemonic::generate(entropy.view());
}

bls::SecretKey derived(const Mnemonic& mnemonic) {
    return ethereum::derive(mnemonic.seed().value().view(), ethereum::signing_path(0)).value();
}

}  // namespace

void measure_validator_keys() {
    const ethereum::Network network = ethereum::find_network("mainnet").value();
    const ethereum::DepositTerms terms{
        ethereum::WithdrawalType::Compounding, {{1}}, ethereum::full_deposit};
    // As many as `create_keys` makes at once.
    measure("validator_key/eight_created/ours", [=] {
        std::vector<Mnemonic> mnemonics;
        for (int i = 0; i < 8; ++i) mnemonics.push_back(new_mnemonic());
        std::vector<bls::SecretKey> secrets;
        for (const GuardedBytes& seed : Mnemonic::seeds(mnemonics)) {
            secrets.push_back(ethereum::derive(seed.view(), ethereum::signing_path(0)).value());
        }
        return ethereum::make_deposits(secrets, network, terms).has_value();
    });
    const auto mnemonic = std::make_shared<Mnemonic>(new_mnemonic());
    measure("validator_key/seed/ours", [=] { return mnemonic->seed().has_value(); });
    const auto seed = std::make_shared<GuardedBytes>(mnemonic->seed().value());
    measure("validator_key/derived/ours",
            [=] { return ethereum::derive(seed->view(), ethereum::signing_path(0)).has_value(); });
    const auto secret = std::make_shared<bls::SecretKey>(derived(*mnemonic));
    const auto deposit = ethereum::make_deposit(*secret, network, terms).value();
    measure("validator_key/deposit_alone/ours",
            [=] { return ethereum::make_deposit(*secret, network, terms).has_value(); });
    measure("validator_key/deposit_checked_alone/ours",
            [entry = ethereum::to_json(deposit), network] {
                return !ethereum::check_deposit(entry, network).has_value();
            });
}

}  // namespace redoubt::bench
