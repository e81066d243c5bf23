// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/field/fr.h"
#include "sector/commitment_cid.h"
#include "sector/proof_type.h"

#include <functional>

namespace lsw::proofs {

/// What the data of an update are multiplied with before they are added to the sector key. They depend on both, so that nobody can choose data
/// that make a replica which is cheap to keep. 1024 factors, each for a stretch of nodes (two in test sectors up to 32 KiB).
///
/// source  rust-fil-proofs storage-proofs-update/src/vanilla.rs (phi, rho), constants.rs (hs)
class UpdateFactors {
public:
    /// `commD` of the new data, `commR` of the sector key.
    UpdateFactors(const sector::ProofInfo& proof, const sector::Commitment& commD, const sector::Commitment& commR);

    /// 1/factor, for decoding; -factor, to take the data out.
    UpdateFactors inverted() const;
    UpdateFactors negated() const;

    /// Calls work(factor, first, count) for the stretches of the nodes [node, node + nodes); `first` counts from `node`.
    void forEach(std::uint64_t node, std::size_t nodes, const std::function<void(const kernels::Fr&, std::size_t, std::size_t)>& work) const;

private:
    std::vector<kernels::Fr> m_factors;
    std::uint64_t m_stretch; ///< nodes
};

} // namespace lsw::proofs
