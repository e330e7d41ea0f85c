// SPDX-License-Identifier: Apache-2.0
#include "damage.hpp"

#include <redoubt/base/encoding.hpp>

namespace redoubt::simulation {
namespace {

void flip_a_bit(Json& binary, Random& random) {
    Bytes bytes = from_base64(binary.at("B").get_ref<const std::string&>()).value();
    bytes.at(random.below(bytes.size())) ^= static_cast<Byte>(1U << random.below(8));
    binary["B"] = to_base64(bytes);
}

}  // namespace

std::string damage(Json& item, const std::vector<std::string>& attributes, Random& random) {
    if (random.below(2) == 0) {
        flip_a_bit(item[attributes.front()], random);
        return attributes.front();
    }
    const std::string& name = attributes[random.below(attributes.size())];
    if (random.below(2) == 0) {
        item.erase(name);
    } else {
        item[name] = attribute_of_another_type();
    }
    return name;
}

}  // namespace redoubt::simulation
