// SPDX-License-Identifier: MIT OR Apache-2.0
// A worker's parameters come in the background; tasks that prove wait for theirs, others do not.
#include "params/naughty_gateway.h"
#include "params/parameter_set.h"
#include "worker/parameter_supply.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::test;
using lsw::worker::ParameterSupply;

namespace {

constexpr int kWait = 30000;
constexpr const char *kC2 = "seal/v0/commit/2", *kUpdate = "seal/v0/provereplicaupdate/2", *kPc1 = "seal/v0/precommit/1";

} // namespace

class ParameterSupplyTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    ParameterSet m_set{{3000, 4000}, {200000, 300000}, 5};

    std::filesystem::path folder() const { return m_dir->path().toStdString() + "/parameters"; }
    /// The first half proves sealing, the second half updates.
    std::vector<params::ParameterFile> manifest() const {
        auto files = m_set.manifest;
        for (std::size_t i = 0; i < files.size(); ++i) {
            files[i].sectorSize = sector::PaddedBytes{2048};
            files[i].circuit = i % 2 == 0 ? params::Circuit::PoRep : params::Circuit::SnapUpdate;
        }
        return files;
    }
    ParameterSupply::Settings settings(int retryMs = 50) const { return {folder(), manifest(), retryMs}; }
    static std::string reasonOf(const ParameterSupply& supply, const char* type) {
        const auto reason = supply.whyNot(type);
        return reason ? reason->key + ": " + reason->detail : std::string();
    }

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void cleanup() { qunsetenv("IPFS_GATEWAY"); }

    void tasksSayWhatTheyProveWith() {
        const auto circuits = worker::circuitsOf({kPc1, kUpdate, "seal/v0/finalize", kC2});
        QCOMPARE(circuits, (std::vector<params::Circuit>{params::Circuit::PoRep, params::Circuit::SnapUpdate}));
        QVERIFY(worker::circuitsOf({kPc1, "seal/v0/precommit/2"}).empty());
        QCOMPARE(worker::circuitsOf({"post/v0/windowproof"}), std::vector<params::Circuit>{params::Circuit::WindowPost});
    }
    void whatIsMissingComesAndWhoWaitsIsTold() {
        NaughtyGateway server(m_set.byCid);
        qputenv("IPFS_GATEWAY", QByteArray::fromStdString(server.address()));
        ParameterSupply supply(settings());
        QVERIFY(reasonOf(supply, kC2).empty()); // nobody said yet what is needed
        supply.need(sector::PaddedBytes{2048}, worker::circuitsOf({kC2, kUpdate}));
        QVERIFY2(reasonOf(supply, kC2).starts_with("params: proof parameters: "), reasonOf(supply, kC2).c_str());
        QVERIFY(!reasonOf(supply, kUpdate).empty() && reasonOf(supply, kPc1).empty());
        QTRY_VERIFY_WITH_TIMEOUT(reasonOf(supply, kC2).empty() && reasonOf(supply, kUpdate).empty(), kWait);
        for (std::size_t i = 0; i < m_set.manifest.size(); ++i) QVERIFY(contentOf(folder() / m_set.manifest[i].name) == m_set.bytesOf(i));
        // The next start asks nobody.
        const int requests = server.requests();
        ParameterSupply again(settings());
        again.need(sector::PaddedBytes{2048}, worker::circuitsOf({kC2, kUpdate}));
        QTRY_VERIFY_WITH_TIMEOUT(reasonOf(again, kC2).empty(), kWait);
        QCOMPARE(server.requests(), requests);
    }
    void aFailureIsToldAndTriedAgain() {
        std::atomic<bool> isDown = true;
        NaughtyGateway server(m_set.byCid, [&](const std::string&, std::uint64_t) { return isDown ? Fault::Forbidden : Fault::None; });
        qputenv("IPFS_GATEWAY", QByteArray::fromStdString(server.address()));
        ParameterSupply supply(settings());
        supply.need(sector::PaddedBytes{2048}, {params::Circuit::PoRep});
        QTRY_VERIFY_WITH_TIMEOUT(reasonOf(supply, kC2).find("cannot be fetched now") != std::string::npos, kWait);
        QVERIFY2(reasonOf(supply, kC2).find("403") != std::string::npos, reasonOf(supply, kC2).c_str());
        isDown = false;
        QTRY_VERIFY_WITH_TIMEOUT(reasonOf(supply, kC2).empty(), kWait);
    }
    void anotherNeedTakesTheOldOnesPlace() {
        NaughtyGateway server(m_set.byCid);
        server.rate = 1000; // minutes
        qputenv("IPFS_GATEWAY", QByteArray::fromStdString(server.address()));
        ParameterSupply supply(settings());
        supply.need(sector::PaddedBytes{2048}, {params::Circuit::PoRep, params::Circuit::SnapUpdate});
        QTRY_VERIFY_WITH_TIMEOUT(server.requests() > 0, kWait);
        supply.need(sector::PaddedBytes{2048}, {});
        QVERIFY(reasonOf(supply, kC2).empty() && reasonOf(supply, kUpdate).empty());
        QCoreApplication::processEvents();
        QVERIFY(reasonOf(supply, kC2).empty());
    } // and ends at once, in the middle of a fetch
};

QTEST_GUILESS_MAIN(ParameterSupplyTest)
#include "tst_parameter_supply.moc"
