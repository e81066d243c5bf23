// SPDX-License-Identifier: MIT OR Apache-2.0
// Roles: their switches are those of the worker, what they offer is what they prove, and they contradict nothing.
#include "params/parameter_manifest.h"
#include "setup/roles.h"
#include "tasks/task_type.h"

#include <algorithm>
#include <set>

#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;

namespace {

std::vector<std::string> offeredBy(const Role& role) {
    tasks::TaskSwitches switches;
    for (const tasks::TaskFlag& row : tasks::taskFlags())
        if (row.flag != "data-cid") switches.*row.value = std::ranges::find(role.tasks, row.flag) != role.tasks.end();
    const auto types = tasks::offeredTypes(switches);
    return types ? *types : std::vector<std::string>{types.error().message()};
}

} // namespace

class TestRoles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRoleIsOfferedAsItSays_data() {
        QTest::addColumn<QString>("role");
        QTest::addColumn<QString>("offers");
        // Beside what every worker for sealing has: fetch, C1, PR1 and finalizing.
        const QString moving = QStringLiteral("GET C1 PR1 FIN FUS FRU ");
        QTest::newRow("all") << QStringLiteral("all") << moving + QStringLiteral("AP DC PC1 UNS PC2 C2 RU PR2 GSK ");
        QTest::newRow("pc1") << QStringLiteral("pc1") << moving + QStringLiteral("AP DC PC1 UNS ");
        QTest::newRow("pc2c2") << QStringLiteral("pc2c2") << moving + QStringLiteral("PC2 C2 RU PR2 GSK ");
        QTest::newRow("windowpost") << QStringLiteral("windowpost") << QStringLiteral("WDP ");
        QTest::newRow("winningpost") << QStringLiteral("winningpost") << QStringLiteral("WNP ");
        QTest::newRow("practice") << QStringLiteral("practice") << moving + QStringLiteral("AP DC PC1 UNS PC2 C2 RU PR2 GSK ");
    }
    void everyRoleIsOfferedAsItSays() {
        QFETCH(QString, role);
        QFETCH(QString, offers);
        const auto found = roleNamed(role.toStdString());
        QVERIFY(found);
        QString got;
        for (const std::string& name : offeredBy(**found)) {
            const auto type = tasks::taskType(name);
            QVERIFY2(type.hasValue(), name.c_str());
            got += QString::fromUtf8((*type)->shortName.data(), static_cast<qsizetype>((*type)->shortName.size())) + QLatin1Char(' ');
        }
        QCOMPARE(got, offers);
    }
    void theParametersAreThoseOfTheTasks() {
        QCOMPARE(roles().size(), std::size_t{6});
        for (const Role& role : roles()) {
            std::set<params::Circuit> needed, said;
            for (const std::string& type : offeredBy(role)) {
                if (type == "seal/v0/commit/2") needed.insert(params::Circuit::PoRep);
                if (type == "seal/v0/provereplicaupdate/2") needed.insert(params::Circuit::SnapUpdate);
                if (type == "post/v0/windowproof") needed.insert(params::Circuit::WindowPost);
                if (type == "post/v0/winningproof") needed.insert(params::Circuit::WinningPost);
            }
            if (!role.parameters.empty()) {
                const auto circuits = params::circuitsFor(role.parameters);
                QVERIFY2(circuits.hasValue(), role.name.data());
                said.insert(circuits->begin(), circuits->end());
            }
            QVERIFY2(needed == said, role.name.data());
        }
    }
    void everyTaskOfARoleIsASwitch() {
        for (const Role& role : roles())
            for (const std::string_view task : role.tasks)
                QVERIFY2(std::ranges::find(tasks::taskFlags(), task, &tasks::TaskFlag::flag) != tasks::taskFlags().end(), task.data());
    }
    void anotherNameIsAnsweredWithTheKnownOnes() {
        const auto found = roleNamed("PC3");
        QVERIFY(!found);
        QCOMPARE(found.error().code(), ErrorCode::InvalidArgument);
        QCOMPARE(found.error().message(), std::string("there is no role \"PC3\"; there are all, pc1, pc2c2, windowpost, winningpost, practice"));
    }
};

QTEST_APPLESS_MAIN(TestRoles)
#include "tst_roles.moc"
