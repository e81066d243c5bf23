// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/practice_bench_private.h"

#include <atomic>
#include <cmath>
#include <map>
#include <set>

#include <QtCore/QPointer>
#include <QtCore/QThreadPool>

#include "base/quiet_thread.h"
#include "sector/sector_files.h"
#include "storage/http_transfer.h"
#include "storage/remote_fetch.h"

// What a busy worker answers like: PreCommit 2 on all processors, calls waiting, transfers in both directions.
namespace lsw::practice {
namespace {

using boost::json::object;

constexpr int kQueued = 64, kFetches = 8, kUploads = 2, kSampleMs = 200;
constexpr std::uint64_t kFirstFetched = 101, kUploaded = kFirstFetched + kFetches;

/// Keeps the worker busy until it goes.
class Load : public QObject {
public:
    Load(BenchBed& bed, std::uint64_t fileSize, sector::SealProof proof)
        : m_bed(bed), m_worker(*bed.endpoint()), m_token(bed.miner().workerToken()), m_fileSize(fileSize), m_proof(proof) {
        connect(&bed.miner(), &PracticeMiner::returned, this, [this](const ArrivedReturn& arrived) { onReturned(arrived); });
        m_pool.setMaxThreadCount(kFetches);
        m_sample.callOnTimeout(this, [this] {
            if (const auto now = processFigures(m_bed.pid())) m_peak = std::max(m_peak, now->residentBytes);
        });
    }
    ~Load() override {
        m_stop.request_stop();
        for (std::jthread& thread : m_uploads) thread.join();
        m_pool.waitForDone();
    }

    /// `sealed`: sectors of which PreCommit 1 is done, with what it gave.
    void start(const std::vector<std::pair<protocol::SectorRef, Bytes>>& sealed) {
        for (int i = 0; i < kQueued; ++i) {
            const auto& [ref, phase1] = sealed[static_cast<std::size_t>(i) % sealed.size()];
            m_bed.miner().callWorker(m_bed.session(), protocol::SealPreCommit2Call{ref, phase1}, [this, alive = QPointer<Load>(this)](Expected<protocol::CallId> id) {
                if (!alive) return;
                if (id) m_tasks.insert(id->uuid);
                else fail(std::move(id).error());
            });
        }
        for (std::uint64_t i = 0; i < kFetches; ++i) fetch(kFirstFetched + i);
        for (int i = 0; i < kUploads; ++i) m_uploads.emplace_back([this] { upload(); });
        m_sample.start(kSampleMs);
    }

    const std::optional<Error>& failure() const { return m_failure; }
    std::uint64_t fetchedBytes() const { return m_fetched; }
    std::uint64_t uploadedBytes() const { return m_uploaded; }
    std::uint64_t peakResident() const { return m_peak; }
    int tasksDone() const { return m_done; }

private:
    void fail(Error error) {
        if (!m_failure) m_failure = std::move(error);
    }
    std::string urlOf(std::uint64_t number) const { return m_worker.url("/remote/unsealed/" + sector::sectorName({1000, number})); }

    void fetch(std::uint64_t number) {
        const protocol::FetchCall call{{{1000, number}, m_proof}, protocol::FileType::Unsealed, protocol::PathType::Sealing, protocol::AcquireMode::Copy};
        m_bed.miner().callWorker(m_bed.session(), call, [this, number, alive = QPointer<Load>(this)](Expected<protocol::CallId> id) {
            if (!alive) return;
            if (!id) return fail(std::move(id).error());
            m_fetches[id->uuid] = number;
            if (const auto early = m_early.find(id->uuid); early != m_early.end()) onReturned(early->second);
        });
    }

