// SPDX-License-Identifier: MIT OR Apache-2.0
#include "control_calls.h"
#include "support/test_paths.h"

#include <set>

using namespace lsw;
using namespace lsw::test;

namespace {

/// A sector of zeros on the worker's path, and its PC1.
protocol::TaskCall zeroPreCommit1(const Stage& stage, std::uint64_t number) {
    layUnsealed(stage, number);
    fs::path file = stage.at("worker") / "unsealed" / ("s-t01000-" + std::to_string(number));
    std::ofstream(file, std::ios::binary) << std::string(2048, '\0');
    auto call = std::get<protocol::SealPreCommit1Call>(preCommit1(number));
    call.ticket = Bytes(32, static_cast<std::uint8_t>(number));
    const auto zeros = bytes32FromHex("fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833", "CommD");
    call.pieces[0].commitment = *zeros;
    return call;
}

} // namespace

/// A miner that has several PC1 done at once, by real provers.
class TestWorkerBatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void severalSectorsAreLabelledTogetherAndReturnedEach() {
        Stage stage;
        auto settings = stage.settings();
        settings.prover.folder = lsw::test::kProgramFolder;
        settings.preCommit1Batch = "4";
        std::vector<protocol::TaskCall> calls;
        for (std::uint64_t number = 1; number <= 4; ++number) calls.push_back(zeroPreCommit1(stage, number));
        std::get<protocol::SealPreCommit1Call>(calls[2]).pieces[0].commitment[0] ^= 1; // is said to hold other data
        stage.startWorker(settings);
        QTRY_VERIFY_WITH_TIMEOUT(stage.connected(), kWait);
        QVERIFY(stage.worker->view().preCommit1Batch.starts_with("up to 4 at once on a core, which labels "));
        for (const auto& call : calls) give(stage, call);
        QTRY_COMPARE_WITH_TIMEOUT(stage.returns.size(), std::size_t{4}, kWait);
        QCOMPARE(stage.refusals.size(), std::size_t{0});
        std::set<std::string> outputs;
        for (const auto& one : stage.returns) {
            QVERIFY(stage.returnedOnce(one.id.uuid));
            if (one.id.sector.number == 3) {
                QVERIFY(one.error && one.error->message.find("do not match") != std::string::npos);
                QVERIFY2(one.error->message.find("pc1_batch") != std::string::npos, one.error->message.c_str()); // it was one of a batch
                continue;
            }
            QVERIFY2(!one.error, one.error ? one.error->message.c_str() : "");
            const fs::path cache = stage.at("worker") / "cache" / ("s-t01000-" + std::to_string(one.id.sector.number));
            std::ifstream layer(cache / "sc-02-data-layer-2.dat", std::ios::binary);
            outputs.insert(std::string(std::istreambuf_iterator<char>(layer), {}));
            QCOMPARE(outputs.rbegin()->size(), std::size_t{2048});
            QVERIFY(!fs::exists(cache / "lsw-checkpoint-pc1"));
        }
        QCOMPARE(outputs.size(), std::size_t{3}); // each its own
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().finished.size(), std::size_t{4}, kWait);
        for (const TaskView& task : stage.worker->view().finished) QVERIFY(task.peakMemory > 0 || task.state == TaskState::Failed);
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker->view().cpusUsed, 0, kWait);
    }
};

QTEST_GUILESS_MAIN(TestWorkerBatch)
#include "tst_worker_batch.moc"
