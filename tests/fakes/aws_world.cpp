// SPDX-License-Identifier: Apache-2.0
#include "aws_world.hpp"

namespace redoubt::test {

void AwsWorld::run(io::Exchange& exchange, SteadyTime deadline) {
    io::Exchange* const only = &exchange;
    runner.run({&only, 1}, deadline);
}

}  // namespace redoubt::test
