// SPDX-License-Identifier: Apache-2.0
// Encrypts what it reads to the recipients that it is given, as a backup is: so that the program
// `age` can be asked to open it (test_age.py). Ends with 1, and says why, for what is refused.

#include <exception>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <redoubt/backup/age.hpp>

namespace {

using redoubt::backup::Recipient;

int encrypt(const std::vector<std::string>& texts) {
    std::vector<Recipient> recipients;
    for (const std::string& text : texts) {
        const auto recipient = Recipient::parse(text);
        if (!recipient) {
            std::cerr << text << ": is not a recipient\n";
            return 1;
        }
        recipients.push_back(*recipient);
    }
    const std::string plaintext(std::istreambuf_iterator<char>(std::cin), {});
    const auto file = redoubt::backup::encrypt(redoubt::bytes_of(plaintext), recipients);
    if (!file) {
        std::cerr << file.error().message << '\n';
        return 1;
    }
    std::cout << *file;
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return encrypt({arguments + 1, arguments + count});
    } catch (const std::exception& error) {
        std::cerr << "age-tool: " << error.what() << '\n';
        return 1;
    }
}
