// SPDX-License-Identifier: Apache-2.0
// What other signers remember. The input: a line that names the format (`octez <file>`, `signatory
// <file>`, `signatory`, `midl`, `redoubt`), then the text.
#include <algorithm>

#include <redoubt/base/json.hpp>
#include <redoubt/tezos/formats/exported.hpp>
#include <redoubt/tezos/formats/midl.hpp>
#include <redoubt/tezos/formats/octez.hpp>
#include <redoubt/tezos/formats/signatory.hpp>

#include <fakes/messages.hpp>
#include "check.hpp"
#include "lines.hpp"

namespace redoubt::fuzz::watermarks {
namespace {

using namespace tezos::formats;

struct Input {
    std::string format;
    std::string file;
    std::string text;
};

Input split(ByteView bytes) {
    std::string_view rest = text_of(bytes);
    std::string_view line = take_line(rest);
    const std::string_view format = take_until(line, " ");
    return {std::string(format), std::string(line), std::string(rest)};
}

Result<Marks> parse(const Input& input) {
    const std::vector<File> files = {{input.file, input.text}};
    if (input.format == "octez") return parse_octez(files);
    if (input.format == "signatory" && !input.file.empty()) return parse_signatory_files(files);
    if (input.format == "signatory") return parse_signatory_rows(input.text);
    if (input.format == "midl") {
        return parse_midl_rows(input.text, tezos::ChainId(test::mainnet));
    }
    const auto rows = parse_exported(input.text);
    if (!rows) return std::unexpected(rows.error());
    return to_marks(*rows);
}

/// So many marks there are in the text; of Signatory's votes, two may be one.
std::size_t count(const Input& input) {
    const Json whole = parse_json(input.text).value();
    if (whole.contains("Item")) return 1;
    for (const char* list : {"Items", "rows"}) {
        if (whole.contains(list)) return whole[list].size();
    }
    std::size_t marks = 0;
    for (const Json& entry : whole) marks += entry.size();
    return marks;
}

void check_refusal(const Error& error) {
    check(error.code == Code::BadRequest, "a refusal is a bad_request");
    check(!error.message.empty() && error.message.size() < 1500, "that says why, in a few words");
}

void check_marks(const Input& input, const Marks& marks) {
    const std::size_t in_text = count(input);
    check(input.format == "signatory" ? marks.size() <= in_text && 3 * marks.size() >= in_text
                                      : marks.size() == in_text,
          "no mark is lost");
    const std::string text = dump(parse_json(input.text).value());  // without escapes
    for (const auto& [id, at] : marks) {
        check(is_address(id.key), "keys are addresses");
        check(text.find(id.key) != std::string::npos, "of the text");
        check(at.level.value() <= tezos::max_int31 && at.round.value() <= tezos::max_int31,
              "no number is negative");
    }
    for (const char* more : {"}", "]", "x", "\""}) {
        Input longer = input;
        longer.text += more;
        check(!parse(longer), "nothing may follow");
    }
}

/// What was read can be written and read again.
void check_round_trips(const Marks& marks) {
    std::vector<ExportedRow> rows;
    for (const auto& [id, at] : marks) rows.push_back({id, at, {}, {}});
    const auto ours = parse_exported(write_exported(rows));
    check(ours && *ours == rows, "our own format is read as it is written");
    const auto theirs = parse_octez(write_octez(rows));
    check(theirs && *theirs == marks, "and so is octez's");
}

}  // namespace

void one_input(ByteView bytes) {
    const Input input = split(bytes);
    const auto marks = parse(input);
    if (!marks) return check_refusal(marks.error());
    check_marks(input, *marks);
    check_round_trips(*marks);
}

}  // namespace redoubt::fuzz::watermarks
