// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/replica_commitment.h"

#include <array>
#include <cstring>

#include "kernels/poseidon/poseidon.h"
#include "proofs/fr32.h"

namespace lsw::proofs {

Expected<sector::Commitment> replicaCommitment(const sector::Commitment& commC, const sector::Commitment& commRLast) {
    std::array<std::uint8_t, 64> nodes{};
    std::memcpy(nodes.data(), commC.data(), commC.size());
    std::memcpy(nodes.data() + commC.size(), commRLast.data(), commRLast.size());
    if (const auto bad = firstNonFieldElement(nodes))
        return Error(ErrorCode::Corrupt, std::string(*bad == 0 ? "CommC" : "CommRLast") + " is no field element");
    sector::Commitment out{};
    kernels::poseidonHash(nodes, out.data());
    return out;
}

} // namespace lsw::proofs
