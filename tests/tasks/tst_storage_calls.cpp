// SPDX-License-Identifier: MIT OR Apache-2.0
// What the tasks of a sector's life ask the miner's storage index, in the order of stock lotus-worker.
#include "protocol/lotus_json.h"
#include "storage/served_store.h"
#include "support/recorded_steps.h"
#include "tasks/task_bench.h"

using namespace lsw;

namespace {

/// A health report comes when it comes, and the index is asked for a path's data by the miner's own questions too.
std::vector<std::string> storageCalls(const test::MemorySectorIndex& index) {
    std::vector<std::string> out;
    for (const std::string& call : index.calls())
        if (!call.starts_with("StorageReportHealth") && !call.starts_with("StorageInfo") && !call.starts_with("StorageAttach")) out.push_back(call);
    return out;
}

const std::string kMinerId = "00000000-0000-4000-8000-000000000019";

/// What the miner did before a DELETE: it fetched the file into its own path, for good.
void take(test::Bench& worker, const test::Served& miner, const std::string& step) {
    const std::string rest = step.substr(std::string("DELETE /remote/").size()), name = rest.substr(0, rest.find('?'));
    const auto type = sector::fileTypeFromName(rest.substr(0, rest.find('/')));
    // In the caches of the engine of this test lie files that no other place would take.
    if (type && *type == sector::FileType::Cache) test::writeFile(miner.sealing() / name / "p_aux", test::pattern(64));
    else std::filesystem::copy(worker.sealing() / name, miner.sealing() / name);
    QVERIFY(type && worker.index.declare(kMinerId, test::kSector, *type, true, {}).hasValue());
}

} // namespace

class StorageCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theIndexIsAskedAsByLotus_data() {
        QTest::addColumn<QString>("scenario");
        for (const char* scenario : {"life-cc", "life-data", "worker-store", "two-workers", "unseal"}) QTest::newRow(scenario) << QString::fromLatin1(scenario);
    }
    void theIndexIsAskedAsByLotus() {
        QFETCH(QString, scenario);
        const auto steps = test::recordedSteps(scenario.toStdString());
        QVERIFY(steps.size() > 5);
        test::Bench bench;
        test::makeStoragePath(bench.sealing(), test::kSealingId, true, false);
        test::makeStoragePath(bench.store(), test::kStoreId, false, true);
        bench.local = std::make_unique<storage::LocalStore>(storage::LocalStore::Settings{bench.root(), "http://127.0.0.1:3456/remote", "admin", 5}, bench.index);
        auto& store = *bench.local;
        QVERIFY(store.openPath(bench.sealing(), false, {}).hasValue());
        test::Served miner;
        miner.start(bench.index, kMinerId);
        miner.open();
        tests::NotingEngine engine;
        int compared = 0;
        for (const test::RecordedStep& step : steps) {
            const auto space = step.what.find(' ');
            const std::string method = step.what.substr(0, space);
            if (scenario == QLatin1String("unseal") && method == "DELETE") take(bench, miner, step.what);
            bench.index.forgetCalls();
            if (method == "StorageAddLocal") {
                QVERIFY(store.openPath(bench.store(), false, {}).hasValue());
            } else if (method == "DELETE") {
                // Another holder has fetched it: DELETE /remote/TYPE/s-t01000-1?keep=ID
                const std::string rest = step.what.substr(std::string("DELETE /remote/").size());
                const auto type = sector::fileTypeFromName(rest.substr(0, rest.find('/')));
                QVERIFY(type.hasValue());
                QVERIFY(store.removeLocal(test::kSector, *type, {rest.substr(rest.find("?keep=") + 6)}, {}).hasValue());
                QVERIFY(!store.localPath(test::kSector, *type));
            } else {
                const auto call = protocol::decodeCall(method, boost::json::parse(step.what.substr(space + 1)).as_array());
                QVERIFY2(call.hasValue(), step.what.c_str());
                std::shared_ptr<protocol::PieceData> data;
                if (const auto* piece = std::get_if<protocol::AddPieceCall>(&*call))
                    data = piece->data.type == "null" ? tests::TaskBench::zeros() : tests::TaskBench::bytes(piece->size);
                const auto result = tasks::runTask(*call, data, {engine, store}, {});
                // A sector that was never updated has neither an update nor its cache, which the miner asks for all the same.
                const bool isMissing = method == "Fetch" && step.what.find(",24,") != std::string::npos;
                if (isMissing) QVERIFY(!result && result.error().code() == ErrorCode::NotFound);
                else QVERIFY2(result.hasValue(), qPrintable(QString::fromStdString(step.what.substr(0, 60)) + tests::messageOf(result)));
            }
            const QByteArray ours = test::joined(storageCalls(bench.index)), theirs = test::joined(step.calls);
            if (ours != theirs) qWarning("%s", step.what.substr(0, 80).c_str());
            QCOMPARE(ours, theirs);
            ++compared;
        }
        QCOMPARE(compared, static_cast<int>(steps.size()));
    }
};

QTEST_GUILESS_MAIN(StorageCalls)
#include "tst_storage_calls.moc"
