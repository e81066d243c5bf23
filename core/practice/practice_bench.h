// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace lsw::practice {

/// What the bench measures, in its order.
enum class BenchFigure { Registration, Practice, AddPiece, PreCommit1, PreCommit2, Commit1, SessionLatency,
                         LoadLatency, LoadRoundTrip, LoadMemory, IdleCpu, IdleMemory, Transfer, TransferAgainstGo,
                         ParameterFetch, ParameterMemory };

struct BenchFigureInfo {
    BenchFigure figure;
    std::string_view name, unit;
    std::optional<double> goal; ///< at most
};
std::span<const BenchFigureInfo> benchFigures();
/// A name for several: "latency", "sealing", "memory", "parameters". Empty for an unknown one.
std::vector<BenchFigure> benchGroup(std::string_view name);
inline constexpr std::string_view kBenchGroups[] = {"latency", "sealing", "memory", "parameters"};

/// One measured figure.
struct BenchRow {
    BenchFigureInfo info;
    double value = 0;
    std::string skipped;         ///< why it was not measured; else empty
    boost::json::object details; ///< what belongs to it: percentiles, sizes, repetitions

    /// Absent when there is nothing to hold.
    std::optional<bool> within() const {
        if (!skipped.empty() || !info.goal) return std::nullopt;
        return value <= *info.goal;
    }
};

struct BenchSettings {
    std::filesystem::path folder; ///< everything is made in it
    std::string workerProgram;    ///< lotus-seal-worker
    std::string windowProgram;    ///< lotus-seal-worker-gui; may be missing
    std::string proverFolder;     ///< of lotus-seal-prover; empty: beside this program
    bool quick = false;           ///< less data and fewer repetitions
    bool againstGo = false;       ///< transfers are compared with those of Go's net/http
    std::set<BenchFigure> only;   ///< empty: all
    std::stop_token stop;
};

struct BenchListener {
    std::function<void(const BenchRow&)> row;
    std::function<void(const std::string&)> doing; ///< what is measured now
};

/// Measures the worker from outside: real programs beside a practice miner, on loopback. Ends with the first failure; what cannot be
/// measured here is a row that says why. thread  the main thread; runs the event loop
Expected<void> runBench(const BenchSettings& settings, const BenchListener& listener);

} // namespace lsw::practice
