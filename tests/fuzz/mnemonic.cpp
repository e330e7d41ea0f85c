// SPDX-License-Identifier: Apache-2.0
// Mnemonics. The input: their words; and entropy, and a path.
#include <algorithm>
#include <string>

#include <redoubt/base/nfkd.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/mnemonic.hpp>

#include "check.hpp"

namespace redoubt::fuzz::mnemonic {
namespace {

using ethereum::Mnemonic;

void read_words(std::string_view text) {
    const auto mnemonic = Mnemonic::parse(text);
    if (!mnemonic) {
        check(mnemonic.error().code == Code::BadRequest, "what is refused is somebody's mistake");
        return;
    }
    const std::string_view words = mnemonic->words();
    const auto spaces = std::ranges::count(words, ' ');
    check(spaces >= 11 && spaces <= 23 && spaces % 3 == 2, "twelve to twenty-four words");
    check(Mnemonic::parse(words).value().words() == words, "what is written is what is read");
}

void make_words(ByteView bytes) {
    const std::size_t size = std::min<std::size_t>(bytes.size() / 4 * 4, Mnemonic::entropy_size);
    if (size < 16) return;
    const Mnemonic made = Mnemonic::generate(bytes.first(size));
    check(Mnemonic::parse(made.words()).value().words() == made.words(), "what was made is taken");
}

void normalise(std::string_view text) {
    const auto once = nfkd(text);
    if (!once || once->size() > max_nfkd_input) return;
    const auto twice = nfkd(text_of(once->view()));
    check(twice && text_of(twice->view()) == text_of(once->view()), "normal once is normal");
}

void read_path(std::string_view text) {
    if (text.size() > 80) return;  // a key takes its time
    const Bytes seed(32, 1);
    const auto key = ethereum::derive(seed, text);
    check(!key || text.starts_with("m/12381/"), "a path is of this tree");
}

}  // namespace

void one_input(ByteView input) {
    read_words(text_of(input));
    make_words(input);
    normalise(text_of(input));
    read_path(text_of(input));
}

}  // namespace redoubt::fuzz::mnemonic
