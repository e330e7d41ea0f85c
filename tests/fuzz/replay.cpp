// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer where a target is compiled by another compiler: gives it the inputs that
// are named, or that lie in the folders named, once each.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

void add_inputs(std::vector<fs::path>& inputs, const fs::path& named) {
    if (!fs::is_directory(named)) return inputs.push_back(named);
    for (const fs::directory_entry& entry : fs::directory_iterator(named)) {
        inputs.push_back(entry.path());
    }
}

void replay(const fs::path& input) {
    std::ifstream file(input, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) throw std::runtime_error("cannot read " + input.string());
    // Said before, since a property that does not hold ends the process.
    std::fprintf(stderr, "replaying %s\n", input.c_str());
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int count, char** arguments) {
    try {
        std::vector<fs::path> inputs;
        for (int i = 1; i < count; ++i) add_inputs(inputs, arguments[i]);
        if (inputs.empty()) throw std::runtime_error("there is no input: name files or folders");
        for (const fs::path& input : inputs) replay(input);
        std::printf("%zu inputs replayed\n", inputs.size());
        return 0;
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "%s: %s\n", arguments[0], exception.what());
        return 1;
    }
}
