// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/replica_commitment.h"
#include "support/test_paths.h"

#include <fstream>

#include <QtTest/QtTest>
#include <boost/json.hpp>

using namespace lsw;

namespace {

Bytes32 fromHexText(std::string_view text) {
    const auto bytes = fromHex(text);
    Bytes32 out{};
    if (bytes && bytes->size() == 32) std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

std::string readFile(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

class ReplicaCommitmentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theVectorOfLotus() {
        const auto commR = proofs::replicaCommitment(fromHexText("091e073b982f66f013c026da6e54d87dbf8bba848ef57a5529c7e7f72c828843"),
                                                     fromHexText("f0c5785c6c8cf62d968b1ecd68edb9d91eb9445c7858a60026f8826860f7e768"));
        QVERIFY(commR);
        QCOMPARE(QString::fromStdString(toHex(*commR)), QStringLiteral("e674d19e6ce7fcf33bbfd9b343a0ceb12d2831d1da543161891ebccad2c6db01"));
    }
    void theRootsOfOfficialSectors_data() {
        QTest::addColumn<QString>("sector");
        for (const char* name : {"2KiB-V1-pattern", "2KiB-V1_1-pattern", "2KiB-V1_1-zero", "2KiB-Synth-pattern", "2KiB-NI-pattern"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void theRootsOfOfficialSectors() {
        QFETCH(QString, sector);
        const std::string folder = std::string(lsw::test::kTestData) + "/sectors/" + sector.toStdString();
        const std::string roots = readFile(folder + "/cache/p_aux");
        QCOMPARE(roots.size(), std::size_t(64));
        Bytes32 commC{}, commRLast{};
        std::copy_n(roots.begin(), 32, commC.begin());
        std::copy_n(roots.begin() + 32, 32, commRLast.begin());
        const auto commR = proofs::replicaCommitment(commC, commRLast);
        QVERIFY(commR);
        const auto pc2 = boost::json::parse(readFile(folder + "/pc2.json"));
        Bytes32 wanted{};
        const auto& list = pc2.at("comm_r").as_array();
        QCOMPARE(list.size(), std::size_t(32));
        for (std::size_t i = 0; i < 32; ++i) wanted[i] = static_cast<std::uint8_t>(list[i].to_number<int>());
        QCOMPARE(QString::fromStdString(toHex(*commR)), QString::fromStdString(toHex(wanted)));
    }
    void whatIsNoFieldElementIsRefused() {
        Bytes32 order = fromHexText("01000000fffffffffe5bfeff02a4bd5305d8a10908d83933487d9d2953a7ed73");
        QCOMPARE(proofs::replicaCommitment(order, {}).error().code(), ErrorCode::Corrupt);
        order[0] = 0;
        QVERIFY(proofs::replicaCommitment({}, order));
        Bytes32 all;
        all.fill(0xff);
        QCOMPARE(proofs::replicaCommitment({}, all).error().code(), ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(ReplicaCommitmentTest)
#include "tst_replica_commitment.moc"
