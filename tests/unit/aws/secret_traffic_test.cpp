// SPDX-License-Identifier: Apache-2.0
// What Encrypt and Decrypt leave in this process' memory, over TLS, once they are done. KMS is in a
// child, so that nothing of what it holds is here.
#include <redoubt/aws/kms/kms.hpp>
#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/http/client.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <sstream>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/random.hpp>

#include <fakes/open_memory.hpp>
#include <standins/certificate.hpp>
#include <standins/kms.hpp>
#include <standins/service.hpp>

namespace redoubt::test {
namespace {

namespace kms = aws::kms;

/// A secret as KMS is given and answers it.
struct Forms {
    GuardedBytes raw{32};
    GuardedBytes base64{base64_size(32)};

    Forms() {
        fill_with_random(raw.bytes());
        std::string text;
        text.reserve(base64.size() + 1);
        append_base64(text, raw.view());
        std::ranges::copy(bytes_of(text), base64.bytes().begin());
        wipe(text);
    }
    [[nodiscard]] std::size_t copies() const { return copies_of({raw.view(), base64.view()}); }
};

/// A child process with KMS, until it goes.
class FarKms {
public:
    FarKms() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        child_ = ::fork();
        if (child_ == 0) serve(ends[1]);
        std::array<char, 200> told{};
        const auto count = ::read(ends[0], told.data(), told.size());
        std::istringstream(
            std::string(told.data(), count < 0 ? 0 : static_cast<std::size_t>(count))) >>
            origin_ >> arn_;
        ::close(ends[0]);
        ::close(ends[1]);
    }
    FarKms(const FarKms&) = delete;
    FarKms& operator=(const FarKms&) = delete;
    ~FarKms() {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }

    [[nodiscard]] const std::string& origin() const { return origin_; }
    [[nodiscard]] const std::string& arn() const { return arn_; }
    [[nodiscard]] const std::string& roots() const { return authority_.pem(); }

private:
    [[noreturn]] void serve(int to) {
        standins::LocalClock clock;
        standins::Faults faults;
        standins::Pause pause;
        standins::Kms keys;
        const standins::TlsContext tls = authority_.server();
        const standins::Service service(
            {.name = "kms",
             .target_prefix = "TrentService.",
             .content_type = "application/x-amz-json-1.1",
             .target = standins::Target::Kms,
             .tls = tls.get()},
            {"ASIAEXAMPLE", "a-secret", "a-token"}, clock, faults, pause,
            [&](auto operation, const Json& call, const auto& struck, const auto& region) {
                return keys.operate(operation, call, struck, region);
            });
        const std::string told = service.endpoint() + " " + keys.create_symmetric({});
        if (::write(to, told.data(), told.size()) < 0) ::_exit(1);
        for (;;) ::pause();
    }

    standins::Authority authority_;
    pid_t child_ = 0;
    std::string origin_, arn_;
};

class SecretTraffic : public ::testing::Test {
protected:
    void run(aws::Operation& operation) {
        io::Exchange* const exchange = &operation;
        client.run({&exchange, 1}, clock.steady() + std::chrono::seconds(20));
    }

    const FarKms far;
    const SystemClock clock;
    aws::CorrectedClock corrected{clock};
    const aws::Credentials credentials{"ASIAEXAMPLE", Secret("a-secret"), Secret("a-token")};
    aws::Service service{kms::traits(), {far.origin()}, "us-east-1", credentials, corrected};
    http::Client client{{.trusted_roots = far.roots()}, clock};
    const aws::KeyArn key = aws::parse_key_arn(far.arn()).value();
    const kms::EncryptionContext context = {{"redoubt:share", "1/1"}};
};

TEST_F(SecretTraffic, LeavesNoCopyBehind) {
    const Forms secret;
    Bytes ciphertext;
    EXPECT_EQ(secret.copies(), 0U) << "at first";
    {
        auto encrypted = kms::encrypt(service, key, secret.raw.view(), context);
        run(encrypted);
        ciphertext = kms::read_ciphertext(encrypted.outcome().value(), key).value();
    }
    EXPECT_EQ(secret.copies(), 0U) << "of what was encrypted";
    auto decrypted = kms::decrypt(service, key, ciphertext, context);
    run(decrypted);
    const auto opened = kms::read_plaintext(decrypted, key, secret.raw.size());
    ASSERT_TRUE(opened.has_value());
    EXPECT_TRUE(std::ranges::equal(opened->view(), secret.raw.view()));
    EXPECT_EQ(secret.copies(), 0U) << "of what was decrypted, with its connection still open";
    const std::string copy(text_of(secret.base64.view()));
    EXPECT_GE(secret.copies(), 2U) << "a copy, in two halves, would be seen";
}

TEST_F(SecretTraffic, LeavesNoCopyOfWhatThereWasNoTimeToSend) {
    const Forms secret;
    aws::Service nobody{kms::traits(), {"http://127.0.0.1:1"}, "us-east-1", credentials, corrected};
    auto encrypted = kms::encrypt(nobody, key, secret.raw.view(), context);
    io::Exchange* const exchange = &encrypted;
    client.run({&exchange, 1}, clock.steady() + Milliseconds(20));  // before the second try
    ASSERT_EQ(encrypted.outcome().error().code, Code::Deadline);
    ASSERT_EQ(encrypted.stats().failures.front(), "connection failed");
    EXPECT_EQ(secret.copies(), 0U);
}

}  // namespace
}  // namespace redoubt::test
