# SPDX-License-Identifier: Apache-2.0
"""The same cast around an Ethereum stack, and who is of that alone."""

from dataclasses import replace

from redoubt_stack import kinds

from cast import (
    OTHER_ACCOUNT,
    SEALED_STACK,
    STACK,
    World,
    allow,
    default_key_policy,
    user,
)

VALIDATOR_STACK = replace(SEALED_STACK, Kind=kinds.ETHEREUM)
VALIDATORS = World("validators", VALIDATOR_STACK)
# The policy of a wrapping key in another account.
AWAY = World(
    "validators, wrapping key elsewhere", replace(VALIDATOR_STACK, WrappingKeyAccount=OTHER_ACCOUNT)
)
# What wraps has KMS' default policy: the functions' own rights are all that is left.
DEFAULT = World(
    "validators, default policy", VALIDATOR_STACK, key_policy=default_key_policy(STACK.Account)
)
OPENED = World("validators, opened", VALIDATOR_STACK, opened=True)
IN_VPC = World(
    "validators, in a VPC", replace(VALIDATOR_STACK, VpcEndpoint="vpce-0a1b2c3d4e5f60718")
)
UNSEALED = World("validators, just made", VALIDATOR_STACK, unsealed=True)
# The table's policy says nothing of items: rights of one's own are all that is left.
UNGUARDED = World(
    "validators, policy gone",
    VALIDATOR_STACK,
    table_policy=allow("dynamodb:ListTagsOfResource", Principal="*"),
)

# Who writes code and who releases it; and one who has both at once, or may call besides.
AUTHOR = user("author", "author")
RELEASER = user("releaser", "deployer")
BOTH = user("author and releaser", "author", "deployer")
RELEASER_WITH_ALL = user("releaser with everything", "deployer", "everything")
AUTHOR_WITH_ALL = user("author with everything", "author", "everything")
RELEASER_WHO_OPERATES = user("releaser who operates", "deployer", "operator-user", "recovery-user")
