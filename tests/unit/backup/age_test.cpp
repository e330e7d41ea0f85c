// SPDX-License-Identifier: Apache-2.0
#include <redoubt/backup/age.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <sstream>
#include <vector>

#include <backup/age_file.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/chacha20_poly1305.hpp>
#include <redoubt/crypto/hkdf.hpp>
#include <redoubt/crypto/x25519.hpp>

namespace redoubt::test {
namespace {

using backup::Recipient;

// Of the identities 42...42 (the specification's example) and 43...43.
constexpr std::string_view first = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
constexpr std::string_view second =
    "age1ehhas7p6jx6yveqw9c0e2kvakd0ysjsqwx7jrq4nkcxssykpp3cq0wk9nt";

std::vector<Recipient> recipients(std::initializer_list<std::string_view> texts) {
    std::vector<Recipient> out;
    for (std::string_view text : texts) out.push_back(Recipient::parse(text).value());
    return out;
}

GuardedBytes guarded(std::size_t size, Byte value) {
    GuardedBytes out(size);
    std::ranges::fill(out.bytes(), value);
    return out;
}

TEST(AgeRecipient, IsItsPoint) {
    const auto recipient = Recipient::parse(first);
    ASSERT_TRUE(recipient);
    EXPECT_EQ(to_hex(recipient->point()),
              "132c442be010fbd57e72603328aa76e71fccc1503aae219327d14d9c9993f472");
}

TEST(AgeRecipient, IsNoPointOfLowOrder) {
    for (const char* text : {
             "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
             "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
             "age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m",
             "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9",
             "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8",
         }) {
        EXPECT_FALSE(Recipient::parse(text)) << text;
    }
}

TEST(AgeRecipient, IsSpelledInOneWay) {
    // The prime, one more, nineteen less than 2^255, and a point with its unused bit set: the
    // program `age` takes them for other points.
    for (const char* text : {
             "age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ayy",
             "age1amlllllllllllllllllllllllllllllllllllllllllllllllalselrwrv",
             "age17rlllllllllllllllllllllllllllllllllllllllllllllllalsjffrxc",
             "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn7neqchw44t",
         }) {
        EXPECT_FALSE(Recipient::parse(text)) << text;
    }
}

TEST(AgeRecipient, IsOfNoOtherKind) {
    for (const char* text : {
             "",
             "age1",
             "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM",
             "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
             "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t",
             "age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e",
         }) {
        EXPECT_FALSE(Recipient::parse(text)) << text;
    }
}

// The file that another implementation (PyPI's `cryptography`) makes of the same: age and pyrage
// open it with either identity.
TEST(Age, IsWhatTheSpecificationMakesOfTheSameRandomness) {
    backup::Randomness random{GuardedBytes(16), {}, {}};
    std::iota(random.file_key.bytes().begin(), random.file_key.bytes().end(), Byte{0});
    std::iota(random.nonce.begin(), random.nonce.end(), Byte{16});
    random.ephemeral.push_back(guarded(32, 0xa0));
    random.ephemeral.push_back(guarded(32, 0xb0));
    const auto file =
        backup::age_file(bytes_of("a secret of mine\n"), recipients({first, second}), random);
    ASSERT_TRUE(file);
    EXPECT_EQ(backup::armoured(*file), R"(-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSA4TFQ5aStTQU5KS1RxMkh3
VUY2N1c2L00zNHBCSjk0aUhtN3oyeURnUFNrCkdoUUVINWVLS1ZQNWhMTmRUbUhE
dkxzLy96b2lyT0pLcTZIWExyODNETFEKLT4gWDI1NTE5IGdPR2xQVDd1Z3JZck1F
aFhqUE9NbUEzZEVURWtPaEJIL2toSUtVTFd0a2cKWEtSb0E1ZHIvR3k2Z2VORWxm
WktXSXA5NXZ2b2EvU01YRUF6YUF3NDdscwotLS0gQzhUL2FzZmcwaUJoRmcydS80
VCsxWDJLNDU1MlBETWp0TnNjVk9XK2dGVQoQERITFBUWFxgZGhscHR4f5JlMu1Gs
cIS8+XwPGcxfCZSH6gFupG/vz4nZuZpcOBTp
-----END AGE ENCRYPTED FILE-----
)");
}

TEST(Age, ArmourOfWholeLinesHasNoEmptyOne) {
    const std::string text = backup::armoured(Bytes(96));
    EXPECT_EQ(std::ranges::count(text, '\n'), 4);
    EXPECT_EQ(text.find("\n\n"), std::string::npos);
}

TEST(Age, IsForSomebodyAndNobodyTwice) {
    for (const auto& wrong : {recipients({}), recipients({first, second, first})}) {
        const auto refused = backup::encrypt(bytes_of("secret"), wrong);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::BadRequest);
    }
}

TEST(Age, HoldsOneChunk) {
    const auto to = recipients({first});
    EXPECT_TRUE(backup::encrypt(Bytes(1), to));
    EXPECT_TRUE(backup::encrypt(Bytes(backup::max_plaintext), to));
    for (std::size_t size : {std::size_t{0}, backup::max_plaintext + 1}) {
        const auto refused = backup::encrypt(Bytes(size), to);
        ASSERT_FALSE(refused) << size;
        EXPECT_EQ(refused.error().code, Code::BadRequest);
        EXPECT_NE(refused.error().message.find(std::to_string(size)), std::string::npos);
    }
}

/// What lies open in a file, and the file key, as the first recipient's identity finds it.
struct Drawn {
    std::vector<std::string> shares;
    Bytes nonce;
    Bytes file_key;
};

Bytes from_unpadded(std::string text) {
    text.resize((text.size() + 3) / 4 * 4, '=');
    return from_base64(text).value();
}

Bytes file_key_of(const Bytes& share, const Bytes& body, const Recipient& recipient) {
    ByteArray<32> point{};
    std::ranges::copy(share, point.begin());
    Bytes salt = share;
    append(salt, recipient.point());
    const auto shared = crypto::x25519(guarded(32, 0x42).view(), point);
    EXPECT_TRUE(shared);
    GuardedBytes wrap_key(32);
    crypto::hkdf_sha256(
        {.key = shared->view(), .salt = salt, .info = bytes_of("age-encryption.org/v1/X25519")},
        wrap_key.bytes());
    // A stream cipher: what it makes of zeros is what it adds to anything.
    Bytes key = crypto::chacha20_poly1305(wrap_key.view(), {}, Bytes(16));
    key.resize(16);
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<Byte>(key[i] ^ body.at(i));
    return key;
}

Drawn drawn_for(const std::vector<Recipient>& to) {
    const std::string text = backup::encrypt(bytes_of("secret"), to).value();
    std::string base64 = text.substr(text.find('\n'), text.rfind("\n-") - text.find('\n'));
    std::erase(base64, '\n');
    const Bytes file = from_base64(base64).value();
    std::istringstream lines{std::string(text_of(file))};
    Drawn drawn;
    std::vector<Bytes> bodies;
    std::string line;
    while (std::getline(lines, line) && !line.starts_with("---")) {
        if (!line.starts_with("-> X25519 ")) continue;
        drawn.shares.push_back(line.substr(10));
        std::getline(lines, line);
        bodies.push_back(from_unpadded(line));
    }
    drawn.nonce = Bytes(file.end() - 16 - 16 - 6, file.end() - 16 - 6);
    drawn.file_key = file_key_of(from_unpadded(drawn.shares.at(0)), bodies.at(0), to.at(0));
    return drawn;
}

TEST(Age, DrawsShareNonceAndFileKeyAnew) {
    std::set<std::string> shares;
    std::set<Bytes> nonces;
    std::set<Bytes> file_keys;
    for (int i = 0; i < 5; ++i) {
        const Drawn drawn = drawn_for(recipients({first, second}));
        ASSERT_EQ(drawn.shares.size(), 2U);
        shares.insert(drawn.shares.begin(), drawn.shares.end());
        nonces.insert(drawn.nonce);
        file_keys.insert(drawn.file_key);
    }
    EXPECT_EQ(shares.size(), 10U);
    EXPECT_EQ(nonces.size(), 5U);
    EXPECT_EQ(file_keys.size(), 5U);
}

}  // namespace
}  // namespace redoubt::test
