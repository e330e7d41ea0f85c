// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/fields.hpp>

namespace redoubt::operators {

std::unexpected<Error> bad_request(std::string what) {
    return fail(Code::BadRequest, std::move(what));
}

Result<bool> read_flag(const Json& fields, std::string_view name) {
    const Json* value = member(fields, name);
    if (value == nullptr) return false;
    if (!value->is_boolean())
        return bad_request("`" + std::string(name) + "` must be true or false");
    return value->get<bool>();
}

}  // namespace redoubt::operators
