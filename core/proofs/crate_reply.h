// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"
#include "proofs/lsw_rust_proofs.h"
#include "proofs/prover_orders.h"

#include <filesystem>
#include <string_view>

/// Between our types and those of the C ABI.
namespace lsw::proofs {

/// The bytes of a reply, or its sentence as an Error: a full disk is NoSpace, missing parameters NotInstalled, a missing file NotFound.
/// `what` says what the crate was asked to do. Frees the reply.
Expected<Bytes> taken(LswReply reply, std::string_view what);

LswText text(std::string_view text);
LswText pathText(const std::filesystem::path& path);
std::vector<LswText> texts(const std::vector<Bytes>& proofs);
LswSector sector(SealProof proof, SectorId id, const Bytes32& ticket);
std::vector<LswPiece> pieces(const std::vector<PieceInfo>& pieces);

} // namespace lsw::proofs
