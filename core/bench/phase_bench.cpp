// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/phase_bench.h"

#include "base/file.h"
#include "base/temporary_folder.h"
#include "bench/machine.h"
#include "kernels/poseidon/poseidon.h"
#include "proofs/native/native_engine.h"
#include "proofs/native/native_trees.h"
#include "sector/sector_files.h"

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace lsw::bench {
namespace {

namespace fs = std::filesystem;
using sector::PaddedBytes;

constexpr PaddedBytes kComparedFirst{8U << 20};

/// What the CPU seconds of the crate are to be divided by at least.
struct Goal {
    std::string_view bench;
    std::uint64_t sectorSize; ///< 0: any
    std::string_view machine;
    double ratio;
};
constexpr std::uint64_t k512MiB = 512ULL << 20;
constexpr Goal kGoals[] = {
    {"piece", 0, "A", 8},       {"piece", 0, "B", 6.5},      {"piece", 0, "C", 4},      {"add-piece", 0, "C", 3},
    {"pc1", k512MiB, "A", 1.25}, {"pc1", k512MiB, "B", 1.15}, {"pc1", k512MiB, "C", 1.4},
    {"pc1-x2", k512MiB, "A", 1.9}, {"pc1-x2", k512MiB, "B", 1.5}, {"pc1-x2", k512MiB, "C", 2},
    {"pc1-x4", k512MiB, "A", 2.4}, {"pc1-x4", k512MiB, "B", 1.6}, {"pc1-x4", k512MiB, "C", 2.5},
    {"pc1-x16", k512MiB, "A", 3.5}, {"pc1-x16", k512MiB, "B", 3},
    {"unseal", k512MiB, "A", 1.25}, {"unseal", k512MiB, "B", 1.15}, {"unseal", k512MiB, "C", 1.4},
    {"update", 0, "A", 12},     {"update", 0, "B", 12},      {"update", 0, "C", 6},
    {"pc2", k512MiB, "A", 12},  {"pc2", k512MiB, "B", 12},   {"pc2", k512MiB, "C", 5},
};

/// Both engines on one sector.
class Comparison {
public:
    Comparison(Phase& phase, const Bed& bed, proofs::ProofEngine* official) : m_phase(phase), m_bed(bed), m_official(official) {}

    Expected<Cost> run(Side side) {
        LSW_TRY(m_phase.begin(m_bed, side));
        proofs::ProofEngine& engine = side == Side::Ours ? m_ours : *m_official;
        const Stopwatch watch;
        LSW_TRY(m_phase.run(engine, m_bed, side));
        const Cost cost = watch.elapsed();
        return Cost{cost.cpu / m_phase.sectors(side), cost.wall / m_phase.sectors(side)};
    }
    /// Each once, without the clock. Gives what differs.
    Expected<std::string> compare() {
        for (const Side side : {Side::Ours, Side::Official})
            if (const auto done = run(side); !done) return done.error();
        return m_phase.difference(m_bed);
    }

private:
    Phase& m_phase;
    const Bed& m_bed;
    proofs::ProofEngine* m_official;
    proofs::NativeEngine m_ours{nullptr};
};

/// A sector of one size in a folder of its own, and the phase prepared for it.
struct Setting {
    TemporaryFolder folder;
    Bed bed;
    std::unique_ptr<Phase> phase;

    static Expected<Setting> make(const PhaseInfo& phase, const sector::ProofInfo& proof, const fs::path& root) {
        auto folder = TemporaryFolder::make(root, "lotus-seal-prover-bench-");
        if (!folder) return std::move(folder).error();
        auto bed = Bed::make(proof, folder->path());
        if (!bed) return std::move(bed).error();
        auto made = phase.make();
        LSW_TRY(made->prepare(*bed));
        return Setting{std::move(*folder), std::move(*bed), std::move(made)};
    }
};

} // namespace

Expected<bool> benchPhase(const PhaseInfo& info, const PhaseSettings& settings, const RowSink& sink) {
    const sector::ProofInfo& proof = *settings.proof;
    Row row = rowOf(info.name, sector::sizeName(proof.sectorSize.value));
    const auto differs = [&](const std::string& what) {
        row["equal"] = false;
        row["differs"] = what;
        sink(row);
        return false;
    };
    if (settings.official && proof.sectorSize.value > kComparedFirst.value) {
        const auto small = sector::proofForSize(kComparedFirst);
        if (!small) return small.error();
        auto setting = Setting::make(info, **small, settings.folder);
        if (!setting) return std::move(setting).error();
        const auto difference = Comparison(*setting->phase, setting->bed, settings.official).compare();
        if (!difference) return difference.error();
        if (!difference->empty()) return differs(*difference + " of an 8 MiB sector");
    }
    auto setting = Setting::make(info, proof, settings.folder);
    if (!setting) return std::move(setting).error();
    Comparison comparison(*setting->phase, setting->bed, settings.official);
    if (settings.official && proof.sectorSize.value <= kComparedFirst.value) {
        const auto difference = comparison.compare();
        if (!difference) return difference.error();
        if (!difference->empty()) return differs(*difference);
    }
    std::vector<Cost> ours, official;
    std::vector<double> ratios;
    for (unsigned round = 0; round < settings.rounds; ++round) {
        // Who is first changes, so that neither always finds the files in memory.
        for (const bool isOurs : {round % 2 == 0, round % 2 != 0}) {
            if (!isOurs && !settings.official) continue;
            const auto cost = comparison.run(isOurs ? Side::Ours : Side::Official);
            if (!cost) return cost.error();
            (isOurs ? ours : official).push_back(*cost);
        }
        if (!settings.official) continue;
        ratios.push_back(official.back().cpu / ours.back().cpu);
        const auto difference = setting->phase->difference(setting->bed);
        if (!difference) return difference.error();
        if (!difference->empty()) return differs(*difference);
    }
    row["kernels"] = kernelsInUse();
    row["rounds"] = settings.rounds;
    if (const unsigned sectors = setting->phase->sectors(Side::Ours); sectors > 1) row["sectors"] = sectors;
    addCosts(row, "ours", ours);
    if (!settings.official) {
        sink(row);
        return true;
    }
    addCosts(row, "official", official);
    const Spread ratio = spreadOf(ratios);
    row["ratio"] = ratio.median;
    row["ratio_least"] = ratio.least;
    row["ratio_most"] = ratio.most;
    row["equal"] = true;
    for (const Goal& goal : kGoals)
        if (goal.bench == info.name && goal.machine == machineClass() && (goal.sectorSize == 0 || goal.sectorSize == proof.sectorSize.value)) row["goal"] = goal.ratio;
    sink(row);
    return true;
}

Expected<bool> benchElevenLayers(const PhaseSettings& settings, const RowSink& sink) {
    const auto folder = TemporaryFolder::make(settings.folder, "lotus-seal-prover-bench-");
    if (!folder) return folder.error();
    sector::ProofInfo proof = *settings.proof;
    proof.layers = 11;
    // What is in the layers is of no consequence: any field elements.
    std::mt19937_64 random(11);
    std::vector<std::uint8_t> nodes(proof.sectorSize.value);
    auto files = sector::layerFiles(proof);
    files.push_back(sector::treeDFile(proof));
    std::vector<std::vector<std::uint8_t>> beginnings;
    for (const auto& one : files) {
        for (std::size_t at = 0; at < nodes.size(); ++at) nodes[at] = static_cast<std::uint8_t>((random() >> 32) & (at % 32 == 31 ? 0x3f : 0xff));
        const auto file = File::create(folder->path() / one.name);
        if (!file) return file.error();
        LSW_TRY(file->writeAt(0, nodes));
        beginnings.emplace_back(nodes.begin(), nodes.begin() + 64 * 32);
    }
    std::vector<Cost> costs;
    for (unsigned round = 0; round <= settings.rounds; ++round) {
        const Stopwatch watch;
        if (const auto trees = proofs::buildReplicaTrees(proof, folder->path() / "sealed", folder->path(), {}); !trees) return trees.error();
        if (round > 0) costs.push_back(watch.elapsed());
    }
    // Tree C begins with the hashes of the columns.
    std::array<const std::uint8_t*, 11> columns{};
    for (std::size_t layer = 0; layer < columns.size(); ++layer) columns[layer] = beginnings[layer].data();
    std::vector<std::uint8_t> expected(64 * 32), got(expected.size());
    kernels::poseidonBatch().all().back().function.of(11)(columns.data(), 32, expected.data(), 64);
    const auto treeC = File::openToRead(folder->path() / sector::treeCFiles(proof).front().name);
    if (!treeC) return treeC.error();
    LSW_TRY(treeC->readAt(0, got));
    Row row = rowOf("pc2-11", sector::sizeName(proof.sectorSize.value));
    row["equal"] = got == expected; // with the portable kernel
    if (got == expected) {
        row["kernels"] = kernelsInUse();
        row["rounds"] = settings.rounds;
        addCosts(row, "ours", costs);
    }
    sink(row);
    return got == expected;
}

Expected<void> benchTreeD(const PhaseSettings& settings, const RowSink& sink) {
    const auto folder = TemporaryFolder::make(settings.folder, "lotus-seal-prover-bench-");
    if (!folder) return folder.error();
    const auto bed = Bed::make(*settings.proof, folder->path());
    if (!bed) return bed.error();
    std::vector<Cost> costs;
    for (unsigned round = 0; round <= settings.rounds; ++round) {
        const Stopwatch watch;
        const auto root = proofs::buildTreeD(*settings.proof, bed->unsealed(), bed->cache(Side::Ours) / sector::treeDFileName(), {}, "pc1", {});
        if (!root) return root.error();
        if (*root != bed->piece().commitment) return Error(ErrorCode::VerificationFailed, "tree D has another root than its one piece");
        if (round > 0) costs.push_back(watch.elapsed());
    }
    Row row = rowOf("tree-d", sector::sizeName(settings.proof->sectorSize.value));
    row["kernels"] = kernelsInUse();
    row["rounds"] = settings.rounds;
    addCosts(row, "ours", costs);
    row["equal"] = true; // with the commitment of its piece
    sink(row);
    return {};
}

} // namespace lsw::bench
