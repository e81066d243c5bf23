// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/language.h"
#include "gui/main_window.h"
#include "gui/practice_panel.h"
#include "gui/task_table_model.h"
#include "gui/view_text.h"

#include <QtCore/QDateTime>
#include <QtCore/QStandardPaths>
#include <QtGui/QAccessible>
#include <QtGui/QAction>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTextBrowser>

#include "support/patience.h"

using namespace lsw;
using lsw::test::kPatienceMs;
using worker::ConnectionState;
using worker::TaskState;

namespace {

worker::WorkerView connectedView() {
    worker::WorkerView view;
    view.connection = ConnectionState::Connected;
    view.name = "node-a";
    view.miner = "127.0.0.1:2345";
    view.minerActor = "f01000";
    worker::TaskView running;
    running.call = "a";
    running.sector = "s-t01000-7";
    running.shortName = "PC1";
    running.state = TaskState::Running;
    running.progress = {"pc1", "layer 7 of 11", 61, 100, "nodes"};
    running.begunMs = running.startedMs = QDateTime::currentMSecsSinceEpoch() - 7'740'000;
    worker::TaskView waiting = running;
    waiting.call = "b";
    waiting.shortName = "C2";
    waiting.state = TaskState::Waiting;
    waiting.waitReason = "memory";
    waiting.waitDetail = "needs 64 GiB, 31 GiB free";
    waiting.progress = {};
    waiting.begunMs = QDateTime::currentMSecsSinceEpoch() - 95'000;
    waiting.startedMs = 0;
    view.tasks = {running, waiting};
    worker::TaskView done = running;
    done.call = "c";
    done.shortName = "AP";
    done.state = TaskState::Done;
    done.finishedMs = done.startedMs + 125000;
    view.finished = {done};
    return view;
}

template <typename T>
T* child(QWidget& window, const char* name) {
    T* found = window.findChild<T*>(QLatin1String(name));
    if (!found) qFatal("no widget %s", name);
    return found;
}

void savePicture(QWidget& window, const QString& name) {
    QVERIFY(window.grab().save(QStringLiteral("window-%1.png").arg(name)));
}

} // namespace

class WindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

    void everyStateHasAWordAndASentenceInBothLanguages() {
        gui::Language language;
        for (const QString& name : {QStringLiteral("en"), QStringLiteral("zh_CN")}) {
            language.use(name, false);
            QSet<QString> sentences;
            for (int state = 0; state <= static_cast<int>(ConnectionState::Stopped); ++state) {
                worker::WorkerView view;
                view.connection = static_cast<ConnectionState>(state);
                view.miner = "10.0.0.1:2345";
                QVERIFY(!gui::stateWord(view).isEmpty());
                sentences.insert(gui::stateSentence(view));
            }
            QCOMPARE(sentences.size(), static_cast<int>(ConnectionState::Stopped) + 1);
            for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) QVERIFY(!gui::errorSentence(static_cast<ErrorCode>(code)).isEmpty());
        }
    }

    void saysWhatAWorkerThatIsHeldBackDoes() {
        gui::Language language;
        gui::MainWindow window(language);
        window.show();
        window.setWorkerRunning(true);
        struct Row {
            const char* language;
            worker::WorkMode mode;
            bool finishing;
            QString word, sentence;
        };
        const Row rows[]{
            {"en", worker::WorkMode::Paused, false, QStringLiteral("Paused"), QStringLiteral("Paused: no task begins until the worker is resumed; running tasks go on.")},
            {"en", worker::WorkMode::Draining, false, QStringLiteral("Finishing"), QStringLiteral("Draining: no new tasks are taken; 2 tasks left, then the worker stops.")},
            {"en", worker::WorkMode::Working, true, QStringLiteral("Finishing"), QStringLiteral("Finishing: 1 task running, then the worker stops.")},
            {"zh_CN", worker::WorkMode::Paused, false, QStringLiteral("已暂停"), QStringLiteral("已暂停：恢复之前不会开始新任务，正在运行的任务继续。")},
        };
        for (const Row& row : rows) {
            language.use(QLatin1String(row.language), false);
            auto view = connectedView();
            view.mode = row.mode;
            view.finishing = row.finishing;
            window.showView(view);
            QCOMPARE(child<QLabel>(window, "stateWord")->text(), row.word);
            QCOMPARE(child<QLabel>(window, "stateSentence")->text(), row.sentence);
        }
        QTRY_COMPARE_WITH_TIMEOUT(child<QTabWidget>(window, "pages")->tabText(1), QStringLiteral("练习(&P)"), kPatienceMs);
        savePicture(window, QStringLiteral("paused-zh_CN"));
        language.use(QStringLiteral("en"), false);
        QTRY_COMPARE_WITH_TIMEOUT(child<QTabWidget>(window, "pages")->tabText(1), QStringLiteral("&Practice"), kPatienceMs);
        window.showView([] { auto view = connectedView(); view.mode = worker::WorkMode::Draining; return view; }());
        savePicture(window, QStringLiteral("draining-en"));
    }

    void showsTheConnectionInOneSentenceAndTheTasksWithProgress() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        window.show();
        window.setWorkerRunning(true);
        window.showView(connectedView());
        QCOMPARE(child<QLabel>(window, "stateSentence")->text(), QStringLiteral("Connected to miner f01000. 1 task running, 1 waiting."));
        const auto* model = child<QTableView>(window, "openTasks")->model();
        QCOMPARE(model->rowCount(), 2);
        QCOMPARE(model->index(0, gui::TaskTableModel::ProgressBar).data().toString(), QStringLiteral("layer 7 of 11 · 61 %"));
        QCOMPARE(model->index(0, gui::TaskTableModel::ProgressBar).data(gui::TaskTableModel::kPercentRole).toInt(), 61);
        QVERIFY(model->index(1, gui::TaskTableModel::State).data().toString().contains(QStringLiteral("needs 64 GiB, 31 GiB free")));
        const auto* finished = child<QTableView>(window, "finishedTasks")->model();
        QCOMPARE(finished->index(0, gui::TaskTableModel::Elapsed).data().toString(), QStringLiteral("2 m 05 s"));
        QCOMPARE(finished->index(0, gui::TaskTableModel::ProgressBar).data().toString(), QStringLiteral("100 %"));
        savePicture(window, QStringLiteral("tasks-en"));
    }

    void showsWhatAProofOfStorageIsOver() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        worker::WorkerView view = connectedView();
        worker::TaskView& proof = view.tasks.front();
        proof.sector = "t01000";
        proof.sectors = 2349;
        proof.shortName = "WDP";
        window.showView(view);
        const auto* model = child<QTableView>(window, "openTasks")->model();
        QCOMPARE(model->index(0, gui::TaskTableModel::Sector).data().toString(), QStringLiteral("2349 sectors of t01000"));
        QCOMPARE(model->index(0, gui::TaskTableModel::Task).data().toString(), QStringLiteral("Window PoSt (WDP)"));
    }

    void switchesTheLanguageWhileRunning() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        window.show();
        window.setWorkerRunning(true);
        window.showView(connectedView());
        window.findChild<QAction*>(QStringLiteral("language_zh_CN"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(child<QLabel>(window, "stateWord")->text(), QStringLiteral("正在封装"), kPatienceMs);
        QCOMPARE(child<QTabWidget>(window, "pages")->tabText(1), QStringLiteral("练习(&P)"));
        QCOMPARE(child<QTableView>(window, "openTasks")->model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("扇区"));
        QCOMPARE(child<QTableView>(window, "openTasks")->model()->index(0, gui::TaskTableModel::ProgressBar).data().toString(), QStringLiteral("第 7/11 层 · 61 %"));
        savePicture(window, QStringLiteral("tasks-zh_CN"));
        window.findChild<QAction*>(QStringLiteral("language_en"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(child<QLabel>(window, "stateWord")->text(), QStringLiteral("Working"), kPatienceMs);
    }

    void saysWhyNothingHappensWhenNoMinerIsFound() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        window.showStartFailure(ErrorCode::NotConfigured, QStringLiteral("looked at ~/.lotusminer"));
        QVERIFY(child<QLabel>(window, "stateSentence")->text().startsWith(QStringLiteral("No miner was found")));
        QCOMPARE(child<QLabel>(window, "stateSentence")->toolTip(), QStringLiteral("looked at ~/.lotusminer"));
        window.showView(connectedView());
        QVERIFY(child<QLabel>(window, "stateSentence")->text().startsWith(QStringLiteral("Connected")));
    }

    void theStartButtonStartsAndStops() {
        gui::Language language;
        gui::MainWindow window(language);
        QSignalSpy starts(&window, &gui::MainWindow::startRequested), stops(&window, &gui::MainWindow::stopRequested);
        QTest::mouseClick(child<QPushButton>(window, "startStop"), Qt::LeftButton);
        QCOMPARE(starts.count(), 1);
        window.setWorkerRunning(true);
        QTest::mouseClick(child<QPushButton>(window, "startStop"), Qt::LeftButton);
        QCOMPARE(stops.count(), 1);
    }

    void practiceIsAskedForWithWhatWasChosenAndTellsItsPhases() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        window.show();
        child<QTabWidget>(window, "pages")->setCurrentIndex(1);
        common::PracticeChoice asked;
        connect(&window.practice(), &gui::PracticePanel::startRequested, this, [&](const common::PracticeChoice& choice) { asked = choice; });
        child<QLineEdit>(window, "practiceFile")->setText(QStringLiteral(" /tmp/some file "));
        QTest::mouseClick(child<QPushButton>(window, "practiceStart"), Qt::LeftButton);
        QCOMPARE(asked.sectorSize, std::uint64_t{2048});
        QCOMPARE(asked.file, std::filesystem::path("/tmp/some file"));
        window.practice().setRunning(true);
        window.practice().addPhase(R"({"schema":1,"phase":"pc2","seconds":1.5,"comm_r_cid":"bagboea4b5abc<"})");
        window.practice().setProgress(QStringLiteral("c1"), 0.5, QString());
        const auto* phases = child<QTextBrowser>(window, "practicePhases");
        QVERIFY(phases->toPlainText().contains(QStringLiteral("bagboea4b5abc<")));
        savePicture(window, QStringLiteral("practice-en"));
        language.use(QStringLiteral("zh_CN"), false);
        QTRY_VERIFY_WITH_TIMEOUT(phases->toPlainText().contains(QStringLiteral("预提交 2（PC2）")), kPatienceMs);
        window.practice().finish(static_cast<int>(ErrorCode::NoSpace), QStringLiteral("no space left on device"));
        QVERIFY(phases->toPlainText().contains(QStringLiteral("no space left on device")));
        QVERIFY(phases->toPlainText().contains(QStringLiteral("磁盘已满。")));
        savePicture(window, QStringLiteral("practice-zh_CN"));
    }

    void everyControlThatTakesTheFocusHasAnAccessibleName() {
        gui::Language language;
        gui::MainWindow window(language);
        window.showView(connectedView());
        int seen = 0;
        for (QWidget* widget : window.findChildren<QWidget*>()) {
            if (!(widget->focusPolicy() & Qt::TabFocus) || widget->objectName().startsWith(QStringLiteral("qt_"))) continue;
            QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(widget);
            QVERIFY(interface);
            ++seen;
            QVERIFY2(!interface->text(QAccessible::Name).isEmpty(), qPrintable(widget->objectName() + QLatin1Char(' ') + QLatin1String(widget->metaObject()->className())));
        }
        QVERIFY(seen >= 7);
    }
};

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
