// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector/commitment_cid.h"
#include "sector/proof_type.h"
#include "sector/sector_id.h"
#include "tasks/isolated_engine.h"

#include <chrono>
#include <string>

namespace CLI {
class App;
}

namespace lsw::cli {

/// The options that `seal`, `verify` and `unseal` share, as typed.
struct SectorOptions {
    std::string proof, miner, sector, ticket, engine = "auto";
    std::string parameterCache, proverFolder;
    bool json = false;
    void addTo(CLI::App& command);
};

/// The same, understood.
struct SectorChoice {
    const sector::ProofInfo* proof = nullptr;
    sector::SectorId id;
    Bytes32 ticket{};
    tasks::ProverSettings prover;
};
/// InvalidArgument names the option; Unsupported for an engine that this build has not.
Expected<SectorChoice> understand(const SectorOptions& options);

/// A commitment as 64 hex digits or as its CID (CommR with `isSealed`, else CommD); InvalidArgument names `what`.
Expected<sector::Commitment> parseCommitment(std::string_view text, bool isSealed, std::string_view what);

/// Measures one phase: seconds since it was made, and the line that tells of it.
class PhaseClock {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count(); }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Progress of an engine on a terminal's bar; nothing elsewhere.
TaskContext terminalContext(std::stop_token stop);

} // namespace lsw::cli
