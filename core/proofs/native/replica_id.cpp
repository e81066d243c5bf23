// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/replica_id.h"

#include <string>

#include <openssl/evp.h>

namespace lsw::proofs {

Bytes32 replicaId(sector::SealProof proof, sector::SectorId sector, const Bytes32& ticket, const sector::Commitment& commD) {
    std::string text(asText(sector::proverId(sector.miner)));
    for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(sector.number >> shift & 0xffU);
    text += asText(ticket);
    text += asText(commD);
    text += asText(sector::porepId(proof));
    Bytes32 out{};
    EVP_Digest(text.data(), text.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    out[31] &= 0x3f;
    return out;
}

} // namespace lsw::proofs
