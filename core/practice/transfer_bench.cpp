// SPDX-License-Identifier: MIT OR Apache-2.0
#include "practice/transfer_bench.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <vector>

#include <QtCore/QElapsedTimer>
#include <QtCore/QEventLoop>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtCore/QThread>
#include <QtCore/QTimer>

#include "practice/go_yardstick_source.h"
#include "practice/practice_bench_private.h"
#include "sector/sector_files.h"
#include "storage/http_transfer.h"

namespace lsw::practice {
namespace {

/// The best of a few reads moves by a tenth from run to run, their median less.
constexpr int kRounds = 25;
constexpr int kBuildMs = 300000, kStartMs = 30000, kTransferMs = 600000;
constexpr std::uint64_t kTransferSize = 512ULL << 20, kQuickTransferSize = 32ULL << 20;
constexpr std::string_view kRpcPath = "/rpc/v0";

/// Seconds that reading the address with the worker's own client took.
Expected<double> readWithOurs(const std::string& url, const std::string& token, std::uint64_t bytes, const std::stop_token& stop) {
    Expected<double> result = Error(ErrorCode::Internal, "nothing was read");
    const auto readAll = [&]() -> Expected<double> {
        QElapsedTimer clock;
        clock.start();
        storage::HttpTransfer::Request request;
        request.url = url;
        request.token = token;
        storage::HttpTransfer transfer(std::move(request), stop);
        const auto head = transfer.head();
        if (!head) return head.error();
        if (head->status != 200) return Error(ErrorCode::Remote, "GET " + url + ": status " + std::to_string(head->status));
        std::uint64_t count = 0;
        const auto read = transfer.receive([&count](std::span<const std::uint8_t> piece) -> Expected<void> {
            count += piece.size();
            return {};
        });
        if (!read) return read.error();
        const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
        if (count != bytes) return Error(ErrorCode::Remote, "GET " + url + " gave " + std::to_string(count) + " bytes of " + std::to_string(bytes));
        return seconds;
    };
    // Aside: the miner of the bed answers on this thread whether the token is good.
    const std::unique_ptr<QThread> thread(QThread::create([&] { result = readAll(); }));
    QEventLoop loop;
    QObject::connect(thread.get(), &QThread::finished, &loop, &QEventLoop::quit);
    thread->start();
    if (!thread->isFinished()) loop.exec();
    thread->wait();
    return result;
}

} // namespace

class GoYardstick::Private {
public:
    ~Private() {
        if (server.state() == QProcess::NotRunning) return;
        server.closeWriteChannel();
        if (!server.waitForFinished(kStartMs)) server.kill();
        server.waitForFinished();
    }
    QString program;
    QProcess server;
};

GoYardstick::GoYardstick(std::unique_ptr<Private> given) : m_private(std::move(given)) {}
GoYardstick::GoYardstick(GoYardstick&&) noexcept = default;
GoYardstick::~GoYardstick() = default;

Expected<GoYardstick> GoYardstick::build(const std::filesystem::path& folder, std::stop_token stop) {
    QString go = QStandardPaths::findExecutable(QStringLiteral("go"));
    if (go.isEmpty()) go = QStandardPaths::findExecutable(QStringLiteral("go"), {QStringLiteral("/usr/local/go/bin")});
    if (go.isEmpty()) return Error(ErrorCode::NotInstalled, "there is no go on the PATH or in /usr/local/go/bin");
    const auto source = folder / "go_yardstick.go";
    std::ofstream out(source, std::ios::binary | std::ios::trunc);
    out << kGoYardstickSource;
    out.close();
    if (!out) return errnoError(errno, "cannot write " + source.string());
    auto made = std::make_unique<Private>();
    made->program = QString::fromStdString((folder / "go_yardstick").string());
    QProcess compiler;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("GOTOOLCHAIN"), QStringLiteral("local"));
    environment.insert(QStringLiteral("GO111MODULE"), QStringLiteral("off"));
    environment.insert(QStringLiteral("GOFLAGS"), QString());
    environment.insert(QStringLiteral("CGO_ENABLED"), QStringLiteral("0"));
    compiler.setProcessEnvironment(environment);
    compiler.setStandardInputFile(QProcess::nullDevice());
    compiler.start(go, {QStringLiteral("build"), QStringLiteral("-o"), made->program, QString::fromStdString(source.string())});
    LSW_TRY(awaitEnd(compiler, kBuildMs, "building Go's side", stop));
    return GoYardstick(std::move(made));
}

Expected<std::string> GoYardstick::serve(const std::filesystem::path& folder) {
    QProcess& server = m_private->server;
    server.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    server.start(m_private->program, {QStringLiteral("serve"), QString::fromStdString(folder.string())});
    if (!server.waitForStarted(kStartMs)) return Error(ErrorCode::ChildDied, "Go's server did not start: " + server.errorString().toStdString());
    QElapsedTimer clock;
    clock.start();
    while (!server.canReadLine()) {
        const int left = kStartMs - static_cast<int>(clock.elapsed());
        if (left <= 0 || !server.waitForReadyRead(left)) return Error(ErrorCode::ChildDied, "Go's server did not say its address");
    }
    return server.readLine().trimmed().toStdString();
}

