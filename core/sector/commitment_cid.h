// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <string>
#include <string_view>

namespace lsw::sector {

/// 32 bytes: CommD, CommP, CommR, CommC, CommRLast.
using Commitment = Bytes32;

/// CIDv1 of a piece or of CommD: fil-commitment-unsealed, sha2-256-trunc254-padded ("baga6ea4seaq…").
std::string unsealedCid(const Commitment& commitment);
/// CIDv1 of CommR: fil-commitment-sealed, poseidon-bls12_381-a2-fc1 ("bagboea4b5abc…").
std::string sealedCid(const Commitment& commitment);

/// The commitment inside such a CID. Corrupt when the text is no CID of that kind.
Expected<Commitment> commitmentFromUnsealedCid(std::string_view cid);
Expected<Commitment> commitmentFromSealedCid(std::string_view cid);

} // namespace lsw::sector
