// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gui/language.h"
#include "gui/main_window.h"
#include "gui/practice_panel.h"
#include "gui/task_table_model.h"
#include "gui/view_text.h"
#include "history/history_database.h"
#include "history/some_records.h"

#include <QtCore/QDateTime>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtGui/QAccessible>
#include <QtGui/QAction>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QTextBrowser>
#include <QtWidgets/QToolButton>

#include <limits>
#include <random>

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
    running.sectorSize = std::uint64_t{32} << 30;
    running.progress = {"pc1", "layer 7 of 11", 61, 100, "nodes"};
    running.activeMs = 7'740'000;
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
    running.forecast = {4'800'000, now + 4'800'000, now + 4'500'000, now + 5'400'000, 7, 12'000'000, {}, 0, 0};
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
    view.minerVersion = "1.36.2";
    view.sectorSize = std::uint64_t{32} << 30;
    view.engine = "native: pairs sha-ni, labels sha-ni";
    view.cpus = 16;
    view.cpusUsed = 2;
    view.memPhysical = std::uint64_t{256} << 30;
    view.memBudgetUsed = std::uint64_t{64} << 30;
    worker::PathView path;
    path.id = "4f1c";
    path.path = "/mnt/nvme0/sealing";
    path.canSeal = true;
    path.weight = 10;
    path.capacity = std::int64_t{4} << 40;
    path.available = std::int64_t{2} << 40;
    path.reserved = std::int64_t{515} << 30;
    view.paths = {path};
    return view;
}

template <typename T>
T* child(QWidget& window, const char* name) {
    T* found = window.findChild<T*>(QLatin1String(name));
    if (!found) qFatal("no widget %s", name);
    return found;
}

QPalette darkPalette() {
    QPalette out;
    for (const auto role : {QPalette::Window, QPalette::Base, QPalette::Button, QPalette::AlternateBase, QPalette::ToolTipBase}) out.setColor(role, QColor(35, 38, 41));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText, QPalette::PlaceholderText}) out.setColor(role, QColor(239, 240, 241));
    out.setColor(QPalette::Mid, QColor(110, 115, 120));
    out.setColor(QPalette::Highlight, QColor(61, 120, 200));
    out.setColor(QPalette::HighlightedText, Qt::white);
    return out;
}

