// SPDX-License-Identifier: MIT OR Apache-2.0
#include <cstdlib>

#include <QtCore/QDir>

#include "protocol/recorded_traffic.h"
#include "tasks/isolated_engine.h"
#include "tasks/post_tasks.h"
#include "tasks/task_bench.h"

using namespace lsw;
using namespace lsw::tests;

namespace {

std::filesystem::path parameterFolder() {
    if (const char* own = std::getenv("LSW_TEST_PARAMETERS")) return own;
    const char* xdg = std::getenv("XDG_CACHE_HOME");
    const std::filesystem::path caches = xdg && *xdg ? std::filesystem::path(xdg) : std::filesystem::path(QDir::homePath().toStdString()) / ".cache";
    return caches / "lotus-seal-worker" / "test-parameters";
}

} // namespace

/// The proofs that a miner asked stock workers for, which had no parameters then: made, and accepted by the official verifier.
class RecordedPostTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theProofsAMinerAskedForHold() {
        TaskBench bench;
        tasks::ProverSettings settings;
        settings.scratch = bench.folder() / "scratch";
        settings.parentCache = bench.folder() / "parents";
        settings.parameterCache = parameterFolder();
        std::filesystem::create_directories(parameterFolder());
        tasks::IsolatedEngine engine(settings);
        for (const Circuit circuit : {Circuit::WinningPost, Circuit::WindowPost}) {
            const auto made = engine.testParameters({{2048}, circuit}, {});
            QVERIFY2(made, made ? "" : made.error().message().c_str());
        }
        // The sector of the recording: zeros, and its ticket.
        const auto run = [&](const TaskCall& call) { return tasks::runTask(call, TaskBench::zeros(), {engine, bench.store}, {}); };
        const auto piece = run(AddPieceCall{bench.sectorRef, {}, 2032, {"null", "2032"}});
        QVERIFY2(piece, qPrintable(messageOf(piece)));
        Bytes ticket;
        for (int i = 0; i < 8; ++i) ticket.insert(ticket.end(), {9, 8, 7, 6});
        const auto phase1 = run(SealPreCommit1Call{bench.sectorRef, ticket, {std::get<PieceInfo>(*piece)}});
        QVERIFY2(phase1, qPrintable(messageOf(phase1)));
        const auto phase2 = run(SealPreCommit2Call{bench.sectorRef, std::get<Bytes>(*phase1)});
        QVERIFY2(phase2, qPrintable(messageOf(phase2)));
        const Commitment commR = std::get<SectorCids>(*phase2).sealed;

        const tasks::PostTools tools{engine, bench.store, 2, std::chrono::milliseconds(0)};
        int windows = 0, winnings = 0;
        for (const test::Exchange& exchange : test::recordedExchanges()) {
            if (!exchange.method.ends_with("PoSt")) continue;
            const std::string method = exchange.method.substr(9);
            const Json request = *parseGoJson(exchange.request);
            const auto call = decodePostCall(method, request.get_object().at("params").get_array());
            QVERIFY(call);
            if (call->sectors.at(0).sectorNumber != 1) continue; // nobody had that one
            QVERIFY(call->sectors[0].sealedCid == commR);
            Bytes32 randomness{};
            std::copy(call->randomness.begin(), call->randomness.end(), randomness.begin());
            Bytes proof;
            if (method == "GenerateWindowPoSt") {
                const auto made = tasks::windowPost(*call, tools, {});
                QVERIFY2(made, made ? "" : made.error().message().c_str());
                QVERIFY(made->skipped.empty());
                proof = made->proof.bytes;
                ++windows;
            } else {
                const auto made = tasks::winningPost(*call, tools, {});
                QVERIFY2(made, made ? "" : made.error().message().c_str());
                proof = made->at(0).bytes;
                ++winnings;
            }
            QCOMPARE(proof.size(), std::size_t(192));
            VerifyPostOrder order{call->proof, call->miner, randomness, {{1, commR}}, proof};
            const auto holds = engine.verifyPost(order, {});
            QVERIFY2(holds, holds ? "" : holds.error().message().c_str());
            QVERIFY(*holds);
            order.randomness[0] ^= 1; // not for another day
            const auto other = engine.verifyPost(order, {});
            QVERIFY(!other || !*other);
        }
        QCOMPARE(windows, 1);
        QCOMPARE(winnings, 1);
    }
};

QTEST_GUILESS_MAIN(RecordedPostTest)
#include "tst_recorded_post.moc"
