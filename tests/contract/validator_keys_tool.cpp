// SPDX-License-Identifier: Apache-2.0
// Does with validators' keys what it is asked: a JSON object a line in, `{"ok": ...}` or
// `{"refused": "..."}` a line out. So that other implementations can be asked the same
// (test_validator_keys.py, test_unicode.py).

#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

#include <ethereum/keystore_parts.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/nfkd.hpp>
#include <redoubt/base/random.hpp>
#include <redoubt/crypto/keccak.hpp>
#include <redoubt/ethereum/address.hpp>
#include <redoubt/ethereum/bls_change.hpp>
#include <redoubt/ethereum/deposit.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/exit.hpp>
#include <redoubt/ethereum/keystore.hpp>
#include <redoubt/ethereum/mnemonic.hpp>

namespace {

using namespace redoubt;
using namespace redoubt::ethereum;
using crypto::bls::SecretKey;

/// What a request's members are.
struct Asked {
    const Json& members;

    [[nodiscard]] std::string text(const char* name) const { return members.at(name); }
    [[nodiscard]] Bytes hex(const char* name) const { return from_hex(text(name)).value(); }
    [[nodiscard]] std::uint64_t number(const char* name) const { return members.at(name); }
    [[nodiscard]] SecretKey secret() const { return SecretKey::parse(hex("secret")).value(); }
    [[nodiscard]] Network network() const { return find_network(text("network")).value(); }
    [[nodiscard]] Address address() const { return parse_address(text("address")).value(); }
};

Json refused(const Error& error) { return {{"refused", error.message}}; }
Json ok(Json value) { return {{"ok", std::move(value)}}; }
template <class T, class Show>
Json answer(const Result<T>& result, Show show) {
    return result ? ok(show(*result)) : refused(result.error());
}
Json checked(const std::optional<Error>& mistake) { return mistake ? refused(*mistake) : ok(true); }

Json nfkd_of(const Asked& asked) {
    const auto normal = nfkd(text_of(asked.hex("utf8")));
    return normal ? ok(to_hex(normal->view())) : Json{{"refused", ""}};
}

Json words(const Asked& asked) { return ok(Mnemonic::generate(asked.hex("entropy")).words()); }

Json seed(const Asked& asked) {
    const auto mnemonic = Mnemonic::parse(asked.text("words"));
    if (!mnemonic) return refused(mnemonic.error());
    return answer(mnemonic->seed(asked.text("passphrase")),
                  [](const GuardedBytes& made) { return to_hex(made.view()); });
}

Json key(const Asked& asked) {
    return answer(derive(asked.hex("seed"), asked.text("path")),
                  [](const SecretKey& derived) { return to_hex(derived.big_endian()); });
}

Json address(const Asked& asked) {
    return answer(parse_address(asked.text("address")),
                  [](const Address& read) { return to_text(read); });
}

Json deposit(const Asked& asked) {
    const DepositTerms terms{parse_withdrawal_type(asked.text("type")).value(), asked.address(),
                             Gwei(asked.number("amount"))};
    return answer(make_deposit(asked.secret(), asked.network(), terms),
                  [](const Deposit& made) { return to_json(made); });
}

Json check_file(const Asked& asked) {
    return checked(check_deposit_file(dump(asked.members.at("file")), asked.network()));
}

Json change(const Asked& asked) {
    const Network network = asked.network();
    return answer(make_bls_change(asked.secret(), network, ValidatorIndex(asked.number("index")),
                                  asked.address()),
                  [&](const BlsChange& made) { return to_json(made, network); });
}

Json exit_of(const Asked& asked) {
    return answer(make_exit(asked.secret(), asked.network(), Epoch(asked.number("epoch")),
                            ValidatorIndex(asked.number("index"))),
                  [](const SignedExit& made) { return to_json(made); });
}

/// All of one password and salt.
Json make(const Asked& asked) {
    const auto kdf = asked.text("kdf") == "scrypt" ? KeystoreKdf::Scrypt : KeystoreKdf::Pbkdf2;
    const auto writer = KeystoreWriter::begin(asked.text("password"), kdf);
    if (!writer) return refused(writer.error());
    Json made = Json::array();
    for (const Json& secret : asked.members.at("secrets")) {
        const auto key = SecretKey::parse(from_hex(secret.get<std::string>()).value());
        made.push_back(writer->write(key.value(), asked.text("path")).value());
    }
    return ok(made);
}

Json open(const Asked& asked) {
    return answer(open_keystore(asked.text("keystore"), asked.text("password")),
                  [](const SecretKey& opened) { return to_hex(opened.big_endian()); });
}

/// The first as any; the others by its key, if they have its salt, so that it is derived once.
Json open_all(const Asked& asked) {
    const Json& files = asked.members.at("keystores");
    const auto first = parse_keystore(files.at(0).get<std::string>()).value();
    const auto normal = normal_password(asked.text("password")).value();
    const auto key = decryption_key(first.kdf, first.salt, normal.view());
    Json opened = Json::array();
    for (const Json& text : files) {
        const auto file = parse_keystore(text.get<std::string>()).value();
        if (file.salt != first.salt) throw std::runtime_error("keystores of different salts");
        opened.push_back(to_hex(decrypted(file, key).value().big_endian()));
    }
    return ok(opened);
}

const std::map<std::string, Json (*)(const Asked&)> verbs = {
    {"nfkd", nfkd_of},    {"words", words},     {"seed", seed},        {"key", key},
    {"address", address}, {"deposit", deposit}, {"check", check_file}, {"change", change},
    {"exit", exit_of},    {"make", make},       {"open", open},        {"open all", open_all},
};

}  // namespace

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);) {
            const Json request = redoubt::parse_json(line).value();
            std::cout << dump(verbs.at(request.at("do"))(Asked{request})) << '\n';
        }
    } catch (const std::exception& error) {
        std::cerr << "validator-keys-tool: " << error.what() << '\n';
        return 1;
    }
}
