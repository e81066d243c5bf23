// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/official_engine.h"

namespace lsw::proofs {

Expected<Bytes> OfficialEngine::vanillaPost(const VanillaPostOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "vanillaPost is not there yet"); }
Expected<Bytes> OfficialEngine::winningPost(const WinningPostOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "winningPost is not there yet"); }
Expected<Bytes> OfficialEngine::windowPost(const WindowPostOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "windowPost is not there yet"); }
Expected<bool> OfficialEngine::verifyPost(const VerifyPostOrder&, const TaskContext&) { return Error(ErrorCode::Unsupported, "verifyPost is not there yet"); }

} // namespace lsw::proofs
