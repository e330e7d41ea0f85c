// SPDX-License-Identifier: Apache-2.0
// Who asks, as a request or a table says. The input: a path, and in the next line the value of
// Authorization; the path is read as an ARN, too, and all of it as an item.
#include <redoubt/access/grant.hpp>
#include <redoubt/adapters/ethereum/access_table.hpp>
#include <redoubt/base/json.hpp>

#include "check.hpp"

namespace redoubt::fuzz::callers {
namespace {

using namespace access;
using ethereum_adapters::to_item;

void check_token(std::string_view path, std::string_view header) {
    const auto read = read_token(path, header);
    const bool is_in_path = path.starts_with("/t/");
    if (!read) {
        const Code code = read.error().code;
        check(code == Code::TokenInvalid || (code == Code::TokenMissing && !is_in_path),
              "a path that has a token decides");
        check(read.error().message.size() < 300 && read.error().detail.empty(),
              "a refusal repeats nothing");
        return;
    }
    const std::string& id = read->token.id.text();
    check(TokenId::parse(id).has_value(), "an id is one");
    check((read->token.carrier == Carrier::Path) == is_in_path, "it is told where it was");
    check(is_in_path ? path.starts_with("/t/rdt_" + id + "_") : read->path == path,
          "what is asked for is the rest");
    check(!is_in_path ||
              (read->path.starts_with('/') && (read->path == "/" || path.ends_with(read->path))),
          "of the path");
    check(!read_token("/t/x" + std::string(path), header), "another token in the path decides");
}

void check_arn(std::string_view text) {
    const auto role = RoleArn::parse(text);
    if (!role) return;
    check(RoleArn::parse(role->text()) == role, "a role's ARN is its own");
    check(role->text().find(":iam::") != std::string::npos &&
              role->text().find(":role/") != std::string::npos &&
              role->text().size() <= text.size() + 8,
          "and of a role");
}

void check_item(std::string_view text) {
    const auto item = parse_json(text);
    if (!item) return;
    const auto again = [](const ObjectText& written) { return parse_json(written.text()).value(); };
    const auto token = ethereum_adapters::parse_token_item(*item);
    const auto principal = ethereum_adapters::parse_principal_item(*item);
    check(!token || !principal, "an item is of one kind");
    if (token) {
        const Json written = again(to_item(*token));
        const auto read = ethereum_adapters::parse_token_item(written);
        check(read && again(to_item(*read)) == written, "a token is read as it was written");
        check(!token->grant.ops.empty(), "and gives something");
    }
    if (principal) {
        const Json written = again(to_item(*principal));
        const auto read = ethereum_adapters::parse_principal_item(written);
        check(read && again(to_item(*read)) == written, "a principal is read as it was written");
    }
}

}  // namespace

void one_input(ByteView input) {
    const std::string_view text = text_of(input);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view path = text.substr(0, end);
    check_token(path, text.substr(std::min(end + 1, text.size())));
    check_arn(path);
    check_item(text);
}

}  // namespace redoubt::fuzz::callers