    void onReturned(const ArrivedReturn& arrived) {
        const auto found = m_fetches.find(arrived.id.uuid);
        if (found == m_fetches.end()) {
            if (m_tasks.contains(arrived.id.uuid)) ++m_done;
            else m_early.insert_or_assign(arrived.id.uuid, arrived);
            return;
        }
        if (arrived.error) return fail(Error(ErrorCode::Remote, arrived.error->message).whileDoing("fetching under load"));
        m_fetched += m_fileSize;
        // Away with it, and once more.
        m_pool.start([this, number = found->second, url = urlOf(found->second)] {
            auto removed = storage::deleteRemote(url, m_token, m_stop.get_token());
            QMetaObject::invokeMethod(
                this,
                [this, number, removed = std::move(removed)] {
                    if (!removed) fail(removed.error());
                    else fetch(number);
                },
                Qt::QueuedConnection);
        });
        m_fetches.erase(found);
    }

    /// The worker sends its file to somebody who asks again and again.
    void upload() {
        letOthersRunFirst();
        while (!m_stop.stop_requested()) {
            storage::HttpTransfer transfer({"GET", urlOf(kUploaded), m_token, {}, {}}, m_stop.get_token());
            const auto head = transfer.head();
            if (!head || head->status != 200) return;
            (void)transfer.receive([this](std::span<const std::uint8_t> piece) -> Expected<void> {
                m_uploaded += piece.size();
                return {};
            });
        }
    }

