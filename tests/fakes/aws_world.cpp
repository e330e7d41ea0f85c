// SPDX-License-Identifier: Apache-2.0
#include "aws_world.hpp"

namespace redoubt::test {

void AwsWorld::run(http::Dialogue& dialogue, SteadyTime deadline) {
    http::Dialogue* const only = &dialogue;
    driver.run({&only, 1}, deadline);
}

}  // namespace redoubt::test
