// SPDX-License-Identifier: Apache-2.0
// What the release gate forbids, of each chain: CHAIN is its namespace, and its sign.hpp is
// included before. Each case is compiled alone, and only the first may compile; CMakeLists.txt says
// with which words the compiler has to refuse the others.
namespace redoubt::CHAIN {

#if defined(RIGHT_ORDER)
std::string answer(PendingCommit& commit, PendingSignature& signing) {
    auto committed = commit.outcome();
    auto fresh = signing.outcome();
    if (!committed || !fresh) return {};
    const auto signature = release(std::move(*committed), std::move(*fresh));
    return signature ? signature->text() : std::string();
}

#elif defined(RELEASE_WITHOUT_COMMIT)
Result<Signature> answer(UnreleasedSignature fresh) { return release(std::move(fresh)); }

#elif defined(RELEASE_WITH_AN_EMPTY_COMMIT)
Result<Signature> answer(UnreleasedSignature fresh) { return release({}, std::move(fresh)); }

#elif defined(COMMIT_BY_HAND)
Committed commit(const crypto::Digest& digest) { return Committed(digest); }

#elif defined(COMMIT_FROM_AN_ANSWER_OF_ONES_OWN)
Result<Committed> commit(const Proposal& proposal, const Applied& applied) {
    return Chain::judge(proposal, applied);
}

#elif defined(COMMIT_BY_A_STORE)
class Hasty : public PendingCommit {
public:
    Result<Committed> hurry() { return Chain::judge(proposal(), Refused{}); }
};

#elif defined(COMMIT_USED_TWICE)
Result<Signature> answer(const Committed& committed, UnreleasedSignature fresh) {
    return release(committed, std::move(fresh));
}

#elif defined(ANSWER_WITH_AN_UNRELEASED_SIGNATURE)
std::string answer(const UnreleasedSignature& fresh) { return fresh.text(); }

#elif defined(UNRELEASED_SIGNATURE_MADE_A_SIGNATURE)
Signature answer(UnreleasedSignature fresh) { return Signature(std::move(fresh)); }

#elif defined(SIGNATURE_WITHOUT_VERIFICATION)
UnreleasedSignature take(crypto::SignatureScheme scheme, const crypto::Digest& digest,
                         const crypto::RawSignature& raw) {
    return UnreleasedSignature(scheme, digest, raw);
}

#elif defined(UNRELEASED_SIGNATURE_KEPT)
UnreleasedSignature keep(const UnreleasedSignature& fresh) { return fresh; }

#elif defined(COMMIT_OF_ANOTHER_CHAIN)
class OtherChain {
public:
    static std::string to_text(crypto::SignatureScheme scheme, const crypto::RawSignature& raw);
};
auto answer(signing::Committed<OtherChain> committed, UnreleasedSignature fresh) {
    return release(std::move(committed), std::move(fresh));
}

#elif defined(SIGNATURE_OF_ANOTHER_CHAIN)
class OtherChain {
public:
    static std::string to_text(crypto::SignatureScheme scheme, const crypto::RawSignature& raw);
};
auto answer(Committed committed, signing::UnreleasedSignature<OtherChain> fresh) {
    return release(std::move(committed), std::move(fresh));
}

#elif defined(RELEASE_REPLACED)
}
template <>
redoubt::Result<redoubt::CHAIN::Signature> redoubt::signing::release(
    redoubt::CHAIN::Committed /*committed*/, redoubt::CHAIN::UnreleasedSignature fresh) {
    return redoubt::signing::Signature<redoubt::CHAIN::Chain>(fresh.text());
}
namespace redoubt::CHAIN {

#elif defined(VERIFICATION_REPLACED)
}
template <>
redoubt::Result<redoubt::CHAIN::UnreleasedSignature>
redoubt::signing::UnreleasedSignature<redoubt::CHAIN::Chain>::verified(
    const crypto::PublicKey& key, const crypto::Message& message, const crypto::RawSignature& raw) {
    return UnreleasedSignature(key.scheme(), message.digest, raw);
}
namespace redoubt::CHAIN {

#else
#error "no case"
#endif

}  // namespace redoubt::CHAIN
