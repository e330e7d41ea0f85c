// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "recovery_fixture.hpp"

namespace redoubt::test {
namespace {

/// How 32 secret bytes could stand in a text: as they are, in hexadecimal, in base64 wherever they
/// begin in what is encoded, and as Tezos writes a key.
std::vector<std::string> spellings_of(const Bytes& big_endian) {
    Bytes little_endian = big_endian;
    std::ranges::reverse(little_endian);
    std::vector<std::string> out;
    for (const Bytes& bytes : {big_endian, little_endian}) {
        out.emplace_back(text_of(bytes));
        out.push_back(to_hex(bytes));
        std::string upper = to_hex(bytes);
        std::ranges::transform(upper, upper.begin(),
                               [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
        out.push_back(upper);
        for (const std::size_t skipped : {0U, 1U, 2U}) {
            // Whole groups of three: they look the same whatever stands before and after.
            const std::size_t whole = (bytes.size() - skipped) / 3 * 3;
            out.push_back(to_base64(ByteView(bytes).subspan(skipped, whole)));
        }
    }
    Bytes written = {0x03, 0x96, 0xc0, 0x28};
    append(written, little_endian);
    out.push_back(tezos::to_base58check(written));
    return out;
}

class SecretsStay : public Recovery {
protected:
    /// All that left the functions: each call, with its head, and each answer.
    [[nodiscard]] std::vector<std::string> all_that_left() const {
        std::vector<std::string> out = {told};
        for (const auto& made : world.runner.calls) {
            std::string text = made.call.body;
            for (const auto& [name, value] : made.call.headers) text.append(name).append(value);
            out.push_back(std::move(text));
        }
        return out;
    }
    void expect_nowhere(const Bytes& secret_bytes) const {
        const auto left = all_that_left();
        for (const std::string& spelling : spellings_of(secret_bytes)) {
            EXPECT_TRUE(std::ranges::none_of(
                left, [&](const std::string& text) { return text.contains(spelling); }));
        }
    }
    /// Shares go to KMS, to be encrypted, and nowhere else.
    void expect_shares_at_kms_only() const {
        std::vector<std::string> shares;
        for (const auto& made : world.runner.calls) {
            if (!header_of(made.call, "X-Amz-Target").ends_with("Encrypt")) continue;
            shares.push_back(body_of(made.call).at("Plaintext"));
        }
        EXPECT_FALSE(shares.empty());
        for (const std::string& share : shares) {
            EXPECT_FALSE(told.contains(share));
            for (const auto& made : world.runner.calls) {
                if (header_of(made.call, "X-Amz-Target").ends_with("Encrypt")) continue;
                EXPECT_FALSE(made.call.body.contains(share));
            }
        }
    }
};

TEST_F(SecretsStay, OfKeysThatWereMade) {
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    const Json made = create("first", 3);
    ASSERT_EQ(code(create("first", 3)), "ok");
    ASSERT_EQ(code(ask({{"command", "list_keys"}})), "ok");
    ASSERT_EQ(code(recover({{"command", "rewrap"},
                            {"wrap", made["keys"][0]["wrap"]},
                            {"kms_keys", {wrapping_arn(1)}}})),
              "ok");
    ASSERT_EQ(code(recover({{"command", "reseal"}})), "ok");
    expect_shares_at_kms_only();
    for (const Bytes& one : open(made)) expect_nowhere(one);
}

TEST_F(SecretsStay, OfAKeyThatIsBroughtIn) {
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    Json event = event_of_import();
    ASSERT_EQ(code(recover(event)), "ok");
    ASSERT_EQ(code(recover(event)), "ok");
    event["command"] = "test_backup";
    ASSERT_EQ(code(recover(event)), "ok");
    expect_shares_at_kms_only();
    expect_nowhere(bytes_of_secret());
}

TEST_F(SecretsStay, WhereTheyAreRefused) {
    const std::string other = tezos::KeyInfo(secret_of(9).public_key()).public_key_text;
    Json event =
        event_of_import({{"public_key", other}, {"ciphertext", encrypted({.public_key = other})}});
    ASSERT_EQ(code(recover(event)), "bad_request");
    event["command"] = "test_backup";
    ASSERT_EQ(code(recover(event)), "bad_request");
    std::string damaged = text_of_secret(bytes_of_secret());
    damaged.back() = damaged.back() == 'A' ? 'B' : 'A';
    ASSERT_EQ(code(import({{"ciphertext", encrypted({.text = damaged})}})), "bad_request");
    expect_nowhere(bytes_of_secret());
    EXPECT_FALSE(told.contains(damaged.substr(0, 12)));
}

/// The search finds what it is for.
TEST_F(SecretsStay, TheSearchFindsEachSpelling) {
    const Bytes bytes = bytes_of_secret();
    for (const std::size_t before : {0U, 1U, 2U}) {
        Bytes longer(before, 0xaa);
        append(longer, bytes);
        longer.push_back(0xbb);
        const std::string text = to_base64(longer);
        const auto spellings = spellings_of(bytes);
        EXPECT_TRUE(std::ranges::any_of(spellings,
                                        [&text](const auto& one) { return text.contains(one); }));
    }
}

}  // namespace
}  // namespace redoubt::test
