// SPDX-License-Identifier: MIT OR Apache-2.0
#include <openssl/evp.h>

#include <QtTest/QtTest>

#include "proofs/native/drg_graph.h"

using namespace lsw;
using proofs::DrgGraph;

/// Parents against digests and samples that the official code gave.
class TestDrgGraph : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wholeGraphsAreTheOfficialOnes_data();
    void wholeGraphsAreTheOfficialOnes();
    void samplesOfTheLargeGraphsAreTheOfficialOnes_data();
    void samplesOfTheLargeGraphsAreTheOfficialOnes();
    void theLastNodeOfALargeGraphIsTheOfficialOne();

private:
    static QByteArray digest(const DrgGraph& graph, std::uint64_t first, std::uint64_t step, std::uint64_t count) {
        EVP_MD_CTX* context = EVP_MD_CTX_new();
        EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
        std::array<std::uint32_t, DrgGraph::kDegree> parents;
        for (std::uint64_t i = 0; i < count; ++i) {
            graph.parents(first + i * step, parents);
            EVP_DigestUpdate(context, parents.data(), sizeof parents);
        }
        QByteArray out(32, '\0');
        EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()), nullptr);
        EVP_MD_CTX_free(context);
        return out.toHex();
    }
    static DrgGraph graphOf(int proof) { return DrgGraph(**sector::proofInfo(sector::SealProof{proof})); }
};

void TestDrgGraph::wholeGraphsAreTheOfficialOnes_data() {
    QTest::addColumn<int>("proof");
    QTest::addColumn<QByteArray>("sha256");
    QTest::newRow("2 KiB, V1") << 0 << QByteArray("3da49221e2ed55371b86d0bf3d6526fcf128af61bed904f966428db1b531750d");
    QTest::newRow("2 KiB, V1_1") << 5 << QByteArray("840057702eea7652cf97e04306c30fe57174714d90de156a25eddd6075c25b97");
    QTest::newRow("8 MiB, V1") << 1 << QByteArray("a76604f2f59f2744c7151653bbb1d8596b6b57d295e6fa6c1f0c41d725b502ce");
    QTest::newRow("8 MiB, V1_1") << 6 << QByteArray("03cd13565ded97c240a5f52e54295ad127bd0461b57904cb3a4d79b097bbecab");
}

void TestDrgGraph::wholeGraphsAreTheOfficialOnes() {
    QFETCH(int, proof);
    const DrgGraph graph = graphOf(proof);
    QTEST(digest(graph, 0, 1, graph.nodes()), "sha256");
}

void TestDrgGraph::samplesOfTheLargeGraphsAreTheOfficialOnes_data() {
    QTest::addColumn<int>("proof");
    QTest::addColumn<QByteArray>("beginning"); // nodes 0 … 99,999
    QTest::addColumn<QByteArray>("spread");    // nodes k·(N/100000)+7
    QTest::newRow("32 GiB, V1") << 3 << QByteArray("73ea94371b279fff1062bba1876cbc226af3b2c7616c91277d1738ec6d7983ed")
                                << QByteArray("ea8a9866cda6bab1d8ee4c8cc2c5445c8df116c1b14ffb53e9f4e19a4e45b4cf");
    QTest::newRow("32 GiB, V1_1") << 8 << QByteArray("9767889ec94d37a1d24b606d53a825db4fe25a7372037718944959a7d73966c5")
                                  << QByteArray("b13166a071c5de9fefbddddc2408d01596dba0aaef8b462535b2fa0a1d6000d6");
    QTest::newRow("32 GiB, Synth") << 13 << QByteArray("f29313271ce4843f104733b2e749a9d7187e7966850d0da4e86352e54e17a84e")
                                   << QByteArray("b87df1a0392f7adbad6963825259436a8c30b5efcf745cde1cd7d3a33fb0b413");
    QTest::newRow("32 GiB, NI") << 18 << QByteArray("b35b0616d2d8809044bf4733955acfb0d83a6a30c86f0aa16ad0db42b4ba47f1")
                                << QByteArray("441afc6cc331ca3fd64f0e71f9270f662ffcdc446d00fad6c5e2043755c845be");
    QTest::newRow("64 GiB, V1") << 4 << QByteArray("4f6c7f094ae0dd4e86208e14905a84c9ce247d0584b58fefccea4d2e8795c17a")
                                << QByteArray("96789bde3639060f4621351d5d571c71be570c635ecea15efb57ca8f1f5c5bc9");
    QTest::newRow("64 GiB, V1_1") << 9 << QByteArray("830c7bbcbfa75a493af89a7fe2631fb4898a5477e8633033c58ccc3c20eba25a")
                                  << QByteArray("f1357aae8b56da1089c8156ceb3374c9759915832774e9760760b71c341bf5be");
    QTest::newRow("64 GiB, Synth") << 14 << QByteArray("c3592f861cbfaaa0e75be3a594e324eab2faf36657044885c0811e719f9f7952")
                                   << QByteArray("575879cd9d7cb79effe25cf8534b6f7077e911d65d9ba7f9e4371ffe78959d00");
}

void TestDrgGraph::samplesOfTheLargeGraphsAreTheOfficialOnes() {
    QFETCH(int, proof);
    const DrgGraph graph = graphOf(proof);
    QTEST(digest(graph, 0, 1, 100000), "beginning");
    QTEST(digest(graph, 7, graph.nodes() / 100000, 100000), "spread");
}

void TestDrgGraph::theLastNodeOfALargeGraphIsTheOfficialOne() {
    std::array<std::uint32_t, DrgGraph::kDegree> parents;
    graphOf(8).parents(1073741823, parents);
    const std::array<std::uint32_t, 14> newer{1073741822, 1073258530, 440642413, 663190843, 1073741654, 1073741786, 307718517,
                                              715446084,  558280128,  265147410, 110937796, 626719228,  201839602,  653041812};
    QCOMPARE(parents, newer);
    // The first version truncates: all of its expander parents are below 2^29.
    graphOf(3).parents(1073741823, parents);
    const std::array<std::uint32_t, 14> older{1073717791, 1073729651, 356271464, 1073741667, 1073518238, 1073741822, 195269793,
                                              55928625,   117716005,  370196974, 457529501,  256849605,  282938428,  400621728};
    QCOMPARE(parents, older);
}

QTEST_GUILESS_MAIN(TestDrgGraph)
#include "tst_drg_graph.moc"
