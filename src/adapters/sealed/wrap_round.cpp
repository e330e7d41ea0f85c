// SPDX-License-Identifier: Apache-2.0
#include "wrap_round.hpp"

#include <algorithm>
#include <utility>

#include <redoubt/aws/kms/seal.hpp>

namespace redoubt::sealed_adapters {

/// One share's.
class ShareCall final : public http::Exchange {
public:
    ShareCall(WrapRound& round, std::size_t share)
        : round_(round), share_(share), decrypt_(round.decryption(share)) {}

    std::optional<Next> next() override { return decrypt_.next(); }
    void on_send() noexcept override { decrypt_.on_send(); }
    [[nodiscard]] SteadyTime give_up_at() const override { return round_.give_up_at(); }
    void on_response(const http::ResponseOrError& response) override {
        decrypt_.on_response(response);
        if (decrypt_.is_finished()) round_.on_end(share_);
    }
    [[nodiscard]] io::CallStats stats() const override { return decrypt_.stats(); }

    [[nodiscard]] aws::Operation& decrypt() { return decrypt_; }

private:
    WrapRound& round_;
    std::size_t share_;
    aws::Operation decrypt_;
};

WrapRound::WrapRound(const SealedSources& sources, sealed::Wrap wrap, sealed::Purpose purpose)
    : sources_(sources), wrap_(std::move(wrap)), purpose_(purpose) {
    for (const sealed::EncryptedShare& share : wrap_.shares) {
        const auto arn = std::ranges::find(sources_.wrapping_keys, share.key, &aws::KeyArn::text);
        arns_.push_back(arn == sources_.wrapping_keys.end() ? nullptr : &*arn);
    }
}

WrapRound::~WrapRound() = default;

void WrapRound::begin(std::vector<io::Exchange*>& exchanges) {
    calls_.clear();
    arrived_.clear();
    enough_since_.reset();
    for (std::size_t i = 0; i < arns_.size(); ++i) {
        calls_.push_back(arns_[i] == nullptr ? nullptr : std::make_unique<ShareCall>(*this, i));
        arrived_.emplace_back();
        if (calls_[i]) exchanges.push_back(calls_[i].get());
    }
}

aws::Operation WrapRound::decryption(std::size_t share) const {
    const auto& [key, x, ciphertext] = wrap_.shares[share];
    const auto n = static_cast<unsigned>(wrap_.shares.size());
    const aws::KeyArn& arn = *arns_[share];
    return aws::kms::decrypt(sources_.kms.in(arn), arn, ciphertext,
                             sealed::share_context(wrap_.id, x, n, purpose_));
}

void WrapRound::on_end(std::size_t share) {
    arrived_[share] = read(share);
    if (!enough_since_ && is_enough()) enough_since_ = steady();
}

Result<GuardedBytes> WrapRound::read(std::size_t share) {
    auto plaintext =
        aws::kms::read_plaintext(calls_[share]->decrypt(), *arns_[share], sealed::WrapKey::size);
    if (!plaintext && plaintext.error().code == Code::Deadline && steady() >= give_up_at()) {
        return fail(Code::KmsUnavailable, "gave no share in the " +
                                              std::to_string(time_for_the_rest.count()) +
                                              " ms after enough others had");
    }
    return plaintext;
}

SteadyTime WrapRound::give_up_at() const {
    return enough_since_ ? *enough_since_ + time_for_the_rest : SteadyTime::max();
}

/// Whether what arrived opens it, if anything is still to come.
bool WrapRound::is_enough() const {
    const auto is_there = [](const auto& arrived) { return arrived && *arrived; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(arrived_, is_there));
    if (count < wrap_.threshold || count == arrived_.size()) return false;
    std::vector<Result<GuardedBytes>> shares;
    for (const auto& arrived : arrived_) {
        shares.push_back(is_there(arrived) ? GuardedBytes::copy_of((*arrived)->view())
                                           : Result<GuardedBytes>(fail(Code::Deadline, "")));
    }
    return sealed::open(wrap_, std::move(shares)).has_value();
}

Result<sealed::Opened> WrapRound::outcome() {
    std::vector<Result<GuardedBytes>> arrived;
    std::optional<Error> expired;
    for (std::size_t i = 0; i < arns_.size(); ++i) {
        if (arns_[i] == nullptr) {
            arrived.emplace_back(fail(Code::WrapRefused, "is not one of WRAPPING_KEYS"));
            continue;
        }
        // The runner had no time for some.
        arrived.push_back(arrived_[i] ? std::move(*arrived_[i]) : read(i));
        const bool is_expired =
            !arrived.back() && arrived.back().error().code == Code::CredentialsExpired;
        if (is_expired) expired = arrived.back().error();
    }
    auto opened = sealed::open(wrap_, std::move(arrived));
    // What arrived may be enough; else the process ends, and a new one has fresh credentials.
    if (!opened && expired) return std::unexpected(*std::move(expired));
    return opened;
}

SteadyTime WrapRound::steady() const { return sources_.dynamodb.clock().steady(); }

bool WrapRound::was_answered() const {
    const auto answers = std::ranges::count_if(
        calls_, [](const auto& call) { return call && call->decrypt().outcome().has_value(); });
    return std::cmp_greater_equal(answers, wrap_.threshold);
}

}  // namespace redoubt::sealed_adapters
