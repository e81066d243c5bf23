// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/raw_client.h"
#include "support/gate.h"
#include "support/running_worker.h"

#include "base/bytes.h"
#include "support/test_paths.h"

#include <openssl/evp.h>

#include <thread>

#include <QtTest/QTest>

// A real worker process under what is large: orders of C2, results of C1, pushed pieces. Its memory is what the system says it was at most.
using namespace lsw;
using lsw::test::kProgramWait;
using lsw::test::RawClient;
using lsw::test::RunningWorker;

namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::size_t kRaw = 48 * kMiB; ///< 64 MiB in base64
constexpr const char* kUuid = "01234567-89ab-4cde-8f01-23456789abcd";

// Under a sanitizer most memory is its own: what a worker takes is not asked then.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsOurs = false;
#else
constexpr bool kMemoryIsOurs = true;
#endif

/// Peak resident memory of the process in bytes.
std::uint64_t peakOf(qint64 pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    std::string word;
    while (status >> word) {
        if (word != "VmHWM:") continue;
        std::uint64_t kib = 0;
        status >> kib;
        return kib * 1024;
    }
    return 0;
}

std::string sizeText(std::uint64_t bytes) { return std::to_string(bytes / kMiB) + " MiB"; }

/// A miner, a worker process, and the prover's gate.
class Stage {
public:
    Stage() : gate(gateFile()), worker(lsw::test::kGatedProverFolder) {
        worker.variables[QStringLiteral("GATED_PROVER_GATE")] = QString::fromStdString(gate.path().string());
    }
    std::filesystem::path own() const { return worker.at("worker") / "lotus-seal-worker"; }
    std::size_t spooled() const {
        std::error_code ignored;
        std::size_t count = 0;
        for (std::filesystem::directory_iterator it(own() / "spool", ignored), end; !ignored && it != end; it.increment(ignored)) ++count;
        return count;
    }
    std::uint64_t journalBytes() const {
        std::error_code ignored;
        std::uint64_t total = 0;
        for (const char* name : {"calls.sqlite", "calls.sqlite-wal"}) {
            const auto size = std::filesystem::file_size(own() / name, ignored);
            if (!ignored) total += size;
        }
        return total;
    }
    /// Asks for a C2 as the miner does, with an output of `kRaw` bytes made up on the way; the status and body of the answer.
    RawClient::Reply commit2(std::uint64_t sector) const {
        const std::string token = worker.miner->workerToken();
        RawClient client(worker.port());
        const std::string begin = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.SealCommit2\",\"params\":[{\"ID\":{\"Miner\":1000,\"Number\":" + std::to_string(sector) +
                                  "},\"ProofType\":5},\"";
        const std::string end = "\"]}", block = toBase64(Bytes(3 * 65536, 'c'));
        const std::size_t blocks = kRaw / (3 * 65536);
        client.send("POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(begin.size() + blocks * block.size() + end.size()) + "\r\n\r\n" + begin);
        for (std::size_t i = 0; i < blocks; ++i)
            if (!client.send(block)) return {};
        client.send(end);
        return client.readReply();
    }

    QTemporaryDir folder;
    test::Gate gate;
    RunningWorker worker;

private:
    std::filesystem::path gateFile() const { return std::filesystem::path(folder.path().toStdString()) / "gate"; }
};

} // namespace

