// SPDX-License-Identifier: Apache-2.0
// Each target is a function of one input. They are one program, which is linked once; the variable
// FUZZ names the target that it runs.
#include <array>
#include <cstdint>
#include <cstdlib>

#include <redoubt/base/bytes.hpp>

#include "check.hpp"

#define REDOUBT_FUZZ_TARGETS(each)                                                             \
    each(age_recipient) each(base58) each(callers) each(configuration) each(deposit_file)      \
        each(der_signature) each(dynamodb) each(encoding) each(ethereum_network) each(event)   \
            each(http_date) each(http_response) each(interchange) each(json) each(keystore)    \
                each(kms) each(mnemonic) each(operator_command) each(payload) each(public_key) \
                    each(remote_signer_api) each(runtime) each(sealed) each(signing_request)   \
                        each(validators_command) each(watermarks) each(web3signer_api)

namespace redoubt::fuzz {

#define REDOUBT_DECLARE(name)       \
    namespace name {                \
    void one_input(ByteView input); \
    }
REDOUBT_FUZZ_TARGETS(REDOUBT_DECLARE)
#undef REDOUBT_DECLARE

namespace {

struct Target {
    std::string_view name;
    void (*one_input)(ByteView input);
};

#define REDOUBT_LIST(name) Target{#name, name::one_input},
constexpr std::array targets = {REDOUBT_FUZZ_TARGETS(REDOUBT_LIST)};
#undef REDOUBT_LIST

const Target& chosen() {
    const char* wanted = std::getenv("FUZZ");
    for (const Target& target : targets) {
        if (wanted != nullptr && target.name == wanted) return target;
    }
    std::fprintf(stderr, "FUZZ is to name one of these targets:\n");
    for (const Target& target : targets) std::fprintf(stderr, "    %s\n", target.name.data());
    std::exit(2);
}

}  // namespace
}  // namespace redoubt::fuzz

#undef REDOUBT_FUZZ_TARGETS

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto one_input = redoubt::fuzz::chosen().one_input;
    one_input({data, size});
    return 0;
}
