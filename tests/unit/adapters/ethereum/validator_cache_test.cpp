// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/validator_cache.hpp>

#include <gtest/gtest.h>

#include <functional>

#include <fakes/open_memory.hpp>

namespace redoubt::test {
namespace {

using ethereum_adapters::Validator;
using ethereum_adapters::ValidatorCache;

Validator validator(Byte number) {
    Validator out;
    out.key.bytes.fill(number);
    out.sealed = {Bytes(61, 1), sealed::WrapId()};
    return out;
}

/// Two keys, of which one is open.
class ValidatorCaching : public ::testing::Test {
protected:
    ValidatorCaching() {
        cache.put(validator(1), Moment{});
        cache.put(validator(2), Moment{});
        open_first();
    }
    void open_first() {
        const auto parsed = crypto::bls::SecretKey::parse(secret).value();
        cache.open(validator(1).key, parsed, parsed.public_key());
    }
    [[nodiscard]] std::size_t copies() const { return copies_of({secret}, Memory::Guarded); }

    // Below the order of the group.
    const Bytes secret = [] {
        Bytes bytes(crypto::bls::SecretKey::size);
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<Byte>(17 + 7 * i);
        return bytes;
    }();
    ValidatorCache cache{2};
};

TEST_F(ValidatorCaching, ASecretIsThereWhileItsKeyIs) {
    EXPECT_EQ(copies(), 2U) << "in two halves";
    cache.put(validator(1), Moment{});
    EXPECT_EQ(copies(), 2U) << "read again";
}

TEST_F(ValidatorCaching, ASecretIsWipedWithItsKey) {
    Validator gone = validator(1);
    gone.sealed.reset();
    for (const std::function<void()>& change : std::initializer_list<std::function<void()>>{
             [&] { cache.forget(validator(1).key); }, [&] { cache.put(gone, Moment{}); },
             [&] {
                 static_cast<void>(cache.find(validator(2).key));
                 cache.put(validator(3), Moment{});
             }}) {
        cache.put(validator(1), Moment{});
        open_first();
        EXPECT_EQ(copies(), 2U);
        change();
        EXPECT_FALSE(cache.is_open(validator(1).key));
        EXPECT_EQ(copies(), 0U);
    }
}

}  // namespace
}  // namespace redoubt::test
