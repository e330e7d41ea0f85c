// SPDX-License-Identifier: Apache-2.0
// What the types of Tezos forbid besides; as gate.cpp.
namespace redoubt::tezos {

#if defined(SIGN_WITHOUT_AUTHENTICATION)
SignOutcome answer(SignCommand command, const Ports& ports) {
    return sign(std::move(command), ports, SteadyTime());
}

#elif defined(AUTHENTICATED_BY_HAND)
Authenticated believe(SignCommand command, const KeyInfo& signed_by) {
    return Authenticated(std::move(command), signed_by);
}

#elif defined(LEVEL_COMPARED_WITH_ROUND)
bool compare(Level level, Round round) { return level < round; }

#else
#error "no case"
#endif

}  // namespace redoubt::tezos
