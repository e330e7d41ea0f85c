// SPDX-License-Identifier: Apache-2.0
// What the types of Ethereum forbid. Each case is compiled alone, and only the first may compile;
// CMakeLists.txt says with which words the compiler has to refuse the others.
#include <redoubt/ethereum/sign.hpp>

#if defined(COMMIT_OF_TEZOS)
#include <redoubt/tezos/commit.hpp>
#endif

namespace redoubt::ethereum {

#if defined(RIGHT_ORDER)
std::string answer(PendingCommit& commit, PendingSignature& signing) {
    auto committed = commit.outcome();
    auto fresh = signing.outcome();
    if (!committed || !fresh) return {};
    const auto signature = release(std::move(*committed), std::move(*fresh));
    return signature ? signature->text() : std::string();
}
Result<Signature> answer(const SigningRequest& request, UnreleasedSignature fresh) {
    return release(commit_nothing(request.not_slashable.value()), std::move(fresh));
}

#elif defined(RELEASE_WITHOUT_COMMIT)
Result<Signature> answer(UnreleasedSignature fresh) { return release(std::move(fresh)); }

#elif defined(COMMIT_BY_HAND)
Committed commit(const Root& root) { return Committed(root); }

#elif defined(COMMIT_FROM_AN_ANSWER_OF_ONES_OWN)
Result<Committed> commit(const Proposal& proposal, const ValidatorRow& row) {
    return Chain::judge(proposal, Applied{row});
}

#elif defined(COMMIT_BY_A_STORE)
class Hasty : public PendingCommit {
public:
    Result<Committed> hurry() { return Chain::judge(proposal(), Refused{}); }
};

#elif defined(COMMIT_OF_TEZOS)
auto answer(tezos::Committed committed, UnreleasedSignature fresh) {
    return release(std::move(committed), std::move(fresh));
}

#elif defined(NOT_SLASHABLE_BY_HAND)
Committed commit(const Root& root) { return commit_nothing(NotSlashable(root)); }

#elif defined(NOTHING_COMMITTED_FOR_A_ROOT)
Committed commit(const Root& root) { return commit_nothing(root); }

#elif defined(COMMIT_USED_TWICE)
Result<Signature> answer(const Committed& committed, UnreleasedSignature fresh) {
    return release(committed, std::move(fresh));
}

#elif defined(ANSWER_WITH_AN_UNRELEASED_SIGNATURE)
std::string answer(const UnreleasedSignature& fresh) { return fresh.text(); }

#elif defined(RELEASE_REPLACED)
}
template <>
redoubt::Result<redoubt::ethereum::Signature> redoubt::signing::release(
    redoubt::ethereum::Committed /*committed*/, redoubt::ethereum::UnreleasedSignature fresh) {
    return redoubt::signing::Signature<redoubt::ethereum::Chain>(fresh.text());
}
namespace redoubt::ethereum {

#elif defined(CALLER_BY_HAND)
access::Caller believe(const access::Grant& grant) { return access::Caller(grant, "me"); }

#elif defined(SLOT_COMPARED_WITH_EPOCH)
bool compare(Slot slot, Epoch epoch) { return slot < epoch; }

#else
#error "no case"
#endif

}  // namespace redoubt::ethereum
