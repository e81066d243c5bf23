// SPDX-License-Identifier: MIT OR Apache-2.0
#include <QtTest/QtTest>

#include "kernels/labels/label_widths.h"
#include "kernels/labels/labels.h"

using namespace lsw::kernels;

namespace {

// As the kernels were measured on a Zen 4 and on an Emerald Rapids, and where nothing is gained.
const std::vector<LabelWidth> kZen4{{1, 700}, {2, 370}, {4, 254}, {16, 340}, {32, 291}};
const std::vector<LabelWidth> kIntel{{1, 900}, {2, 640}, {4, 600}, {16, 310}, {32, 305}};
const std::vector<LabelWidth> kPortable{{1, 4500}, {2, 4490}, {4, 4510}};

} // namespace

/// How many sectors are labelled beside each other, given what each width costs.
class TestLabelWidths : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void groupsAreTheCheapest();
    void noGroupIsWiderThanMemoryHolds();
    void asManyAreTakenAsPay();
    void everyWidthOfTheKernelIsMeasured();
};

void TestLabelWidths::groupsAreTheCheapest() {
    using Groups = std::vector<LabelGroup>;
    QCOMPARE(labelGroups(1, 32, kZen4), (Groups{{1, 1}}));
    QCOMPARE(labelGroups(2, 32, kZen4), (Groups{{2, 2}}));
    QCOMPARE(labelGroups(3, 32, kZen4), (Groups{{3, 4}})); // an empty lane is cheaper than another group
    QCOMPARE(labelGroups(5, 32, kZen4), (Groups{{4, 4}, {1, 1}}));
    QCOMPARE(labelGroups(16, 32, kZen4), (Groups{{4, 4}, {4, 4}, {4, 4}, {4, 4}}));
    QCOMPARE(labelGroups(5, 32, kIntel), (Groups{{4, 4}, {1, 1}}));
    QCOMPARE(labelGroups(12, 32, kIntel), (Groups{{12, 16}}));
    QCOMPARE(labelGroups(17, 32, kIntel), (Groups{{16, 16}, {1, 1}}));
    QCOMPARE(labelGroups(33, 32, kIntel), (Groups{{32, 32}, {1, 1}}));
    QCOMPARE(costOf(labelGroups(3, 32, kZen4), kZen4), 4 * 254.0);
    QCOMPARE(costOf(labelGroups(33, 32, kIntel), kIntel), 32 * 305.0 + 900);
    QVERIFY(labelGroups(0, 32, kZen4).empty());
}

void TestLabelWidths::noGroupIsWiderThanMemoryHolds() {
    for (std::size_t lanes = 0; lanes <= 33; ++lanes)
        for (std::size_t sectors = 1; sectors <= 33; ++sectors) {
            std::size_t sum = 0;
            for (const LabelGroup& group : labelGroups(sectors, lanes, kIntel)) {
                QVERIFY(group.width <= std::max<std::size_t>(lanes, 1) && group.sectors >= 1 && group.sectors <= group.width);
                sum += group.sectors;
            }
            QCOMPARE(sum, sectors);
        }
}

void TestLabelWidths::asManyAreTakenAsPay() {
    const auto taken = [](std::size_t waiting, const std::vector<LabelWidth>& widths) { return static_cast<int>(bestTogether(waiting, widths)); };
    QCOMPARE(taken(1, kZen4), 1);
    QCOMPARE(taken(2, kZen4), 2);
    QCOMPARE(taken(3, kZen4), 3);
    for (const std::size_t waiting : {4U, 7U, 16U, 100U}) QCOMPARE(taken(waiting, kZen4), 4);
    QCOMPARE(taken(4, kIntel), 4);
    QCOMPARE(taken(15, kIntel), 15);
    QCOMPARE(taken(100, kIntel), 16); // twice as many would bring a sixtieth
    for (const std::size_t waiting : {1U, 2U, 4U, 16U}) QCOMPARE(taken(waiting, kPortable), 1);
}

void TestLabelWidths::everyWidthOfTheKernelIsMeasured() {
    const auto& set = labels().chosen().function;
    std::size_t count = 0;
    for (const std::size_t sectors : {1U, 2U, 4U, 16U, 32U}) count += set.of(sectors) != nullptr;
    QCOMPARE(labelWidths().size(), count);
    for (const LabelWidth& width : labelWidths()) QVERIFY2(width.nanoseconds > 10 && width.nanoseconds < 1e6, qPrintable(QString::number(width.nanoseconds)));
}

QTEST_GUILESS_MAIN(TestLabelWidths)
#include "tst_label_widths.moc"
