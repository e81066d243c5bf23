// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/update_factors.h"

#include "kernels/poseidon/poseidon.h"

#include <algorithm>
#include <array>

namespace lsw::proofs {
namespace {

constexpr std::uint64_t kTag = 1ULL << 40; ///< of hashes that make randomness: no others
constexpr std::uint64_t kLargestOfTwo = 1U << 10; ///< nodes of the largest sector with two factors
constexpr std::uint64_t kFactors = 1U << 10;

using Node = std::array<std::uint8_t, 32>;

Node randomness(const Node& a, const Node& b) {
    std::array<std::uint8_t, 64> both{};
    std::ranges::copy(a, both.begin());
    std::ranges::copy(b, both.begin() + 32);
    Node out{};
    kernels::poseidonHash(both, kTag, out.data());
    return out;
}

} // namespace

UpdateFactors::UpdateFactors(const sector::ProofInfo& proof, const sector::Commitment& commD, const sector::Commitment& commR) {
    const std::uint64_t count = proof.nodes() <= kLargestOfTwo ? 2 : kFactors;
    m_stretch = proof.nodes() / count;
    const Node phi = randomness(commD, commR);
    for (std::uint64_t high = 0; high < count; ++high) {
        Node number{};
        kernels::frToBytes(kernels::frFrom(high), number.data());
        m_factors.push_back(kernels::frFromBytes(randomness(phi, number).data()));
    }
}

UpdateFactors UpdateFactors::inverted() const {
    UpdateFactors out = *this;
    for (kernels::Fr& factor : out.m_factors) factor = kernels::frInverse(factor);
    return out;
}

UpdateFactors UpdateFactors::negated() const {
    UpdateFactors out = *this;
    for (kernels::Fr& factor : out.m_factors) factor = kernels::Fr{} - factor;
    return out;
}

void UpdateFactors::forEach(std::uint64_t node, std::size_t nodes, const std::function<void(const kernels::Fr&, std::size_t, std::size_t)>& work) const {
    for (std::size_t at = 0; at < nodes;) {
        const std::uint64_t stretch = (node + at) / m_stretch;
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(nodes - at, (stretch + 1) * m_stretch - (node + at)));
        work(m_factors[static_cast<std::size_t>(stretch)], at, count);
        at += count;
    }
}

} // namespace lsw::proofs