    BenchBed& m_bed;
    const protocol::Endpoint m_worker;
    const std::string m_token;
    const std::uint64_t m_fileSize;
    const sector::SealProof m_proof;
    std::map<std::string, std::uint64_t> m_fetches;
    std::map<std::string, ArrivedReturn> m_early; ///< came before the answer that names their call
    std::set<std::string> m_tasks;
    int m_done = 0;
    std::uint64_t m_fetched = 0, m_peak = 0;
    std::atomic<std::uint64_t> m_uploaded = 0;
    std::optional<Error> m_failure;
    QTimer m_sample;
    QThreadPool m_pool;
    std::stop_source m_stop;
    std::vector<std::jthread> m_uploads;
};

object spreadOf(const std::vector<double>& values) {
    return {{"p50", rounded(percentile(values, 0.5))}, {"p99", rounded(percentile(values, 0.99))}, {"max", rounded(values.back())}};
}

} // namespace

Expected<void> Bench::load() {
    const std::uint64_t fileSize = (s.quick ? 16ULL : 32ULL) << 20, bytes = sector::PaddedBytes{kSealSize}.unpadded().value;
    const int lastsMs = s.quick ? 6000 : 20000;
    if (!hasSpace((kFetches + 4) * fileSize)) {
        skip({BenchFigure::LoadLatency, BenchFigure::LoadRoundTrip, BenchFigure::LoadMemory},
             "there is too little space in " + s.folder.parent_path().string() + " for transfers of " + std::to_string(kFetches) + " files of " +
                 sector::sizeName(fileSize));
        return {};
    }
    // What is fetched lies with the miner: one file under many names.
    const auto store = s.folder / "load-store", unsealed = store / "unsealed";
    std::error_code failure;
    std::filesystem::create_directories(unsealed, failure);
    if (failure) return errnoError(failure.value(), "cannot make the folder " + unsealed.string());
    const auto first = unsealed / sector::sectorName({1000, kUploaded});
    LSW_TRY(writeData(first, fileSize));
    for (std::uint64_t i = 0; i < kFetches; ++i) {
        std::filesystem::create_hard_link(first, unsealed / sector::sectorName({1000, kFirstFetched + i}), failure);
        if (failure) return errnoError(failure.value(), "cannot link " + first.string());
    }
    const auto data = s.folder / "load.bin";
    LSW_TRY(writeData(data, bytes));

    m_listener.doing("preparing two sectors of 8MiB for the load");
    BenchBed bed({s.folder / "bed-load", s.workerProgram, false, kSealSize, store, {{"LOTUS_WORKER_PARALLEL_FETCH_LIMIT", std::to_string(kFetches)}}}, s.stop);
    if (const auto started = bed.start(); !started) return started.error();
    std::vector<std::pair<protocol::SectorRef, Bytes>> sealed;
    for (std::uint64_t number = 1; number <= 2; ++number) {
        const auto ref = sectorOf(kSealSize, number);
        if (!ref) return ref.error();
        const auto piece = addPiece(bed, *ref, data, bytes);
        if (!piece) return piece.error();
        std::vector<double> ignored;
        auto phase1 = timed<Bytes>(bed, "PreCommit 1", protocol::SealPreCommit1Call{*ref, Bytes(32, 1), {*piece}}, ignored);
        if (!phase1) return std::move(phase1).error();
        sealed.emplace_back(*ref, *std::move(phase1));
    }
    const protocol::SectorRef kept{{1000, kUploaded}, sealed.front().first.proof};
    if (auto fetched = bed.task("Fetch", [kept](const std::string&) {
            return protocol::FetchCall{kept, protocol::FileType::Unsealed, protocol::PathType::Sealing, protocol::AcquireMode::Copy};
        });
        !fetched)
        return std::move(fetched).error();

    m_listener.doing("asking a worker that seals, with " + std::to_string(kQueued) + " calls, " + std::to_string(kFetches) + " fetches and " +
                     std::to_string(kUploads) + " uploads");
    auto client = bed.client();
    const auto worker = bed.endpoint();
    if (!client || !worker) return Error(ErrorCode::Internal, "the miner no longer knows the worker");
    Load load(bed, fileSize, kept.proof);
    load.start(sealed);
    LSW_TRY(bed.pause(1000)); // until all are taken
    QElapsedTimer clock;
    clock.start();
    const std::uint64_t fetchedBefore = load.fetchedBytes(), uploadedBefore = load.uploadedBytes();
    const MachineTimes before = machineTimes();
    SessionAsker asMiner(std::move(client));
    RoundTrips trips(*worker, bed.miner().workerToken());
    LSW_TRY(bed.pause(lastsMs));
    auto times = trips.finish();
    const auto asked = asMiner.finish();
    const MachineTimes after = machineTimes();
    const double seconds = static_cast<double>(clock.elapsed()) / 1000;
    if (load.failure()) return Error(*load.failure());
    if (!times) return std::move(times).error();
    if (!asked) return asked.error();
    const auto spaced = sorted(times->spaced), bursts = sorted(times->bursts), client20 = sorted(asked->answers);
    if (spaced.empty() || bursts.empty() || client20.empty()) return Error(ErrorCode::Internal, "nothing was measured under load");
    const auto rate = [seconds](std::uint64_t count) { return rounded(static_cast<double>(count) / 1048576.0 / seconds); };
    const auto busy = after.total > before.total ? 100.0 * static_cast<double>(after.busy - before.busy) / static_cast<double>(after.total - before.total) : 0;
    object details = spreadOf(spaced);
    details["asked"] = spaced.size();
    details["every_ms"] = SessionAsker::kEveryMs;
    details["as_the_miner_sees_it"] = spreadOf(client20);
    details["calls_waiting_or_running"] = kQueued - load.tasksDone();
    details["fetched_mib_per_s"] = rate(load.fetchedBytes() - fetchedBefore);
    details["uploaded_mib_per_s"] = rate(load.uploadedBytes() - uploadedBefore);
    details["processors_busy_percent"] = std::round(busy);
    give(BenchFigure::LoadLatency, percentile(spaced, 0.99), std::move(details));
    object trip = spreadOf(bursts);
    trip["bursts"] = bursts.size();
    give(BenchFigure::LoadRoundTrip, percentile(bursts, 0.5), std::move(trip));
    give(BenchFigure::LoadMemory, static_cast<double>(load.peakResident()) / 1e6, {{"sampled_every_ms", kSampleMs}});
    return {};
}

} // namespace lsw::practice
