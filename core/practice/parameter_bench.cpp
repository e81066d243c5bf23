// SPDX-License-Identifier: MIT OR Apache-2.0
// How fast parameters are fetched: by this program, and by curl with b2sum after it, in turn from the same server on loopback.
#include "practice/practice_bench_private.h"

#include <fstream>

#include <QtCore/QElapsedTimer>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtCore/QTimer>

#include "sector/sector_id.h"
#include "storage/fetch_server.h"

namespace lsw::practice {
namespace {

namespace fs = std::filesystem;

constexpr int kFetchMs = 600000, kLookMs = 20;
constexpr std::uint64_t kFetchSize = 512ULL << 20, kQuickFetchSize = 64ULL << 20;
constexpr std::size_t kDigits = 32; ///< of a digest in a list of parameters: the first 16 bytes
constexpr protocol::SectorId kSector{1000, 1};

struct Run {
    double seconds = 0;
    std::uint64_t peakBytes = 0;
    std::string out;
};

/// A program to its end, which must be a good one.
Expected<Run> runToEnd(const QString& program, const QStringList& arguments, const std::string& what, const std::stop_token& stop) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("no_proxy"), QStringLiteral("*"));
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    Run run;
    QTimer look;
    look.callOnTimeout(&process, [&] {
        if (const auto figures = processFigures(process.processId())) run.peakBytes = std::max(run.peakBytes, figures->peakBytes);
    });
    look.start(kLookMs);
    QElapsedTimer clock;
    clock.start();
    process.start(program, arguments);
    LSW_TRY(awaitEnd(process, kFetchMs, what, stop));
    run.seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    run.out = process.readAllStandardOutput().toStdString();
    return run;
}

} // namespace

Expected<void> Bench::parameters() {
    const std::uint64_t bytes = s.quick ? kQuickFetchSize : kFetchSize;
    const auto without = [this](const std::string& why) -> Expected<void> {
        skip({BenchFigure::ParameterFetch, BenchFigure::ParameterMemory}, why);
        return {};
    };
    for (const auto& tool : {QStringLiteral("curl"), QStringLiteral("b2sum")})
        if (QStandardPaths::findExecutable(tool).isEmpty()) return without("there is no " + tool.toStdString() + " to compare with");
    if (!hasSpace(3 * bytes)) return without("there is too little space in " + s.folder.parent_path().string() + " for three times " + sector::sizeName(bytes));
    m_listener.doing("fetching a file of " + sector::sizeName(bytes) + " as parameters are fetched, and by curl");
    const fs::path given = s.folder / "given.params", copy = s.folder / "copy.params", fetched = s.folder / "fetched", list = s.folder / "parameters.json";
    LSW_TRY(writeData(given, bytes));
    const auto summed = runToEnd(QStringLiteral("b2sum"), {QString::fromStdString(given.string())}, "b2sum", s.stop);
    if (!summed) return summed.error();
    const std::string digest = summed->out.substr(0, kDigits), name = sector::sectorName(kSector);
    std::ofstream(list) << "{\"v28-bench.params\": {\"cid\": \"" << name << "\", \"digest\": \"" << digest << "\", \"sector_size\": 2048}}\n";

    storage::FetchSource source;
    source.find = [given](protocol::SectorId, protocol::FileType) { return std::optional(given); };
    protocol::HttpServer server({}, [](const std::string&, const std::function<void(Expected<protocol::Permissions>)>& done) { done(protocol::Permissions{"admin"}); },
                                {storage::fetchRoute(source)});
    const auto port = server.start();
    if (!port) return port.error();
    const QString gateway = QStringLiteral("http://127.0.0.1:%1/remote/sealed/").arg(*port);
    const QString theirs = QString::fromStdString(copy.string());
    const QStringList ours{QStringLiteral("--worker-repo"), QString::fromStdString((s.folder / "nothing").string()), QStringLiteral("params"), QStringLiteral("fetch"),
                           QStringLiteral("--size"), QStringLiteral("2KiB"), QStringLiteral("--for"), QStringLiteral("all"), QStringLiteral("--json"),
                           QStringLiteral("--folder"), QString::fromStdString(fetched.string()), QStringLiteral("--manifest"), QString::fromStdString(list.string()),
                           QStringLiteral("--gateway"), gateway};
    std::vector<double> ourTimes, theirTimes;
    std::uint64_t peak = 0;
    for (int round = 0; round < (s.quick ? 2 : 5); ++round) {
        std::error_code ignored;
        const auto both = runToEnd(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("curl -sS -o \"$1\" \"$2\" && b2sum \"$1\""), QStringLiteral("sh"), theirs,
                                                               gateway + QString::fromStdString(name)}, "curl and b2sum", s.stop);
        if (!both) return both.error();
        if (!both->out.starts_with(digest)) return Error(ErrorCode::Remote, "curl got other bytes than were served");
        fs::remove(copy, ignored);
        const auto own = runToEnd(QString::fromStdString(s.workerProgram), ours, "params fetch", s.stop);
        if (!own) return own.error();
        fs::remove_all(fetched, ignored);
        theirTimes.push_back(both->seconds);
        ourTimes.push_back(own->seconds);
        peak = std::max(peak, own->peakBytes);
    }
    server.stop();
    std::error_code ignored;
    fs::remove(given, ignored);
    const double own = sorted(ourTimes).front(), other = sorted(theirTimes).front();
    const auto rate = [bytes](double seconds) { return rounded(static_cast<double>(bytes) / 1048576.0 / seconds); };
    give(BenchFigure::ParameterFetch, own / other,
         {{"bytes", bytes}, {"mib_per_second", boost::json::object{{"ours", rate(own)}, {"curl_and_b2sum", rate(other)}}}, {"times", jsonOf(ourTimes)}, {"curl_times", jsonOf(theirTimes)}});
    give(BenchFigure::ParameterMemory, static_cast<double>(peak) / 1e6, {{"bytes", bytes}});
    return {};
}

} // namespace lsw::practice
