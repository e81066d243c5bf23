// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/findings.h"
#include "setup/miner_repo.h"
#include "setup/miner_view.h"

#include <chrono>
#include <functional>
#include <set>
#include <span>
#include <stop_token>

/// Finds out why this worker does not work for its miner, or would not: fourteen checks in the order in which one thing builds on another.
namespace lsw::setup {

enum class CheckId { Input = 1, Token, Name, Route, Tcp, Rpc, Auth, Version, Miner, ListenPort, Advertise, Clock, Limits, Storage };
struct CheckName {
    CheckId id;
    std::string_view key;   ///< "tcp", in `--json`
    std::string_view title; ///< "TCP connects", English
};
std::span<const CheckName> checkNames();

struct DoctorQuestion {
    MinerQuery miner;                        ///< where `run` would look
    std::string listen = "0.0.0.0:3456";     ///< as `run` takes them
    std::string advertise;
    std::filesystem::path workerRepo;
    std::set<CheckId> only;                  ///< empty: all; what these need is run too, and told where it fails
    std::chrono::milliseconds nameLimit{5000}, tcpLimit{5000}, httpLimit{10000}; ///< for one question each
    std::filesystem::path root = "/";        ///< where proc, sys and etc are
};

struct CheckResult {
    CheckId check{};
    CheckState state = CheckState::NotRun;
    Found found;
    std::vector<std::string> evidence;       ///< English lines, for who wants to know why
    std::optional<CheckId> because;          ///< of what was not run: the check that failed, and that it needs
};

struct Diagnosis {
    std::vector<CheckResult> checks;         ///< in their order
    std::optional<MinerView> miner;          ///< what it says of itself, when it was asked
    /// The first that failed; null when none did.
    const CheckResult* firstFailure() const;
    bool hasWarnings() const;
};

/// Runs the checks. `report` is called as each ends. Nothing at the miner changes by it: it is asked questions that need `read`, or `admin` for what only
/// admin may see. A miner of another protocol is asked for its version alone. No sentence, evidence or view holds a token.
///
/// thread  blocks, each question within its limit; a fired stop token ends it within a second, and what is left is Stopped
Diagnosis examine(const DoctorQuestion& question, const std::stop_token& stop, const std::function<void(const CheckResult&)>& report = {});

} // namespace lsw::setup
