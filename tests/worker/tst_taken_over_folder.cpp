// SPDX-License-Identifier: MIT OR Apache-2.0
// A worker's folder that somebody else made: lotus-worker, or an older version of this program (tests/data/worker-repo).
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include "base/bytes.h"
#include "practice/practice_miner.h"
#include "protocol/lotus_json.h"
#include "storage/durable_files.h"
#include "storage/storage_config.h"
#include "support/gate.h"
#include "support/patience.h"
#include "support/test_paths.h"
#include "tasks/call_journal.h"
#include "worker/stock_calls.h"
#include "worker/stock_record.h"
#include "worker/worker_repo.h"
#include "worker/worker_service.h"

#include <fstream>
#include <future>

#include <sys/wait.h>

#include <fcntl.h>
#include <unistd.h>

using namespace lsw;
using namespace lsw::worker;
namespace fs = std::filesystem;

namespace {

using Records = std::vector<tasks::CallRecord>;

Records unfinishedIn(tasks::CallJournal& journal) {
    std::promise<Records> answer;
    journal.unfinished([&](Expected<Records> found) { answer.set_value(found ? std::move(*found) : Records{}); });
    return answer.get_future().get();
}
Records historyOf(tasks::CallJournal& journal) {
    std::promise<Records> answer;
    journal.history(100, [&](Expected<Records> found) { answer.set_value(found ? std::move(*found) : Records{}); });
    return answer.get_future().get();
}

std::string methodsOf(const Records& records) {
    std::string out;
    for (const auto& one : records) out += std::to_string(one.id.sector.number) + ' ' + one.method + '\n';
    return out;
}

/// Holds the lock that lotus-worker takes, in another process, until it is destroyed.
class StockLock {
public:
    explicit StockLock(const fs::path& file) {
        int ready[2];
        if (::pipe(ready) != 0) return;
        m_child = ::fork();
        if (m_child == 0) {
            const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0666);
            struct flock whole {};
            whole.l_type = F_WRLCK;
            whole.l_whence = SEEK_SET;
            const char got = ::fcntl(lock, F_SETLK, &whole) == 0 ? 'y' : 'n';
            if (::write(ready[1], &got, 1) != 1) ::_exit(1);
            for (;;) ::pause();
        }
        char got = 0;
        m_held = ::read(ready[0], &got, 1) == 1 && got == 'y';
        ::close(ready[0]);
        ::close(ready[1]);
    }
    ~StockLock() {
        if (m_child <= 0) return;
        ::kill(m_child, SIGKILL);
        ::waitpid(m_child, nullptr, 0);
    }
    bool held() const { return m_held; }

private:
    pid_t m_child = -1;
    bool m_held = false;
};

} // namespace

class TestTakenOverFolder : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    int m_count = 0;

    /// A fresh copy of one of the folders of tests/data/worker-repo.
    fs::path copyOf(const QByteArray& name) {
        const fs::path to = fs::path(m_folder.path().toStdString()) / std::to_string(++m_count);
        fs::copy(fs::path(lsw::test::kTestData) / "worker-repo" / name.toStdString(), to, fs::copy_options::recursive);
        return to;
    }
    std::unique_ptr<tasks::CallJournal> journalIn(const fs::path& folder) {
        auto journal = tasks::CallJournal::open(folder / "calls.sqlite");
        return journal ? std::move(*journal) : nullptr;
    }