class TestLargeCalls : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// 200 MB and three times the largest body is what the process may need; six such bodies come, three at a time.
    void ordersOfCommit2DoNotPileUpInMemory() {
        Stage stage;
        stage.worker.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.worker.connected(), kProgramWait);
        const std::uint64_t before = peakOf(stage.worker.process.processId());
        const auto replies = RunningWorker::aside([&] {
            std::vector<RawClient::Reply> out(6);
            std::vector<std::thread> senders;
            for (std::size_t i = 0; i < 3; ++i)
                senders.emplace_back([&, i] {
                    out[i] = stage.commit2(i + 1);
                    out[i + 3] = stage.commit2(i + 4);
                });
            for (auto& one : senders) one.join();
            return out;
        });
        for (const auto& reply : replies) QVERIFY2(reply.status == 200 && reply.body.find("\"ID\":\"") != std::string::npos, reply.body.c_str());
        // While they wait and run, the inputs are files that the journal names.
        QCOMPARE(stage.spooled(), std::size_t{6});
        QVERIFY2(stage.journalBytes() < 4 * kMiB, sizeText(stage.journalBytes()).c_str());
        stage.gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker.returns.size(), std::size_t{6}, 2 * kProgramWait);
        for (const auto& one : stage.worker.returns) QVERIFY2(!one.error, one.error ? one.error->message.c_str() : "");
        QTRY_COMPARE_WITH_TIMEOUT(stage.spooled(), std::size_t{0}, kProgramWait);
        const std::uint64_t peak = peakOf(stage.worker.process.processId());
        qInfo("peak %s, before the calls %s", sizeText(peak).c_str(), sizeText(before).c_str());
        QVERIFY2(!kMemoryIsOurs || peak < 200 * kMiB + 3 * 64 * kMiB, sizeText(peak).c_str());
        QVERIFY2(!kMemoryIsOurs || peak - before < 64 * kMiB, "not even one body is gathered in memory");
    }

    void anInputOfAWorkerThatWasKilledIsRemovedByTheNextStart() {
        Stage stage;
        stage.worker.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.worker.connected(), kProgramWait);
        const auto reply = RunningWorker::aside([&] { return stage.commit2(1); });
        QCOMPARE(reply.status, 200);
        QCOMPARE(stage.spooled(), std::size_t{1});
        stage.worker.process.kill();
        QVERIFY(stage.worker.process.waitForFinished(kProgramWait));
        stage.gate.open();
        stage.worker.start();
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker.returns.size(), std::size_t{1}, kProgramWait);
        QVERIFY(stage.worker.returns[0].error);
        QCOMPARE(stage.worker.returns[0].error->code, 101);
        QTRY_COMPARE_WITH_TIMEOUT(stage.spooled(), std::size_t{0}, kProgramWait);
    }

    /// A result of 48 MiB, refused once, then kept over kill -9, arrives whole; the journal holds its name alone.
    void aLargeResultIsAFileUntilItIsReturned() {
        Stage stage;
        const auto folder = stage.worker.at("worker");
        std::filesystem::create_directories(folder / "sealed");
        std::filesystem::create_directories(folder / "cache" / "s-t01000-1");
        std::ofstream(folder / "sealed" / "s-t01000-1") << std::string(2048, 's');
        std::ofstream(folder / "cache" / "s-t01000-1" / "p_aux") << std::string(64, 'p');
        stage.worker.miner->faults().refuse["ReturnSealCommit1"] = 1000;
        stage.worker.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.worker.connected(), kProgramWait);
        std::ofstream(stage.gate.path()) << "bytes " << kRaw;
        protocol::SealCommit1Call call;
        call.sector = {{1000, 1}, sector::SealProof{5}};
        call.ticket = Bytes(32, 1);
        call.seed = Bytes(32, 2);
        call.pieces = {{sector::PaddedBytes{2048}, {}}};
        call.cids.sealed.fill(3);
        call.cids.unsealed.fill(4);
        stage.worker.call(call);
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker.ids.size(), std::size_t{1}, kProgramWait);
        stage.gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(!stage.worker.returnBodies.isEmpty(), kProgramWait);
        QCOMPARE(stage.spooled(), std::size_t{1});
        QVERIFY2(stage.journalBytes() < 4 * kMiB, sizeText(stage.journalBytes()).c_str());
        const std::uint64_t peak = peakOf(stage.worker.process.processId());
        qInfo("peak with a result of 64 MiB: %s", sizeText(peak).c_str());
        QVERIFY2(!kMemoryIsOurs || peak < 200 * kMiB + 3 * 64 * kMiB, sizeText(peak).c_str());

        stage.worker.process.kill();
        QVERIFY(stage.worker.process.waitForFinished(kProgramWait));
        stage.worker.miner->faults().refuse.clear();
        stage.worker.start();
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker.returns.size(), std::size_t{1}, kProgramWait);
        QVERIFY(!stage.worker.returns[0].error);
        QVERIFY(std::get<Bytes>(stage.worker.returns[0].value) == Bytes(kRaw, 'r'));
        QTRY_COMPARE_WITH_TIMEOUT(stage.spooled(), std::size_t{0}, kProgramWait);
        const std::uint64_t again = peakOf(stage.worker.process.processId());
        qInfo("peak of the process that only returned it: %s", sizeText(again).c_str());
        QVERIFY2(!kMemoryIsOurs || again < 120 * kMiB, sizeText(again).c_str());
    }

    void aResultWhoseFileIsGoneMakesTheMinerAskAgain() {
        Stage stage;
        const auto folder = stage.worker.at("worker");
        std::filesystem::create_directories(folder / "sealed");
        std::filesystem::create_directories(folder / "cache" / "s-t01000-1");
        std::ofstream(folder / "sealed" / "s-t01000-1") << std::string(2048, 's');
        stage.worker.miner->faults().refuse["ReturnSealCommit1"] = 1000;
        stage.worker.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.worker.connected(), kProgramWait);
        std::ofstream(stage.gate.path()) << "bytes " << 2 * kMiB;
        protocol::SealCommit1Call call;
        call.sector = {{1000, 1}, sector::SealProof{5}};
        call.ticket = Bytes(32, 1);
        call.pieces = {{sector::PaddedBytes{2048}, {}}};
        call.cids.sealed.fill(3);
        call.cids.unsealed.fill(4);
        stage.worker.call(call);
        stage.gate.open();
        QTRY_VERIFY_WITH_TIMEOUT(!stage.worker.returnBodies.isEmpty(), kProgramWait);
        stage.worker.process.kill();
        QVERIFY(stage.worker.process.waitForFinished(kProgramWait));
        std::filesystem::remove_all(stage.own() / "spool");
        stage.worker.miner->faults().refuse.clear();
        stage.worker.start();
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker.returns.size(), std::size_t{1}, kProgramWait);
        QVERIFY(stage.worker.returns[0].error);
        QCOMPARE(stage.worker.returns[0].error->code, 101);
    }

    /// 512 MiB (or what LSW_TEST_PIECE_GIB says) by HEAD and POST through the process into a prover, which takes the hash of what reaches it. Then a sender that breaks off.
    void aPushedPieceNeedsConstantMemory() {
        Stage stage;
        stage.gate.open();
        stage.worker.start();
        QTRY_VERIFY_WITH_TIMEOUT(stage.worker.connected(), kProgramWait);
        const std::uint64_t before = peakOf(stage.worker.process.processId());
        const int gib = qEnvironmentVariableIntValue("LSW_TEST_PIECE_GIB"); // by hand: 32
        const std::uint64_t piece = (gib > 0 ? static_cast<std::uint64_t>(gib) * 1024 : 512) * kMiB / 128 * 127;
        stage.worker.call(protocol::DataCidCall{piece, {"push", kUuid}});
        const std::string path = std::string(" /rpc/streams/v0/push/") + kUuid + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        Bytes32 hash{};
        const auto status = RunningWorker::aside([&] {
            RawClient head(stage.worker.port());
            head.send("HEAD" + path + "Content-Type: application/octet-stream\r\n\r\n");
            if (head.readReply(true).status != 200) return -1;
            RawClient post(stage.worker.port());
            post.send("POST" + path + "Transfer-Encoding: chunked\r\n\r\n");
            EVP_MD_CTX* context = EVP_MD_CTX_new();
            EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
            std::string block(kMiB, '\0');
            for (std::uint64_t sent = 0, round = 0; sent < piece; ++round) {
                for (std::size_t i = 0; i < block.size(); i += 64) block[i] = static_cast<char>(round * 31 + i / 64);
                const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(piece - sent, block.size()));
                char line[32];
                std::snprintf(line, sizeof line, "%zx\r\n", size);
                EVP_DigestUpdate(context, block.data(), size);
                if (!post.send(line) || !post.send({block.data(), size}) || !post.send("\r\n")) break;
                sent += size;
            }
            EVP_DigestFinal_ex(context, hash.data(), nullptr);
            EVP_MD_CTX_free(context);
            post.send("0\r\n\r\n");
            return post.readReply().status;
        });
        QCOMPARE(status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker.returns.size(), std::size_t{1}, 2 * kProgramWait);
        QVERIFY2(!stage.worker.returns[0].error, stage.worker.returns[0].error ? stage.worker.returns[0].error->message.c_str() : "");
        Bytes32 arrived = std::get<sector::PieceInfo>(stage.worker.returns[0].value).commitment;
        hash[31] &= 0x3f; // as a commitment is a field element
        QVERIFY(arrived == hash);
        const std::uint64_t peak = peakOf(stage.worker.process.processId());
        qInfo("peak %s, before the piece %s", sizeText(peak).c_str(), sizeText(before).c_str());
        QVERIFY2(!kMemoryIsOurs || peak - before < 64 * kMiB, sizeText(peak - before).c_str());

        stage.worker.call(protocol::DataCidCall{piece, {"push", kUuid}});
        RunningWorker::aside([&] {
            RawClient post(stage.worker.port());
            post.send("POST" + path + "Transfer-Encoding: chunked\r\n\r\n100000\r\n" + std::string(500000, 'x'));
            post.reset();
            return 0;
        });
        QTRY_COMPARE_WITH_TIMEOUT(stage.worker.returns.size(), std::size_t{2}, kProgramWait);
        QVERIFY(stage.worker.returns[1].error);
        QCOMPARE(QByteArray::fromStdString(stage.worker.returns[1].error->message),
                 QByteArray("pr read error: unexpected EOF [name: w1]: pr read error: unexpected EOF"));
    }
};

QTEST_GUILESS_MAIN(TestLargeCalls)
#include "tst_large_calls.moc"
