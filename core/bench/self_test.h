// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "bench/bench_row.h"
#include "proofs/proof_engine.h"

#include <filesystem>

namespace lsw::bench {

/// One row for every implementation of every kernel, against known answers, and one for a 2 KiB sector: by our engine against its published CommR,
/// then byte for byte against the official engine where there is one. Members: selftest, implementation or shape, result (passed, failed,
/// skipped), ms, and for what did not pass the reason.
///
/// `folder` an existing one. False when something failed.
bool selfTest(const std::filesystem::path& folder, proofs::ProofEngine* official, const RowSink& sink);

} // namespace lsw::bench