private Q_SLOTS:
    void oneOfLotusWorkerAndOursExcludeEachOther() {
        const fs::path folder = fs::path(m_folder.path().toStdString()) / "locked";
        fs::create_directories(folder);
        {
            const StockLock stock(folder / "repo.lock");
            QVERIFY(stock.held());
            const auto refused = WorkerRepo::open(folder, false);
            QVERIFY(!refused);
            QCOMPARE(refused.error().code(), ErrorCode::StorageUnavailable);
            QVERIFY(refused.error().message().find(folder.string()) != std::string::npos);
        }
        {
            const auto ours = WorkerRepo::open(folder, false);
            QVERIFY(ours);
            QCOMPARE(fs::file_size(folder / "repo.lock"), std::uintmax_t{0}); // lotus-worker refuses one with contents
            QVERIFY(!StockLock(folder / "repo.lock").held());
        }
        QVERIFY(StockLock(folder / "repo.lock").held());
    }

    void unfinishedCallsComeToTheJournalOnce_data() {
        QTest::addColumn<QByteArray>("folder");
        QTest::newRow("closed") << QByteArray("stock-closed");
        QTest::newRow("killed") << QByteArray("stock-killed");
    }
    void unfinishedCallsComeToTheJournalOnce() {
        QFETCH(QByteArray, folder);
        const fs::path repo = copyOf(folder);
        auto journal = journalIn(repo);
        QVERIFY(journal);
        const auto taken = takeOverStockCalls(repo, *journal);
        QVERIFY2(taken, taken ? "" : taken.error().message().c_str());
        QCOMPARE(*taken, std::size_t{4});
        const auto calls = unfinishedIn(*journal);
        QCOMPARE(methodsOf(calls), std::string("1 SealPreCommit1\n2 SealCommit2\n300 DownloadSectorData\n7 GenerateSectorKeyFromData\n"));
        QCOMPARE(calls[0].id.uuid, std::string("22222222-2222-4222-8222-222222222222"));
        QCOMPARE(calls[0].id.sector.miner, std::uint64_t{1000});
        QCOMPARE(calls[0].taskType, std::string("seal/v0/precommit/1"));
        for (const auto& call : calls) QCOMPARE(call.state, tasks::CallState::Begun);
        // Gone from there, and what is not ours to touch is still there for a third reader.
        QCOMPARE(takeOverStockCalls(repo, *journal).valueOr(99), std::size_t{0});
        QCOMPARE(unfinishedIn(*journal).size(), std::size_t{4});
        bool found = false;
        for (const auto& entry : fs::directory_iterator(repo / "datastore" / "metadata"))
            if (const auto text = storage::readFileWhole(entry.path(), 1 << 20)) found = found || text->find("/other/thing") != std::string::npos;
        QVERIFY(found);
    }

    void aCrashBetweenJournalAndRemovalAnswersNoneTwice() {
        const fs::path repo = copyOf("stock-killed"), before = copyOf("stock-killed");
        auto journal = journalIn(repo);
        QVERIFY(journal);
        QVERIFY(takeOverStockCalls(repo, *journal));
        const auto calls = unfinishedIn(*journal);
        std::promise<bool> returned;
        journal->finish(calls[0].id, "[]", false, "", 0, [](const auto&) {});
        journal->returned(calls[0].id, [&](const Expected<void>& done) { returned.set_value(done.hasValue()); });
        QVERIFY(returned.get_future().get());
        // As if the removal had never reached the disk.
        fs::remove_all(repo / "datastore");
        fs::rename(before / "datastore", repo / "datastore");
        QCOMPARE(takeOverStockCalls(repo, *journal).valueOr(99), std::size_t{4});
        QCOMPARE(unfinishedIn(*journal).size(), std::size_t{3});
        QCOMPARE(historyOf(*journal).size(), std::size_t{1});
    }

    void aDamagedListIsRefusedWithTheWayToDrainIt_data() {
        QTest::addColumn<QByteArray>("folder");
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("at");
        QTest::newRow("table") << QByteArray("stock-closed") << QByteArray("000002.ldb") << 300;
        QTest::newRow("log") << QByteArray("stock-killed") << QByteArray("000001.log") << 300;
        QTest::newRow("manifest") << QByteArray("stock-closed") << QByteArray("MANIFEST-000004") << 60;
    }
    void aDamagedListIsRefusedWithTheWayToDrainIt() {
        QFETCH(QByteArray, folder);
        QFETCH(QByteArray, file);
        QFETCH(int, at);
        const fs::path repo = copyOf(folder);
        {
            std::fstream out(repo / "datastore" / "metadata" / file.toStdString(), std::ios::in | std::ios::out | std::ios::binary);
            out.seekp(at);
            out.write("damage", 6);
        }
        auto journal = journalIn(repo);
        QVERIFY(journal);
        const auto taken = takeOverStockCalls(repo, *journal);
        QVERIFY(!taken);
        QCOMPARE(taken.error().code(), ErrorCode::StorageUnavailable);
        const std::string text = taken.error().message();
        QVERIFY2(text.find("lotus-worker wait-quiet") != std::string::npos && text.find((repo / "datastore").string()) != std::string::npos, text.c_str());
        QVERIFY(unfinishedIn(*journal).empty());
    }

    void onlyRecordsOfLotusAreTaken_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QByteArray>("method");
        const QByteArray uuid = "11111111111141118111111111111111", key = "/worker/calls/1000-1-11111111-1111-4111-8111-111111111111";
        const QByteArray id = "a2624944" "50" + uuid + "66536563746f72" "82" "1903e8" "01";
        const QByteArray rest = "65537461746500" "66526573756c7440";
        QTest::newRow("good") << key << "a4624944" + id + rest + "67526574547970656546657463" "68" << QByteArray("Fetch");
        QTest::newRow("null result") << key << "a4624944" + id + "65537461746501" "66526573756c74f6" "67526574547970656546657463" "68" << QByteArray("Fetch");
        QTest::newRow("more members") << key << "a3624944" + id + "617882f6a0" "67526574547970656546657463" "68" << QByteArray("Fetch");
        QTest::newRow("another key") << QByteArray("/worker/calls/1000-2-11111111-1111-4111-8111-111111111111")
                                     << "a4624944" + id + rest + "67526574547970656546657463" "68" << QByteArray();
        QTest::newRow("unknown kind") << key << "a4624944" + id + rest + "67526574547970656546657463" "78" << QByteArray();
        QTest::newRow("no kind") << key << "a3624944" + id + rest << QByteArray();
        QTest::newRow("cut") << key << "a4624944" + id + rest + "675265" << QByteArray();
        QTest::newRow("more behind") << key << "a4624944" + id + rest + "67526574547970656546657463" "6800" << QByteArray();
        QTest::newRow("endless string") << key << QByteArray("a45bffffffffffffffff") << QByteArray();
        QTest::newRow("deep") << key << "a2624944" + id + "6178" + QByteArray(2000, '8').replace("88", "81") + "00" << QByteArray();
        QTest::newRow("huge map") << key << QByteArray("bbffffffffffffffff6178") << QByteArray();
        QTest::newRow("empty") << key << QByteArray() << QByteArray();
    }
    void onlyRecordsOfLotusAreTaken() {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, hex);
        QFETCH(QByteArray, method);
        const auto value = fromHex(hex.toStdString());
        QVERIFY(value);
        const auto call = readStockCall(key.toStdString(), asText(*value));
        QCOMPARE(QByteArray::fromStdString(call ? call->method : ""), method);
        if (!call) QCOMPARE(call.error().code(), ErrorCode::Corrupt);
    }

    void theMinerHearsOfEachCallWithCode101AndOnce() {
        practice::PracticeMiner::Settings mining;
        mining.repo = fs::path(m_folder.path().toStdString()) / "miner";
        mining.sessionPollMs = 200;
        practice::PracticeMiner miner(mining);
        QVERIFY(miner.start());
        std::vector<practice::ArrivedReturn> returns;
        connect(&miner, &practice::PracticeMiner::returned, &miner, [&](const practice::ArrivedReturn& one) { returns.push_back(one); });

        const fs::path repo = copyOf("stock-killed");
        fs::create_directory(repo / "keystore");
        std::ofstream(repo / "config.toml");
        const auto sealing = repo / "ssd";
        fs::create_directory(sealing);
        storage::PathMetadata path;
        path.id = "5b8f0b6a-0d3e-4f3b-9d7a-0b9f3f1d2c11";
        QVERIFY(storage::writePathMetadata(sealing, path));
        const std::string storageJson = "{\n  \"StoragePaths\": [\n    {\n      \"Path\": \"" + sealing.string() + "\"\n    }\n  ]\n}";
        QVERIFY(storage::writeFileWhole(repo / "storage.json", storageJson));
        const auto sectorStore = storage::readFileWhole(sealing / "sectorstore.json", 1 << 16);
        QVERIFY(sectorStore);

        const test::Gate gate(fs::path(m_folder.path().toStdString()) / "gate");
        const auto runUntil = [&](auto done) {
            WorkerSettings settings;
            if (auto api = protocol::parseApiInfo(miner.apiInfo())) settings.miner = *api;
            settings.repo = repo;
            settings.name = "w1";
            settings.listen = "127.0.0.1:0";
            settings.prover.folder = lsw::test::kGatedProverFolder;
            settings.prover.environment["GATED_PROVER_GATE"] = gate.path().string();
            settings.heartbeatMs = 100;
            settings.returnRetryMs = 50;
            settings.shutdownLingerMs = 0;
            WorkerService worker(std::move(settings));
            worker.start();
            return QTest::qWaitFor([&] { return done(worker.view()); }, test::kPatienceMs);
        };
        QVERIFY(runUntil([&](const WorkerView& view) {
            return view.connection == ConnectionState::Connected && view.finished.size() == 4 && view.tasks.empty() && view.notes.size() == 1 &&
                   view.notes[0].starts_with("4 calls that lotus-worker had begun");
        }));
        QCOMPARE(returns.size(), std::size_t{4});
        std::set<std::string> methods;
        for (const auto& one : returns) {
            methods.insert(one.method);
            QVERIFY(one.error);
            QCOMPARE(one.error->code, 101);
            QCOMPARE(one.error->message, std::string("worker [name: w1] restarted"));
        }
        QCOMPARE(methods, (std::set<std::string>{"ReturnSealPreCommit1", "ReturnSealCommit2", "ReturnDownloadSector", "ReturnGenerateSectorKeyFromData"}));
        QVERIFY(runUntil([&](const WorkerView& view) { return view.connection == ConnectionState::Connected && view.finished.size() == 4; }));
        QCOMPARE(returns.size(), std::size_t{4});
        // Its storage is as lotus-worker left it, and nothing of ours lies beside it.
        QCOMPARE(storage::readFileWhole(repo / "storage.json", 1 << 16).valueOr(""), storageJson);
        QCOMPARE(storage::readFileWhole(sealing / "sectorstore.json", 1 << 16).valueOr(""), *sectorStore);
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(repo)) names.insert(entry.path().filename().string());
        QCOMPARE(names, (std::set<std::string>{"config.toml", "datastore", "keystore", "lotus-seal-worker", "ssd", "storage.json", "token"}));
    }

    void anOlderLayoutIsBroughtToThePresentOne_data() {
        QTest::addColumn<int>("interrupted");
        QTest::newRow("whole") << 0;
        QTest::newRow("cut off after the log had moved") << 1;
        QTest::newRow("cut off before it was written down") << 2;
    }
    void anOlderLayoutIsBroughtToThePresentOne() {
        QFETCH(int, interrupted);
        const fs::path folder = copyOf("layout-1");
        if (interrupted > 0) {
            fs::create_directory(folder / kOwnFolder);
            fs::rename(folder / "calls.sqlite-wal", folder / kOwnFolder / "calls.sqlite-wal");
        }
        if (interrupted > 1) fs::rename(folder / "calls.sqlite", folder / kOwnFolder / "calls.sqlite");
        const auto repo = WorkerRepo::open(folder, false);
        QVERIFY2(repo, repo ? "" : repo.error().message().c_str());
        auto journal = tasks::CallJournal::open((*repo)->journalFile());
        QVERIFY2(journal, journal ? "" : journal.error().message().c_str());
        const auto calls = unfinishedIn(**journal);
        QCOMPARE(methodsOf(calls), std::string("2 FinalizeSector\n3 SealPreCommit2\n"));
        QCOMPARE(calls[0].state, tasks::CallState::Finished);
        QVERIFY(calls[0].returnParams.ends_with(",null]"));
        QCOMPARE(historyOf(**journal).size(), std::size_t{1});
        QVERIFY(fs::exists((*repo)->scratchFolder() / "left"));
        for (const char* gone : {"calls.sqlite", "calls.sqlite-wal", "calls.sqlite.lock", "scratch"}) QVERIFY2(!fs::exists(folder / gone), gone);
        QCOMPARE(storage::readFileWhole((*repo)->ownFolder() / "schema.json", 100).valueOr(""), std::string("{\"schema\":2}\n"));
    }

    void aNewerLayoutIsRefused_data() {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<int>("code");
        QTest::newRow("newer") << QByteArray("{\"schema\":3,\"more\":true}") << static_cast<int>(ErrorCode::IncompatibleVersion);
        QTest::newRow("much newer") << QByteArray("{\"schema\":4000000000}") << static_cast<int>(ErrorCode::IncompatibleVersion);
        QTest::newRow("no number") << QByteArray("{\"schema\":\"2\"}") << static_cast<int>(ErrorCode::Corrupt);
        QTest::newRow("not yet") << QByteArray("{\"schema\":0}") << static_cast<int>(ErrorCode::Corrupt);
        QTest::newRow("cut") << QByteArray("{\"sch") << static_cast<int>(ErrorCode::Corrupt);
        QTest::newRow("empty") << QByteArray() << static_cast<int>(ErrorCode::Corrupt);
    }
    void aNewerLayoutIsRefused() {
        QFETCH(QByteArray, schema);
        QFETCH(int, code);
        const fs::path folder = copyOf("layout-1");
        fs::create_directory(folder / kOwnFolder);
        QVERIFY(storage::writeFileWhole(folder / kOwnFolder / "schema.json", schema.toStdString()));
        const auto repo = WorkerRepo::open(folder, false);
        QVERIFY(!repo);
        QCOMPARE(static_cast<int>(repo.error().code()), code);
        QVERIFY(repo.error().message().find(kOwnFolder) != std::string::npos);
        QVERIFY(fs::exists(folder / "calls.sqlite")); // nothing was touched
    }
};

QTEST_GUILESS_MAIN(TestTakenOverFolder)
#include "tst_taken_over_folder.moc"
