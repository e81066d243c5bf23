// SPDX-License-Identifier: MIT OR Apache-2.0
#include <memory>
#include <set>

#include <QtTest/QTest>

#include "tasks/core_complexes.h"

using namespace lsw;
using tasks::CoreComplexes;

class TestCoreComplexes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noTwoShareOneWhileAnotherIsFree() {
        CoreComplexes complexes({{0, 1}, {2, 3}, {4, 5}});
        std::vector<std::unique_ptr<CoreComplexes::Place>> places;
        std::multiset<Processors> taken;
        for (int i = 0; i < 3; ++i) taken.insert(places.emplace_back(std::make_unique<CoreComplexes::Place>(complexes))->processors());
        QVERIFY((taken == std::multiset<Processors>{{0, 1}, {2, 3}, {4, 5}}));
        // More than there are share, and what is given back is taken first.
        const CoreComplexes::Place fourth(complexes);
        QVERIFY(taken.contains(fourth.processors()));
        const Processors freed = fourth.processors() == places[1]->processors() ? places[2]->processors() : places[1]->processors();
        places[fourth.processors() == places[1]->processors() ? 2 : 1].reset();
        const CoreComplexes::Place fifth(complexes);
        QVERIFY(fifth.processors() == freed);
    }
    void aWholeOneIsBetterThanAPart() {
        CoreComplexes complexes({{0}, {2, 3}});
        const CoreComplexes::Place first(complexes), second(complexes), third(complexes);
        QVERIFY((first.processors() == Processors{2, 3}));
        QVERIFY(second.processors() == Processors{0});
        QVERIFY((third.processors() == Processors{2, 3}));
    }
    void whereThereIsOneNothingIsChosen() {
        CoreComplexes one({{0, 1, 2}}), unknown({});
        QVERIFY(CoreComplexes::Place(one).processors().empty());
        QVERIFY(CoreComplexes::Place(unknown).processors().empty());
    }
};

QTEST_GUILESS_MAIN(TestCoreComplexes)
#include "tst_core_complexes.moc"
