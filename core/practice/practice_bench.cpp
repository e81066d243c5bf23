// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_bench.h"

#include "practice/practice_bench_private.h"

#include <array>
#include <cmath>

#include <QtCore/QEventLoop>

#include <unistd.h>

#include "practice/practice_run.h"
#include "tasks/isolated_engine.h"

namespace lsw::practice {
namespace {

using boost::json::object;

constexpr std::array kFigures{
    BenchFigureInfo{BenchFigure::Registration, "registration", "ms", std::nullopt},
    BenchFigureInfo{BenchFigure::Practice, "practice", "s", 120},
    BenchFigureInfo{BenchFigure::AddPiece, "sealing-addpiece", "MiB/s", std::nullopt},
    BenchFigureInfo{BenchFigure::PreCommit1, "sealing-pc1", "s", std::nullopt},
    BenchFigureInfo{BenchFigure::PreCommit2, "sealing-pc2", "s", std::nullopt},
    BenchFigureInfo{BenchFigure::Commit1, "sealing-c1", "s", std::nullopt},
    BenchFigureInfo{BenchFigure::SessionLatency, "session-latency", "ms", 50},
    BenchFigureInfo{BenchFigure::LoadLatency, "load-latency", "ms", 50},
    BenchFigureInfo{BenchFigure::LoadRoundTrip, "load-round-trip", "us", std::nullopt},
    BenchFigureInfo{BenchFigure::LoadMemory, "load-memory", "MB", 200},
    BenchFigureInfo{BenchFigure::IdleCpu, "idle-cpu", "%", 1},
    BenchFigureInfo{BenchFigure::IdleMemory, "idle-memory", "MB", 150},
    BenchFigureInfo{BenchFigure::Transfer, "transfer", "MiB/s", std::nullopt},
    BenchFigureInfo{BenchFigure::TransferAgainstGo, "transfer-against-go", "times as long as Go", 1},
    BenchFigureInfo{BenchFigure::ParameterFetch, "parameter-fetch", "times as long as curl and b2sum", 1.11},
    BenchFigureInfo{BenchFigure::ParameterMemory, "parameter-memory", "MB", 80},
};
static_assert(static_cast<std::size_t>(BenchFigure::ParameterMemory) + 1 == kFigures.size());

constexpr std::uint64_t kPieceSize = 512ULL << 20;
constexpr int kSettleMs = 5000, kQuickSettleMs = 3000, kIdleMs = 10000, kQuickIdleMs = 3000;

} // namespace

Expected<void> Bench::run() {
    const auto load = {BenchFigure::LoadLatency, BenchFigure::LoadRoundTrip, BenchFigure::LoadMemory};
    if (wants({BenchFigure::Registration})) LSW_TRY(registration());
    const std::string noProver = wants({BenchFigure::Practice, BenchFigure::AddPiece, BenchFigure::PreCommit1, BenchFigure::PreCommit2,
                                        BenchFigure::Commit1, BenchFigure::SessionLatency, BenchFigure::LoadLatency,
                                        BenchFigure::LoadRoundTrip, BenchFigure::LoadMemory})
                                     ? reasonWithoutProver()
                                     : std::string();
    if (!noProver.empty()) {
        skip({BenchFigure::Practice, BenchFigure::AddPiece, BenchFigure::PreCommit1, BenchFigure::PreCommit2, BenchFigure::Commit1,
              BenchFigure::SessionLatency, BenchFigure::LoadLatency, BenchFigure::LoadRoundTrip, BenchFigure::LoadMemory},
             noProver);
    } else {
        if (wants({BenchFigure::Practice})) LSW_TRY(practice());
        if (wants({BenchFigure::AddPiece})) LSW_TRY(addPieceRate());
        if (wants({BenchFigure::PreCommit1, BenchFigure::PreCommit2, BenchFigure::Commit1, BenchFigure::SessionLatency}))
            LSW_TRY(sealing());
        if (wants(load)) LSW_TRY(this->load());
    }
    if (wants({BenchFigure::IdleCpu, BenchFigure::IdleMemory})) LSW_TRY(idle());
    if (wants({BenchFigure::Transfer, BenchFigure::TransferAgainstGo})) LSW_TRY(transfer());
    if (wants({BenchFigure::ParameterFetch, BenchFigure::ParameterMemory})) LSW_TRY(parameters());
    return {};
}

void Bench::give(BenchFigure figure, double value, object details, const std::string& skipped) {
    if (wants({figure})) m_listener.row({kFigures[static_cast<std::size_t>(figure)], rounded(value), skipped, std::move(details)});
}

std::string Bench::reasonWithoutProver() const {
    tasks::ProverSettings prover;
    prover.folder = s.proverFolder;
    tasks::IsolatedEngine engine(prover);
    const auto tried = engine.commit2({}, {}); // fails in any case
    return !tried && tried.error().code() == ErrorCode::NotInstalled ? tried.error().message() : std::string();
}

Expected<void> Bench::registration() {
    m_listener.doing("starting a worker until the miner has accepted it");
    std::vector<double> times;
    for (int i = 0; i < (s.quick ? 1 : 5); ++i) {
        const auto bed = makeBed(2048);
        const auto seconds = bed->start();
        if (!seconds) return seconds.error();
        times.push_back(*seconds * 1000);
    }
    give(BenchFigure::Registration, percentile(sorted(times), 0.5), {{"times", jsonOf(times)}});
    return {};
}

Expected<void> Bench::practice() {
    m_listener.doing("sealing a 2KiB sector end to end");
    PracticeSettings settings;
    settings.folder = s.folder / "practice";
    settings.workerProgram = s.workerProgram;
    tasks::ProverSettings prover;
    prover.folder = s.proverFolder;
    tasks::IsolatedEngine engine(prover);
    PracticeRun run(settings, engine);
    object phases;
    double seconds = 0;
    QObject::connect(&run, &PracticeRun::phase, &run, [&](const QByteArray& line) {
        boost::system::error_code wrong;
        const auto json = boost::json::parse(boost::json::string_view(line.constData(), static_cast<std::size_t>(line.size())), wrong);
        if (wrong) return;
        const std::string name(json.at("phase").as_string());
        const double took = json.at("seconds").to_number<double>();
        if (name == "done")
            seconds = took;
        else
            phases[name] = rounded(took);
    });
    QEventLoop loop;
    std::optional<Error> failure;
    QObject::connect(
        &run, &PracticeRun::finished, &loop,
        [&](int code, const QString& message) {
            if (code >= 0) failure = Error(static_cast<ErrorCode>(code), message.toStdString());
            loop.quit();
        },
        Qt::QueuedConnection);
    {
        const std::stop_callback onStop(s.stop, [&run] {
            QMetaObject::invokeMethod(
                &run, [&run] { run.cancel(); }, Qt::QueuedConnection);
        });
        run.start();
        loop.exec();
    }
    if (failure) return std::move(*failure);
    give(BenchFigure::Practice, seconds, {{"sector_size", 2048}, {"phases", std::move(phases)}});
    return {};
}

Expected<void> Bench::addPieceRate() {
    const std::uint64_t size = s.quick ? kSealSize : kPieceSize, bytes = sector::PaddedBytes{size}.unpadded().value;
    m_listener.doing("pushing a piece of " + sector::sizeName(size) + " to a worker");
    if (!hasSpace(3 * size)) {
        skip({BenchFigure::AddPiece},
             "there is too little space in " + s.folder.parent_path().string() + " for three times " + sector::sizeName(size));
        return {};
    }
    const auto data = s.folder / "piece.bin";
    LSW_TRY(writeData(data, bytes));
    std::vector<double> rates;
    {
        const auto bed = makeBed(size);
        if (const auto started = bed->start(); !started) return started.error();
        const auto ref = sectorOf(size, 1);
        if (!ref) return ref.error();
        QElapsedTimer clock;
        clock.start();
        if (auto piece = addPiece(*bed, *ref, data, bytes); !piece) return std::move(piece).error();
        rates.push_back(static_cast<double>(bytes) / 1048576.0 / (static_cast<double>(clock.nsecsElapsed()) / 1e9));
    }
    std::error_code ignored;
    std::filesystem::remove(data, ignored);
    std::filesystem::remove_all(s.folder / ("bed-" + std::to_string(m_beds)), ignored);
    give(BenchFigure::AddPiece, rates.front(), {{"bytes", bytes}});
    return {};
}

Expected<void> Bench::sealing() {
    const std::uint64_t bytes = sector::PaddedBytes{kSealSize}.unpadded().value;
    const auto data = s.folder / "sector.bin";
    LSW_TRY(writeData(data, bytes));
    const auto bed = makeBed(kSealSize);
    if (const auto started = bed->start(); !started) return started.error();
    std::vector<double> pc1, pc2, c1;
    SessionTimes times;
    MachineTimes busy;
    const int rounds = s.quick ? 1 : 3;
    for (int round = 1; round <= rounds; ++round) {
        m_listener.doing("sealing an 8MiB sector, " + std::to_string(round) + " of " + std::to_string(rounds));
        const auto ref = sectorOf(kSealSize, static_cast<std::uint64_t>(round));
        if (!ref) return ref.error();
        const auto piece = addPiece(*bed, *ref, data, bytes);
        if (!piece) return piece.error();
        const Bytes ticket(32, 1), seed(32, 2);
        auto phase1 = timed<Bytes>(*bed, "PreCommit 1", protocol::SealPreCommit1Call{*ref, ticket, {*piece}}, pc1);
        if (!phase1) return std::move(phase1).error();
        if (!wants({BenchFigure::PreCommit2, BenchFigure::Commit1, BenchFigure::SessionLatency})) continue;

        auto client = bed->client();
        if (!client) return Error(ErrorCode::Internal, "the miner no longer knows the worker");
        SessionAsker asker(std::move(client));
        const MachineTimes before = machineTimes();
        const auto cids = timed<protocol::SectorCids>(*bed, "PreCommit 2", protocol::SealPreCommit2Call{*ref, *std::move(phase1)}, pc2);
        const MachineTimes after = machineTimes();
        auto asked = asker.finish();
        if (!cids) return cids.error();
        if (!asked) return std::move(asked).error();
        busy.busy += after.busy - before.busy;
        busy.total += after.total - before.total;
        times.answers.insert(times.answers.end(), asked->answers.begin(), asked->answers.end());
        times.ownLateness.insert(times.ownLateness.end(), asked->ownLateness.begin(), asked->ownLateness.end());
        if (!wants({BenchFigure::Commit1})) continue;
        if (auto vanilla = timed<Bytes>(*bed, "Commit 1", protocol::SealCommit1Call{*ref, ticket, seed, {*piece}, *cids}, c1); !vanilla)
            return std::move(vanilla).error();
    }
    giveSeconds(BenchFigure::PreCommit1, pc1);
    giveSeconds(BenchFigure::PreCommit2, pc2);
    giveSeconds(BenchFigure::Commit1, c1);
    if (!times.answers.empty() && !times.ownLateness.empty())
        giveLatency(times, busy.total ? 100.0 * static_cast<double>(busy.busy) / static_cast<double>(busy.total) : 0);
    return {};
}

void Bench::giveLatency(const SessionTimes& times, double busyPercent) {
    const std::vector<double> all = sorted(times.answers), late = sorted(times.ownLateness);
    give(BenchFigure::SessionLatency, all.back(),
         {{"p50", rounded(percentile(all, 0.5))},
          {"p99", rounded(percentile(all, 0.99))},
          {"max", rounded(all.back())},
          {"asked", all.size()},
          {"every_ms", SessionAsker::kEveryMs},
          {"own_lateness_p99", rounded(percentile(late, 0.99))},
          {"own_lateness_max", rounded(late.back())},
          {"processors_busy_percent", std::round(busyPercent)}});
}

Expected<void> Bench::idle() {
    if (::access(s.windowProgram.c_str(), X_OK) != 0) {
        skip({BenchFigure::IdleCpu, BenchFigure::IdleMemory}, "the window program " + s.windowProgram + " is not installed");
        return {};
    }
    m_listener.doing("leaving the window and its worker alone");
    const auto bed = makeBed(2048, true);
    if (const auto started = bed->start(); !started) return started.error();
    LSW_TRY(bed->pause(s.quick ? kQuickSettleMs : kSettleMs));
    const auto before = processFigures(bed->pid());
    if (!before) return before.error();
    QElapsedTimer clock;
    clock.start();
    LSW_TRY(bed->pause(s.quick ? kQuickIdleMs : kIdleMs));
    const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    const auto after = processFigures(bed->pid());
    if (!after) return after.error();
    give(BenchFigure::IdleCpu, 100 * (after->cpuSeconds - before->cpuSeconds) / seconds, {{"seconds", rounded(seconds)}});
    object details;
    if (after->proportionalBytes > 0) details["proportional_mb"] = rounded(static_cast<double>(after->proportionalBytes) / 1e6);
    give(BenchFigure::IdleMemory, static_cast<double>(after->residentBytes) / 1e6, std::move(details));
    return {};
}

std::span<const BenchFigureInfo> benchFigures() {
    return kFigures;
}

std::vector<BenchFigure> benchGroup(std::string_view name) {
    if (name == "latency") return {BenchFigure::SessionLatency, BenchFigure::LoadLatency, BenchFigure::LoadRoundTrip};
    if (name == "sealing") return {BenchFigure::AddPiece, BenchFigure::PreCommit1, BenchFigure::PreCommit2, BenchFigure::Commit1};
    if (name == "memory") return {BenchFigure::LoadMemory, BenchFigure::IdleMemory, BenchFigure::ParameterMemory};
    if (name == "parameters") return {BenchFigure::ParameterFetch, BenchFigure::ParameterMemory};
    return {};
}

Expected<void> runBench(const BenchSettings& settings, const BenchListener& listener) {
    return Bench(settings, listener).run();
}

} // namespace lsw::practice
