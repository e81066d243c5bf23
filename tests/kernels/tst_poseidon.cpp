// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernel_test.h"
#include "kernels/poseidon/poseidon.h"

using namespace lsw;

class TestPoseidon : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWantedOneIsInUse();
    void randomNodesGiveWhatTheDefinitionGives_data();
    void randomNodesGiveWhatTheDefinitionGives();
    void edgeValuesGiveWhatTheDefinitionGives_data() { arities(); }
    void edgeValuesGiveWhatTheDefinitionGives();
    void columnsAndTreesAreTheSameCall();
    void unalignedBuffersGiveTheSame();
    void nothingIsWrittenBeyondTheEnd();

private:
    static void arities() {
        QTest::addColumn<int>("arity");
        for (const int arity : {2, 4, 8, 11}) QTest::addRow("arity %d", arity) << arity;
    }
    static std::vector<std::uint8_t> hashed(std::size_t arity, const std::vector<std::uint8_t>& nodes) {
        std::vector<const std::uint8_t*> at;
        for (std::size_t j = 0; j < arity; ++j) at.push_back(nodes.data() + 32 * j);
        std::vector<std::uint8_t> out(nodes.size() / arity);
        kernels::poseidonBatch().chosen().function.of(arity)(at.data(), 32 * arity, out.data(), out.size() / 32);
        return out;
    }
    static std::vector<std::uint8_t> defined(std::size_t arity, const std::vector<std::uint8_t>& nodes) {
        std::vector<std::uint8_t> out(nodes.size() / arity);
        for (std::size_t i = 0; i < out.size() / 32; ++i) kernels::poseidonHash({nodes.data() + 32 * arity * i, 32 * arity}, out.data() + 32 * i);
        return out;
    }
};

void TestPoseidon::theWantedOneIsInUse() {
    const auto wanted = QString::fromUtf8(qgetenv("LSW_KERNEL")).section(QLatin1Char(':'), 1);
    QVERIFY(kernels::checkForcedKernels());
    const std::string_view name = kernels::poseidonBatch().chosen().name;
    QCOMPARE(QString::fromUtf8(name.data(), static_cast<int>(name.size())), wanted);
}

void TestPoseidon::randomNodesGiveWhatTheDefinitionGives_data() {
    QTest::addColumn<int>("arity");
    QTest::addColumn<int>("count");
    for (const int arity : {2, 4, 8, 11})
        for (const int count : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 31, 33}) QTest::addRow("arity %d, %d hashes", arity, count) << arity << count;
}

void TestPoseidon::randomNodesGiveWhatTheDefinitionGives() {
    QFETCH(int, arity);
    QFETCH(int, count);
    auto random = test::seeded();
    auto nodes = test::randomBytes(random, 32 * static_cast<std::size_t>(arity * count));
    for (std::size_t i = 31; i < nodes.size(); i += 32) nodes[i] &= 0x3f;
    QCOMPARE(hashed(static_cast<std::size_t>(arity), nodes), defined(static_cast<std::size_t>(arity), nodes));
}

void TestPoseidon::edgeValuesGiveWhatTheDefinitionGives() {
    QFETCH(int, arity);
    // 0, 1, r - 1, r - 2, all limbs full below the order, single bits: every combination of two of them in turn.
    std::vector<std::array<std::uint8_t, 32>> edges(1);
    edges.push_back({1});
    edges.push_back({0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0x02, 0xa4, 0xbd, 0x53,
                     0x05, 0xd8, 0xa1, 0x09, 0x08, 0xd8, 0x39, 0x33, 0x48, 0x7d, 0x9d, 0x29, 0x53, 0xa7, 0xed, 0x73});
    edges.push_back(edges[2]);
    edges[3][0] = 0xff, edges[3][1] = edges[3][2] = edges[3][3] = 0xff, edges[3][4] = 0xfe;
    std::array<std::uint8_t, 32> full;
    full.fill(0xff);
    full[31] = 0x72;
    edges.push_back(full);
    for (std::size_t bit = 50; bit < 254; bit += 51) {
        std::array<std::uint8_t, 32> one{};
        one[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
        edges.push_back(one);
    }
    std::vector<std::uint8_t> nodes;
    for (std::size_t a = 0; a < edges.size(); ++a)
        for (std::size_t b = 0; b < edges.size(); ++b)
            for (int j = 0; j < arity; ++j) {
                const auto& edge = edges[j % 2 == 0 ? a : b];
                nodes.insert(nodes.end(), edge.begin(), edge.end());
            }
    QCOMPARE(hashed(static_cast<std::size_t>(arity), nodes), defined(static_cast<std::size_t>(arity), nodes));
}

void TestPoseidon::columnsAndTreesAreTheSameCall() {
    auto random = test::seeded();
    constexpr std::size_t kCount = 21;
    std::vector<std::vector<std::uint8_t>> layers;
    std::vector<const std::uint8_t*> at;
    for (int j = 0; j < 11; ++j) {
        layers.push_back(test::randomBytes(random, 32 * kCount));
        for (std::size_t i = 31; i < layers.back().size(); i += 32) layers.back()[i] &= 0x3f;
    }
    std::vector<std::uint8_t> rows;
    for (const auto& layer : layers) at.push_back(layer.data());
    for (std::size_t i = 0; i < kCount; ++i)
        for (const auto& layer : layers) rows.insert(rows.end(), layer.begin() + static_cast<std::ptrdiff_t>(32 * i), layer.begin() + static_cast<std::ptrdiff_t>(32 * i + 32));
    std::vector<std::uint8_t> out(32 * kCount);
    kernels::poseidonBatch().chosen().function.arity11(at.data(), 32, out.data(), kCount);
    QCOMPARE(out, hashed(11, rows));
}

void TestPoseidon::unalignedBuffersGiveTheSame() {
    auto random = test::seeded();
    constexpr std::size_t kArity = 8, kCount = 13;
    auto nodes = test::randomBytes(random, 32 * kArity * kCount);
    for (std::size_t i = 31; i < nodes.size(); i += 32) nodes[i] &= 0x3f;
    const auto expected = hashed(kArity, nodes);
    for (std::size_t shift = 1; shift < 8; ++shift) {
        std::vector<std::uint8_t> in(nodes.size() + shift), out(expected.size() + shift);
        std::copy(nodes.begin(), nodes.end(), in.begin() + static_cast<std::ptrdiff_t>(shift));
        std::vector<const std::uint8_t*> at;
        for (std::size_t j = 0; j < kArity; ++j) at.push_back(in.data() + shift + 32 * j);
        kernels::poseidonBatch().chosen().function.arity8(at.data(), 32 * kArity, out.data() + shift, kCount);
        QVERIFY(std::equal(expected.begin(), expected.end(), out.begin() + static_cast<std::ptrdiff_t>(shift)));
    }
}

void TestPoseidon::nothingIsWrittenBeyondTheEnd() {
    for (const std::size_t count : {1U, 5U, 8U, 13U, 16U, 20U}) {
        const std::vector<std::uint8_t> nodes(32 * 8 * count);
        std::vector<const std::uint8_t*> at;
        for (std::size_t j = 0; j < 8; ++j) at.push_back(nodes.data() + 32 * j);
        std::vector<std::uint8_t> out(32 * count + 64, 0xa5);
        kernels::poseidonBatch().chosen().function.arity8(at.data(), 256, out.data(), count);
        QVERIFY(std::all_of(out.end() - 64, out.end(), [](std::uint8_t byte) { return byte == 0xa5; }));
    }
}

LSW_KERNEL_TEST_MAIN(TestPoseidon, kernels::poseidonBatch())
#include "tst_poseidon.moc"
