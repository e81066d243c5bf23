// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "practice/bench_bed.h"
#include "practice/bench_measure.h"
#include "practice/practice_bench.h"
#include "practice/process_figures.h"

#include <algorithm>

namespace lsw::practice {

inline constexpr std::uint64_t kSealSize = 8ULL << 20;

/// The rows of a bench, one after the other. Its load is in bench_load.cpp.
class Bench {
public:
    Bench(const BenchSettings& settings, const BenchListener& listener) : s(settings), m_listener(listener) {}

    Expected<void> run();

private:
    bool wants(std::initializer_list<BenchFigure> figures) const {
        return s.only.empty() ||
               std::any_of(figures.begin(), figures.end(), [this](BenchFigure figure) { return s.only.contains(figure); });
    }
    void give(BenchFigure figure, double value, boost::json::object details, const std::string& skipped = {});
    void skip(std::initializer_list<BenchFigure> figures, const std::string& reason) {
        for (const BenchFigure figure : figures) give(figure, 0, {}, reason);
    }
    std::unique_ptr<BenchBed> makeBed(std::uint64_t sectorSize, bool window = false) {
        const std::string folder = "bed-" + std::to_string(++m_beds);
        return std::make_unique<BenchBed>(
            BenchBed::Settings{s.folder / folder, window ? s.windowProgram : s.workerProgram, window, sectorSize, {}, {}}, s.stop);
    }
    /// Empty when the official proofs are there.
    std::string reasonWithoutProver() const;
    bool hasSpace(std::uint64_t bytes) const {
        std::error_code failure;
        const auto space = std::filesystem::space(s.folder, failure);
        return failure || space.available >= bytes;
    }
    static Expected<protocol::SectorRef> sectorOf(std::uint64_t size, std::uint64_t number) {
        const auto info = sector::proofForSize({size});
        if (!info) return info.error();
        return protocol::SectorRef{{1000, number}, (*info)->proof};
    }
    /// AddPiece of one piece that fills the sector, pushed over the stream.
    Expected<sector::PieceInfo> addPiece(BenchBed& bed, const protocol::SectorRef& ref, const std::filesystem::path& data,
                                         std::uint64_t size) {
        auto result = bed.task("AddPiece", [&bed, ref, data, size](const std::string& session) {
            return protocol::AddPieceCall{ref, {}, size, bed.miner().pushFile(session, data, size)};
        });
        if (!result) return std::move(result).error();
        if (const auto* piece = std::get_if<sector::PieceInfo>(&*result)) return *piece;
        return Error(ErrorCode::Remote, "the worker returned no piece for AddPiece");
    }
    /// A task, and the seconds it took as the miner sees it.
    template <typename T>
    Expected<T> timed(BenchBed& bed, const std::string& name, protocol::TaskCall call, std::vector<double>& seconds) {
        QElapsedTimer clock;
        clock.start();
        auto result = bed.task(name, [call = std::move(call)](const std::string&) { return call; });
        seconds.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e9);
        if (!result) return std::move(result).error();
        if (auto* value = std::get_if<T>(&*result)) return std::move(*value);
        return Error(ErrorCode::Remote, "the worker returned a result of another kind for " + name);
    }
    void giveSeconds(BenchFigure figure, const std::vector<double>& seconds) {
        if (!seconds.empty()) give(figure, percentile(sorted(seconds), 0.5), {{"sector_size", kSealSize}, {"times", jsonOf(seconds)}});
    }

    Expected<void> registration();
    Expected<void> practice();
    Expected<void> addPieceRate();
    Expected<void> sealing();
    Expected<void> idle();
    Expected<void> transfer(); ///< transfer_bench.cpp
    Expected<void> parameters(); ///< parameter_bench.cpp
    Expected<void> load(); // bench_load.cpp
    void giveLatency(const SessionTimes& times, double busyPercent);

    const BenchSettings& s;
    const BenchListener& m_listener;
    int m_beds = 0;
};

} // namespace lsw::practice
