// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/task_context.h"
#include "proofs/crate_reply.h"
#include "proofs/sealing_checks.h"
#include "sector/proof_type.h"
#include "sector/sector_files.h"

#include <filesystem>
#include <string_view>
#include <vector>

/// What is looked at before the official crate is asked, and how its verdicts are read.
namespace lsw::proofs {

Expected<void> requireTreesR(const sector::ProofInfo& proof, const std::filesystem::path& cache);

/// NotInstalled, with the path that is missing. `circuit` and `proof` as lsw_parameter_path takes them.
Expected<void> requireParameters(std::int32_t circuit, std::int64_t proof, sector::PaddedBytes sectorSize);
/// The same of the verifying key; the parameters do as well, since the crate derives the key from them.
Expected<void> requireVerifyingKey(std::int32_t circuit, std::int64_t proof, sector::PaddedBytes sectorSize);

/// What a verifier says. A proof that is no point on the curve is an error to the crate, and no proof to us; a machine's trouble is neither.
Expected<bool> verdict(LswReply reply);

} // namespace lsw::proofs
