// SPDX-License-Identifier: Apache-2.0
#include "aws_world.hpp"

namespace redoubt::test {

void AwsWorld::run(http::Exchange& exchange, SteadyTime deadline) {
    http::Exchange* const only = &exchange;
    runner.run({&only, 1}, deadline);
}

}  // namespace redoubt::test
