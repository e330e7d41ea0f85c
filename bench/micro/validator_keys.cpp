// SPDX-License-Identifier: Apache-2.0
// What the birth of a validator's key takes: words, seed, key, and a deposit that is checked.
#include <memory>

#include <redoubt/base/random.hpp>
#include <redoubt/ethereum/deposit.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/mnemonic.hpp>

#include "measure.hpp"

namespace redoubt::bench {
namespace {

using namespace redoubt::ethereum;
using crypto::bls::SecretKey;

Mnemonic new_mnemonic() {
    GuardedBytes entropy(Mnemonic::entropy_size);
    fill_with_random(entropy.bytes());
    return Mnemonic::generate(entropy.view());
}

SecretKey derived(const Mnemonic& mnemonic) {
    return derive(mnemonic.seed().value().view(), signing_path(0)).value();
}

}  // namespace

void measure_validator_keys() {
    const Network network = find_network("mainnet").value();
    const DepositTerms terms{WithdrawalType::Compounding, {{1}}, full_deposit};
    measure("validator_key/created/ours", [=] {
        const Mnemonic mnemonic = new_mnemonic();
        return make_deposit(derived(mnemonic), network, terms).has_value();
    });
    const auto mnemonic = std::make_shared<Mnemonic>(new_mnemonic());
    measure("validator_key/seed/ours", [=] { return mnemonic->seed().has_value(); });
    const auto seed = std::make_shared<GuardedBytes>(mnemonic->seed().value());
    measure("validator_key/derived/ours",
            [=] { return derive(seed->view(), signing_path(0)).has_value(); });
    const auto secret = std::make_shared<SecretKey>(derived(*mnemonic));
    const auto deposit = make_deposit(*secret, network, terms).value();
    measure("validator_key/deposit/ours",
            [=] { return make_deposit(*secret, network, terms).has_value(); });
    measure("validator_key/deposit_checked/ours", [entry = to_json(deposit), network] {
        return !check_deposit(entry, network).has_value();
    });
}

}  // namespace redoubt::bench
