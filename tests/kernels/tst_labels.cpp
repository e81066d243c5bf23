// SPDX-License-Identifier: MIT OR Apache-2.0
#include <openssl/sha.h>

#include "kernel_test.h"
#include "kernels/labels/labels.h"

using namespace lsw;
using kernels::kParents;

/// Each implementation against the preimage written out and hashed by OpenSSL.
class TestLabels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWantedOneIsInUse();
    void labelsAreWhatOpenSslGives_data();
    void labelsAreWhatOpenSslGives();
    void aRunMayBeginAnywhere();
    void largeNodeNumbersAreHashedWhole();

private:
    using Bytes = std::vector<std::uint8_t>;
    static constexpr std::size_t kNodes = 96;

    static Bytes label(const std::uint8_t* id, std::uint32_t layer, std::uint64_t node, const std::uint32_t* parents, const Bytes& current, const Bytes& previous) {
        Bytes text(id, id + 32);
        for (int i = 3; i >= 0; --i) text.push_back(static_cast<std::uint8_t>(layer >> (8 * i)));
        for (int i = 7; i >= 0; --i) text.push_back(static_cast<std::uint8_t>(node >> (8 * i)));
        text.resize(64);
        for (std::size_t j = 0; node > 0 && j < 37; ++j) {
            const std::size_t which = j % (layer == 1 ? 6 : 14);
            const Bytes& from = which < 6 ? current : previous;
            const auto at = from.begin() + static_cast<std::ptrdiff_t>(32 * parents[which]);
            text.insert(text.end(), at, at + 32);
        }
        Bytes out(32);
        SHA256(text.data(), text.size(), out.data());
        out[31] &= 0x3f;
        return out;
    }
    static std::vector<std::uint32_t> graph(std::mt19937_64& random) {
        std::vector<std::uint32_t> parents(kNodes * kParents);
        for (std::size_t node = 1; node < kNodes; ++node)
            for (std::size_t j = 0; j < kParents; ++j)
                parents[kParents * node + j] = static_cast<std::uint32_t>(j == 0 ? node - 1 : random() % (j < 6 ? node : kNodes));
        return parents;
    }
    /// Storage aligned as the engine aligns it.
    struct Layer {
        explicit Layer(std::size_t bytes) : room(bytes + 64) {}
        std::uint8_t* data() { return room.data() + (64 - reinterpret_cast<std::uintptr_t>(room.data()) % 64) % 64; }
        Bytes room;
    };
};

void TestLabels::theWantedOneIsInUse() {
    const auto wanted = QString::fromUtf8(qgetenv("LSW_KERNEL")).section(QLatin1Char(':'), 1);
    QVERIFY(kernels::checkForcedKernels());
    const std::string_view name = kernels::labels().chosen().name;
    QCOMPARE(QString::fromUtf8(name.data(), static_cast<int>(name.size())), wanted);
}

void TestLabels::labelsAreWhatOpenSslGives_data() {
    QTest::addColumn<int>("sectors");
    for (const int sectors : {1, 2, 4, 16, 32}) QTest::addRow("%d sectors", sectors) << sectors;
}