Expected<double> GoYardstick::get(const std::string& url, const std::string& token, std::uint64_t bytes, std::stop_token stop) const {
    QProcess client;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("YARDSTICK_TOKEN"), QString::fromStdString(token));
    client.setProcessEnvironment(environment);
    client.setStandardInputFile(QProcess::nullDevice());
    client.start(m_private->program, {QStringLiteral("get"), QString::fromStdString(url)});
    LSW_TRY(awaitEnd(client, kTransferMs, "Go's client", stop));
    boost::system::error_code wrong;
    const auto said = boost::json::parse(client.readAllStandardOutput().toStdString(), wrong);
    const auto* object = wrong ? nullptr : said.if_object();
    const auto* count = object ? object->if_contains("bytes") : nullptr;
    const auto* seconds = object ? object->if_contains("seconds") : nullptr;
    if (!count || !count->is_number() || !seconds || !seconds->is_number())
        return Error(ErrorCode::Remote, "Go's client did not say how long it took");
    if (count->to_number<std::uint64_t>() != bytes)
        return Error(ErrorCode::Remote, "Go's client got another number of bytes from " + url);
    return seconds->to_number<double>();
}

Expected<TransferTimes> measureTransfers(BenchBed& bed, const std::filesystem::path& workerFolder, const std::filesystem::path& file,
                                         std::uint64_t bytes, int rounds, GoYardstick* go, std::stop_token stop) {
    const protocol::SectorId sector{1000, 1};
    const auto folder = workerFolder / sector::fileTypeName(protocol::FileType::Sealed);
    const auto sealed = folder / sector::sectorName(sector);
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (!failure) std::filesystem::rename(file, sealed, failure);
    if (failure) return errnoError(failure.value(), "cannot put the file into " + folder.string());
    LSW_TRY(bed.ask("Filecoin.StorageRedeclareLocal", {nullptr, false}));

    const auto workers = bed.miner().workers();
    if (workers.empty()) return Error(ErrorCode::Internal, "the miner no longer knows the worker");
    std::string base = workers.front().url;
    if (base.ends_with(kRpcPath)) base.resize(base.size() - kRpcPath.size());
    const std::string ours = base + "/remote/sealed/" + sector::sectorName(sector), token = bed.miner().workerToken();
    std::string theirs;
    if (go) {
        auto address = go->serve(folder);
        if (!address) return std::move(address).error();
        theirs = *address + '/' + sector::sectorName(sector);
    }

    std::array<std::vector<double>, 4> times; // ours from ours, Go from Go, Go from ours, ours from Go; in turn, so that whatever disturbs one disturbs all
    for (int round = 0; round < rounds; ++round) {
        const auto take = [&times](std::size_t of, const Expected<double>& seconds) -> Expected<void> {
            if (!seconds) return seconds.error();
            times.at(of).push_back(*seconds);
            return {};
        };
        LSW_TRY(take(0, readWithOurs(ours, token, bytes, stop)));
        if (!go) continue;
        LSW_TRY(take(1, go->get(theirs, {}, bytes, stop)));
        LSW_TRY(take(2, go->get(ours, token, bytes, stop)));
        LSW_TRY(take(3, readWithOurs(theirs, {}, bytes, stop)));
    }
    const auto median = [&times](std::size_t of) -> std::optional<double> {
        auto& all = times.at(of);
        if (all.empty()) return {};
        std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2));
        return all[all.size() / 2];
    };
    TransferTimes out;
    out.oursFromOurs = median(0).value_or(0);
    out.goFromGo = median(1);
    out.goFromOurs = median(2);
    out.oursFromGo = median(3);
    return out;
}

Expected<void> Bench::transfer() {
    using boost::json::object;
    const std::uint64_t bytes = s.quick ? kQuickTransferSize : kTransferSize;
    if (!hasSpace(2 * bytes)) {
        skip({BenchFigure::Transfer, BenchFigure::TransferAgainstGo},
             "there is too little space in " + s.folder.parent_path().string() + " for twice " + sector::sizeName(bytes));
        return {};
    }
    std::optional<GoYardstick> go;
    if (s.againstGo) {
        m_listener.doing("building Go's side of the transfers");
        auto built = GoYardstick::build(s.folder, s.stop);
        if (built) go.emplace(*std::move(built));
        else if (built.error().code() == ErrorCode::NotInstalled) skip({BenchFigure::TransferAgainstGo}, built.error().message());
        else return std::move(built).error();
    } else {
        skip({BenchFigure::TransferAgainstGo}, "it was not asked for (--against go)");
    }
    m_listener.doing("reading a file of " + sector::sizeName(bytes) + " from a worker");
    const auto data = s.folder / "transfer.bin";
    LSW_TRY(writeData(data, bytes));
    const auto bed = makeBed(2048);
    if (const auto started = bed->start(); !started) return started.error();
    const auto folder = s.folder / ("bed-" + std::to_string(m_beds)) / "worker";
    const auto times = measureTransfers(*bed, folder, data, bytes, s.quick ? 2 : kRounds, go ? &*go : nullptr, s.stop);
    if (!times) return times.error();
    const auto rate = [bytes](double seconds) { return rounded(static_cast<double>(bytes) / 1048576.0 / seconds); };
    give(BenchFigure::Transfer, rate(times->oursFromOurs), {{"bytes", bytes}});
    if (go && times->goFromGo && times->goFromOurs && times->oursFromGo)
        give(BenchFigure::TransferAgainstGo, times->oursFromOurs / *times->goFromGo,
             {{"bytes", bytes},
              {"mib_per_second", object{{"ours_from_ours", rate(times->oursFromOurs)},
                                        {"go_from_go", rate(*times->goFromGo)},
                                        {"go_from_ours", rate(*times->goFromOurs)},
                                        {"ours_from_go", rate(*times->oursFromGo)}}}});
    return {};
}

} // namespace lsw::practice
