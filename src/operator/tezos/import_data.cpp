// SPDX-License-Identifier: Apache-2.0
#include "import_data.hpp"

#include <vector>

#include <redoubt/tezos/formats/exported.hpp>
#include <redoubt/tezos/formats/midl.hpp>
#include <redoubt/tezos/formats/octez.hpp>
#include <redoubt/tezos/formats/signatory.hpp>

#include "fields.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace formats = tezos::formats;
using formats::File;
using formats::Marks;

Result<std::vector<File>> read_files(const Json& data) {
    std::vector<File> files;
    for (const auto& [name, text] : data.items()) {
        if (!text.is_string()) {
            return fail(Code::BadRequest,
                        "`data` must hold each file as a text: {\"<file name>\": \"<its text>\"}");
        }
        files.push_back({name, text.get<std::string>()});
    }
    return files;
}

Result<Marks> read_octez(const Json& data) {
    if (!data.is_object()) {
        return fail(Code::BadRequest,
                    "of octez, `data` must be {\"block_high_watermarks\": \"<its text>\", ...}, a "
                    "text for each of its files");
    }
    const auto files = read_files(data);
    if (!files) return std::unexpected(files.error());
    return formats::parse_octez(*files);
}

Result<Marks> read_signatory(const Json& data) {
    if (const auto* text = data.get_ptr<const std::string*>(); text != nullptr) {
        return formats::parse_signatory_rows(*text);
    }
    if (!data.is_object()) {
        return fail(Code::BadRequest,
                    "of signatory, `data` must be {\"<chain id>.json\": \"<its text>\", ...}, a "
                    "text for each file in `watermark_v2`, or the text of its table's rows");
    }
    const auto files = read_files(data);
    if (!files) return std::unexpected(files.error());
    return formats::parse_signatory_files(*files);
}

Result<const std::string*> one_text(const Json& data) {
    const auto* text = data.get_ptr<const std::string*>();
    if (text == nullptr) return fail(Code::BadRequest, "`data` must be one text");
    return text;
}

Result<Marks> read_midl(const Json& data, const Json& fields) {
    const auto text = one_text(data);
    if (!text) return std::unexpected(text.error());
    const auto chain = read_chain(fields);
    if (!chain) {
        return fail(Code::BadRequest,
                    "midl's rows don't say of which chain they are: " + chain.error().message);
    }
    return formats::parse_midl_rows(**text, *chain);
}

Result<Marks> read_exported(const Json& data) {
    const auto text = one_text(data);
    if (!text) return std::unexpected(text.error());
    const auto rows = formats::parse_exported(**text);
    if (!rows) return std::unexpected(rows.error());
    return formats::to_marks(*rows);
}

}  // namespace

Result<Marks> read_marks(const Json& fields) {
    const std::string* from = string_member(fields, "from");
    const Json* data = member(fields, "data");
    if (data == nullptr) {
        return fail(Code::BadRequest, "`data` is missing: what the other signer remembers");
    }
    if (from != nullptr && *from == "octez") return read_octez(*data);
    if (from != nullptr && *from == "signatory") return read_signatory(*data);
    if (from != nullptr && *from == "midl") return read_midl(*data, fields);
    if (from != nullptr && *from == "redoubt") return read_exported(*data);
    return fail(Code::BadRequest, "`from` must be octez, signatory, midl or redoubt");
}

}  // namespace redoubt::tezos_operator