void TestLabels::labelsAreWhatOpenSslGives() {
    QFETCH(int, sectors);
    const auto count = static_cast<std::size_t>(sectors);
    const auto function = kernels::labels().chosen().function.of(count);
    if (!function) QSKIP("this implementation does not label so many at once");
    auto random = test::seeded();
    const auto parents = graph(random);
    const auto ids = test::randomBytes(random, 32 * count);
    const kernels::LabelLayout layout{count};
    Layer a(kNodes * layout.bytesPerNode()), b(kNodes * layout.bytesPerNode());
    std::vector<Bytes> expected(count, Bytes(32 * kNodes)), before;
    for (std::uint32_t layer = 1; layer <= 11; ++layer) {
        std::swap(a.room, b.room);
        before = std::exchange(expected, std::vector<Bytes>(count, Bytes(32 * kNodes)));
        // In pieces, as the engine does it.
        for (std::size_t begin = 0; begin < kNodes; begin += 13)
            function({layer, begin, std::min<std::size_t>(13, kNodes - begin), parents.data() + kParents * begin, ids.data(), layer == 1 ? nullptr : b.data(), a.data()});
        for (std::size_t sector = 0; sector < count; ++sector) {
            for (std::size_t node = 0; node < kNodes; ++node) {
                const Bytes one = label(ids.data() + 32 * sector, layer, node, parents.data() + kParents * node, expected[sector], before[sector]);
                std::copy(one.begin(), one.end(), expected[sector].begin() + static_cast<std::ptrdiff_t>(32 * node));
            }
            Bytes got(32 * kNodes);
            layout.take(a.data(), sector, 0, kNodes, got.data());
            QCOMPARE(got, expected[sector]);
        }
    }
}

void TestLabels::aRunMayBeginAnywhere() {
    auto random = test::seeded();
    const auto parents = graph(random);
    for (const std::size_t sectors : {1U, 2U, 4U, 16U, 32U}) {
        const auto function = kernels::labels().chosen().function.of(sectors);
        if (!function) continue;
        const auto ids = test::randomBytes(random, 32 * sectors);
        const kernels::LabelLayout layout{sectors};
        Layer whole(kNodes * layout.bytesPerNode()), resumed(kNodes * layout.bytesPerNode());
        function({1, 0, kNodes, parents.data(), ids.data(), nullptr, whole.data()});
        // A layer whose first nodes are put back from files, sector by sector.
        constexpr std::size_t kKept = 41;
        for (std::size_t sector = 0; sector < sectors; ++sector) {
            Bytes kept(32 * kKept);
            layout.take(whole.data(), sector, 0, kKept, kept.data());
            layout.put(resumed.data(), sector, 0, kKept, kept.data());
        }
        function({1, kKept, kNodes - kKept, parents.data() + kParents * kKept, ids.data(), nullptr, resumed.data()});
        QVERIFY(std::equal(whole.data(), whole.data() + kNodes * layout.bytesPerNode(), resumed.data()));
    }
}

void TestLabels::largeNodeNumbersAreHashedWhole() {
    // Node numbers past 2^31: the layer would be 64 GiB, so its beginning is given away and only the nodes at the end are there.
    auto random = test::seeded();
    for (const std::uint64_t node : {(1ULL << 30) - 1, 1ULL << 30, (1ULL << 31) - 1}) {
        const auto ids = test::randomBytes(random, 32);
        auto previous = test::randomBytes(random, 32 * 8);
        std::vector<std::uint8_t> current(32 * 2);
        // Parent 0 … 7 of a window that begins at `base` in either layer.
        const std::uint64_t base = node - 1;
        std::vector<std::uint32_t> parents(kParents, static_cast<std::uint32_t>(base));
        for (std::size_t j = 6; j < kParents; ++j) parents[j] = static_cast<std::uint32_t>(base + j - 6);
        const auto at = [base](std::uint8_t* window) { return reinterpret_cast<std::uint8_t*>(reinterpret_cast<std::uintptr_t>(window) - 32 * base); };
        std::copy_n(ids.begin(), 32, current.begin());
        kernels::labels().chosen().function.x1({2, node, 1, parents.data(), ids.data(), at(previous.data()), at(current.data())});
        std::vector<std::uint32_t> small(kParents);
        for (std::size_t j = 6; j < kParents; ++j) small[j] = static_cast<std::uint32_t>(j - 6);
        const Bytes expected = label(ids.data(), 2, node, small.data(), current, previous);
        QCOMPARE(Bytes(current.begin() + 32, current.end()), expected);
    }
}

LSW_KERNEL_TEST_MAIN(TestLabels, kernels::labels())
#include "tst_labels.moc"
