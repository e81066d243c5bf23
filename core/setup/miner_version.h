// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/findings.h"

#include <cstdint>
#include <string>

namespace lsw::setup {

/// What a miner's answer to `Version` means for this worker: VersionFits, MinerTooOld, MinerBetweenVersions, MinerOtherApi or MinerTooNew, with the arguments
/// of the finding.
///
/// The worker protocol has had three forms: one queue that workers wait at (until v0.2.10), blocking calls to the worker (v0.3.0 to v1.1.2), and today's
/// calls with returns. Only today's is spoken here, and of it only the API that miners have had since v1.20.0: lotus compares versions for equality.
/// in      version  as the miner says it, "1.36.2+mainnet+git.abc"
/// source  lotus build/version.go, api/version.go of its releases
Found judgeVersion(const std::string& version, std::uint32_t apiVersion);

/// "1.5.0"
std::string apiVersionText(std::uint32_t apiVersion);

} // namespace lsw::setup
