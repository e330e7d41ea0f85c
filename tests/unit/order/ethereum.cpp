// SPDX-License-Identifier: Apache-2.0
// What the types of Ethereum forbid besides; as gate.cpp.
namespace redoubt::ethereum {

#if defined(RIGHT_ORDER_WITHOUT_A_ROW)
Result<Signature> answer(const SigningRequest& request, UnreleasedSignature fresh) {
    return release(commit_nothing(request.not_slashable.value()), std::move(fresh));
}

#elif defined(NOT_SLASHABLE_BY_HAND)
Committed commit(const Root& root) { return commit_nothing(NotSlashable(root)); }

#elif defined(NOTHING_COMMITTED_FOR_A_ROOT)
Committed commit(const Root& root) { return commit_nothing(root); }

#elif defined(CALLER_BY_HAND)
access::Caller believe(const access::Grant& grant) { return access::Caller(grant, "me"); }

#elif defined(SLOT_COMPARED_WITH_EPOCH)
bool compare(Slot slot, Epoch epoch) { return slot < epoch; }

#else
#error "no case"
#endif

}  // namespace redoubt::ethereum
