// SPDX-License-Identifier: MIT OR Apache-2.0
// What the tasks of a sector's life ask the miner's storage index, in the order of stock lotus-worker.
#include "protocol/lotus_json.h"
#include "storage/storage_fixture.h"
#include "tasks/task_bench.h"

using namespace lsw;

namespace {

struct Step {
    std::string what;
    std::vector<std::string> calls;
};

/// The steps of one scenario of tests/data/storage/task-calls.txt.
std::vector<Step> recordedSteps(const std::string& scenario) {
    std::ifstream in(std::string(LSW_TEST_DATA) + "/storage/task-calls.txt");
    std::vector<Step> out;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('[')) inside = line == '[' + scenario + ']';
        else if (inside && line.starts_with("> ")) out.push_back({line.substr(2), {}});
        else if (inside && !line.empty()) out.back().calls.push_back(line);
    }
    return out;
}

/// A health report comes when it comes, and the index is asked for a path's data by the miner's own questions too.
std::vector<std::string> storageCalls(const test::MemorySectorIndex& index) {
    std::vector<std::string> out;
    for (const std::string& call : index.calls())
        if (!call.starts_with("StorageReportHealth") && !call.starts_with("StorageInfo") && !call.starts_with("StorageAttach")) out.push_back(call);
    return out;
}

} // namespace

class StorageCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theIndexIsAskedAsByLotus_data() {
        QTest::addColumn<QString>("scenario");
        for (const char* scenario : {"life-cc", "life-data", "worker-store", "two-workers"}) QTest::newRow(scenario) << QString::fromLatin1(scenario);
    }
    void theIndexIsAskedAsByLotus() {
        QFETCH(QString, scenario);
        const auto steps = recordedSteps(scenario.toStdString());
        QVERIFY(steps.size() > 5);
        test::Bench bench;
        test::makeStoragePath(bench.sealing(), test::kSealingId, true, false);
        test::makeStoragePath(bench.store(), test::kStoreId, false, true);
        auto& store = bench.makeLocal();
        QVERIFY(store.openPath(bench.sealing(), false, {}).hasValue());
        tests::NotingEngine engine;
        int compared = 0;
        for (const Step& step : steps) {
            bench.index.forgetCalls();
            const auto space = step.what.find(' ');
            const std::string method = step.what.substr(0, space);
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
                QVERIFY2(result.hasValue(), qPrintable(QString::fromStdString(step.what.substr(0, 60)) + tests::messageOf(result)));
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