/// Six sectors of five tasks each, all done but one.
void fillHistory(const std::filesystem::path& file) {
    const auto database = history::HistoryDatabase::openToWrite(file);
    if (!database) qFatal("%s", database.error().message().c_str());
    const char* const names[]{"AP", "PC1", "PC2", "C2", "FIN"};
    const std::int64_t minutes[]{4, 180, 14, 18, 6};
    for (int sector = 1; sector <= 6; ++sector) {
        std::int64_t at = 1'790'000'000'000 + sector * std::int64_t{6} * 3'600'000;
        for (std::size_t i = 0; i < std::size(names); ++i) {
            history::TaskRecord row = test::doneRecord(sector);
            row.call += names[i];
            row.shortName = names[i];
            row.type = names[i];
            row.queuedMs = at;
            row.begunMs = at + 60'000;
            row.activeMs = minutes[i] * 60'000 + sector * 1000;
            row.endedMs = row.begunMs + row.activeMs;
            at = row.endedMs;
            if (i != 1) row.phases.clear();
            if (sector == 4 && i == 3) {
                row.outcome = history::Outcome::Failed;
                row.error = "a prover ended without an answer: signal 9 (killed)";
            }
            if (sector == 2 && i == 1) {
                row.resumedAt = "layer 8 of 11";
                row.keptMs = 7'740'000;
            }
            if (auto added = (*database)->add(row, 1000); !added) qFatal("%s", added.error().message().c_str());
        }
    }
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
        QTRY_COMPARE_WITH_TIMEOUT(child<QListWidget>(window, "navigation")->item(gui::MainWindow::Practice)->text(), QStringLiteral("练习"), kPatienceMs);
        savePicture(window, QStringLiteral("paused-zh_CN"));
        language.use(QStringLiteral("en"), false);
        QTRY_COMPARE_WITH_TIMEOUT(child<QListWidget>(window, "navigation")->item(gui::MainWindow::Practice)->text(), QStringLiteral("Practice"), kPatienceMs);
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

    void saysWhenATaskWillBeDone() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        worker::TaskView task = connectedView().tasks.front();
        QCOMPARE(gui::taskProgressText(task), QStringLiteral("PC1 · layer 7 of 11 · 61 %"));
        QCOMPARE(gui::remainingText(task), QStringLiteral("1 h 20 m"));
        QVERIFY2(gui::finishText(task).contains(QRegularExpression(QStringLiteral("^(\\d\\d-\\d\\d )?\\d\\d:\\d\\d \\(.*–.*\\)$"))), qPrintable(gui::finishText(task)));
        QCOMPARE(gui::finishReason(task), QStringLiteral("From 7 earlier tasks of this kind here. They took 3 h 20 m."));
        task.activeMs = 12'000'000;
        QVERIFY(gui::finishReason(task).endsWith(QStringLiteral("This one is later than usual (×1.4).")));
        task.forecast.resumedAt = "layer 8 of 11";
        task.forecast.keptMs = 7'740'000;
        QCOMPARE(gui::taskStateText(task), QStringLiteral("resumed at layer 8 of 11, 2 h 09 m kept"));
        task.forecast = {};
        QCOMPARE(gui::finishText(task), QStringLiteral("learning"));
        QCOMPARE(gui::remainingText(task), QStringLiteral("—"));
    }

    void nonsenseIsADashAndNoCrash() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        worker::TaskView task = connectedView().tasks.front();
        for (const qint64 odd : {std::numeric_limits<qint64>::min(), qint64{-5}, std::numeric_limits<qint64>::max()}) {
            QCOMPARE(gui::durationText(odd), QStringLiteral("—"));
            QCOMPARE(gui::momentText(odd), QStringLiteral("—"));
            task.forecast.finishMs = odd;
            QCOMPARE(gui::finishText(task), QStringLiteral("—"));
        }
        task.progress = {"pc1", "layer 1 of 11", UINT64_MAX, UINT64_MAX - 1, "nodes"};
        QCOMPARE(gui::progressPercent(task), 100);
        task.progress = {"pc1", "layer 1 of 11", UINT64_MAX / 2, UINT64_MAX, "nodes"};
        QCOMPARE(gui::progressPercent(task), 50);

        gui::MainWindow window(language);
        window.show();
        std::mt19937_64 random(11);
        const auto text = [&] { return std::string(random() % 5000, static_cast<char>('!' + random() % 90)); };
        const auto number = [&] { return static_cast<std::int64_t>(random()) >> (random() % 64); };
        for (int round = 0; round < 40; ++round) {
            worker::WorkerView view;
            view.connection = static_cast<ConnectionState>(random() % 9);
            view.name = text();
            view.sectorSize = random() % 3 ? random() : 0;
            view.cpus = static_cast<int>(number());
            for (std::uint64_t i = 0; i < random() % 60; ++i) {
                worker::TaskView one;
                one.call = std::to_string(i);
                one.sector = random() % 2 ? text() : "s-t01000-1";
                one.shortName = random() % 2 ? text() : "PC1";
                one.state = static_cast<TaskState>(random() % 5);
                one.progress = {text(), text(), random(), random() % 2 ? random() : 0, text()};
                one.begunMs = number();
                one.startedMs = number();
                one.finishedMs = number();
                one.activeMs = number();
                one.forecast = {number(), number(), number(), number(), random(), number(), random() % 2 ? text() : "", number(), random()};
                (random() % 2 ? view.tasks : view.finished).push_back(one);
            }
            worker::PathView path;
            path.path = text();
            path.canSeal = true;
            path.capacity = number();
            path.available = number();
            path.reserved = number();
            view.paths = {path};
            window.showView(view);
            for (int page = 0; page < gui::MainWindow::PageCount; ++page) {
                window.openPage(static_cast<gui::MainWindow::PageNumber>(page));
                QVERIFY(!window.grab().isNull());
            }
        }
    }

    void progressAloneIsShownOnceASecond() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        auto view = connectedView();
        window.showView(view);
        const auto* model = child<QTableView>(window, "openTasks")->model();
        QSignalSpy updates(model, &QAbstractItemModel::dataChanged);
        for (std::uint64_t i = 62; i < 90; ++i) {
            view.tasks.front().progress.done = i;
            window.showView(view);
        }
        QCOMPARE(updates.count(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(model->index(0, gui::TaskTableModel::ProgressBar).data().toString(), QStringLiteral("layer 7 of 11 · 89 %"), kPatienceMs);
        // What people wait for is not held back.
        view.tasks.front().state = TaskState::Undelivered;
        window.showView(view);
        QCOMPARE(model->index(0, gui::TaskTableModel::State).data().toString(), QStringLiteral("finished; result not delivered yet"));
    }

    void pauseAndFinishAreAskedForByTheirButtons() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        window.show();
        QVERIFY(!child<QToolButton>(window, "pause")->isVisible());
        window.setWorkerRunning(true);
        window.showView(connectedView());
        std::vector<worker::WorkMode> asked;
        connect(&window, &gui::MainWindow::modeRequested, this, [&](worker::WorkMode mode) { asked.push_back(mode); });
        QTest::mouseClick(child<QPushButton>(window, "finishThenStop"), Qt::LeftButton);
        window.findChild<QAction*>(QStringLiteral("pauseOpen"))->trigger();
        auto paused = connectedView();
        paused.mode = worker::WorkMode::Paused;
        window.showView(paused);
        QVERIFY(!child<QPushButton>(window, "finishThenStop")->isEnabled());
        window.findChild<QAction*>(QStringLiteral("resume"))->trigger();
        QVERIFY((asked == std::vector{worker::WorkMode::Draining, worker::WorkMode::Paused, worker::WorkMode::Working}));
    }

    void pagesAreChosenByTheKeyboard() {
        gui::Language language;
        gui::MainWindow window(language);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        for (int i = 0; i < gui::MainWindow::PageCount; ++i) {
            QTest::keyClick(&window, static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
            QCOMPARE(child<QStackedWidget>(window, "pages")->currentIndex(), i);
            QCOMPARE(child<QListWidget>(window, "navigation")->currentRow(), i);
        }
    }

    void storageSaysHowManySectorsFit() {
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        auto view = connectedView();
        window.showView(view);
        const auto figures = child<QLabel>(window, "figures0")->text();
        QVERIFY2(figures.endsWith(QStringLiteral("515 GiB reserved · 2 TiB free of 4 TiB · fits 3 more sectors")), qPrintable(figures));
        view.paths.clear();
        window.showView(view);
        QVERIFY(child<QLabel>(window, "storageEmpty")->text().startsWith(QStringLiteral("No sealing path")));
    }

    void theHistoryPageShowsWhatTheFileHolds() {
        QTemporaryDir folder;
        const std::filesystem::path own = folder.path().toStdString() + "/lotus-seal-worker";
        std::filesystem::create_directories(own);
        fillHistory(own / "history.sqlite");
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        window.show();
        auto view = connectedView();
        view.repo = folder.path().toStdString();
        window.showView(view);
        window.openPage(gui::MainWindow::History);
        const auto* table = child<QTableView>(window, "historyTable")->model();
        QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 30, kPatienceMs);
        QVERIFY(child<QTableWidget>(window, "historyMedians")->rowCount() >= 3);
        QVERIFY(child<QWidget>(window, "sectorGantt")->isVisible());
        child<QLineEdit>(window, "historyFilter")->setText(QStringLiteral("s-t01000-3"));
        QCOMPARE(table->rowCount(), 5);
    }

    // Of every page in both languages, light and dark, small and large; looked at by a person.
    void picturesOfEveryPage() {
        QTemporaryDir folder;
        const std::filesystem::path own = folder.path().toStdString() + "/lotus-seal-worker";
        std::filesystem::create_directories(own);
        fillHistory(own / "history.sqlite");
        const QPalette light = QApplication::palette();
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        window.show();
        window.setWorkerRunning(true);
        auto view = connectedView();
        view.repo = folder.path().toStdString();
        window.showView(view);
        window.openPage(gui::MainWindow::History);
        QTRY_COMPARE_WITH_TIMEOUT(child<QTableView>(window, "historyTable")->model()->rowCount(), 30, kPatienceMs);
        for (const bool isDark : {false, true}) {
            QApplication::setPalette(isDark ? darkPalette() : light);
            for (const QString& name : {QStringLiteral("en"), QStringLiteral("zh_CN")}) {
                language.use(name, false);
                QCoreApplication::processEvents();
                for (const QSize size : {QSize(800, 600), QSize(1920, 1080)}) {
                    window.resize(size);
                    for (int page = 0; page < gui::MainWindow::Practice; ++page) {
                        window.openPage(static_cast<gui::MainWindow::PageNumber>(page));
                        QCoreApplication::processEvents();
                        QCOMPARE(window.size(), size); // nothing forces the window to be larger
                        savePicture(window, QStringLiteral("page%1-%2-%3-%4").arg(page).arg(name, isDark ? QStringLiteral("dark") : QStringLiteral("light")).arg(size.width()));
                    }
                }
            }
        }
        QApplication::setPalette(light);
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
        QCOMPARE(child<QListWidget>(window, "navigation")->item(gui::MainWindow::Practice)->text(), QStringLiteral("练习"));
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
        window.openPage(gui::MainWindow::Practice);
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
