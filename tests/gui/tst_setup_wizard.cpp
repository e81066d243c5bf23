// SPDX-License-Identifier: MIT OR Apache-2.0
// The wizard as a person meets it: from the first start to a worker that the miner knows, by keyboard alone; each page in both languages, light and dark.
#include "common/setup_answers.h"
#include "gui/command_box.h"
#include "gui/doctor_dialog.h"
#include "gui/language.h"
#include "gui/main_window.h"
#include "gui/window_session.h"
#include "gui/wizard/miner_listen_dialog.h"
#include "gui/wizard/setup_wizard.h"
#include "practice/practice_miner.h"
#include "practice/stable_port.h"
#include "support/forwarder.h"
#include "support/patience.h"
#include "support/test_paths.h"

#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>
#include <QtGui/QAccessible>
#include <QtGui/QClipboard>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QStyleFactory>
#include <QtWidgets/QTreeWidget>

#include <fstream>

using namespace lsw;
using gui::SetupWizard;
using lsw::test::kPatienceMs;
namespace fs = std::filesystem;

namespace {

template <typename T>
T* child(QWidget& window, const char* name) {
    T* found = window.findChild<T*>(QLatin1String(name));
    if (!found) qFatal("no widget %s", name);
    return found;
}

/// A miner in the home folder, as `lotus-miner init` leaves it, and nothing else.
struct Home {
    QTemporaryDir folder;
    std::unique_ptr<practice::PracticeMiner> miner;

    explicit Home(const char* minerFolder) {
        qputenv("HOME", folder.path().toUtf8());
        qputenv("LSW_PROVER_FOLDER", lsw::test::kGatedProverFolder);
        for (const char* name : {"MINER_API_INFO", "STORAGE_API_INFO", "LOTUS_MINER_PATH", "LOTUS_STORAGE_PATH", "LOTUS_WORKER_PATH", "WORKER_PATH", "IPFS_GATEWAY",
                                 "FIL_PROOFS_PARAMETER_CACHE"})
            qunsetenv(name);
        QSettings().clear();
        practice::PracticeMiner::Settings settings;
        settings.repo = at(minerFolder);
        settings.sectorSize = 2048;
        settings.sessionPollMs = 300;
        miner = std::make_unique<practice::PracticeMiner>(settings);
        if (!miner->start()) qFatal("the practice miner did not start");
    }
    fs::path at(const char* name) const { return fs::path(folder.path().toStdString()) / name; }
    QString connection() const { return QString::fromStdString(miner->apiInfo()); }
};

/// Enter, once the page may be left.
void confirm(SetupWizard& wizard) {
    QAbstractButton* button = wizard.button(wizard.nextId() >= 0 ? QWizard::NextButton : QWizard::FinishButton);
    QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), kPatienceMs);
    QTest::keyClick(&wizard, Qt::Key_Return);
}

QPalette darkPalette() {
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(45, 45, 48));
    palette.setColor(QPalette::WindowText, Qt::white);
    palette.setColor(QPalette::Base, QColor(30, 30, 30));
    palette.setColor(QPalette::AlternateBase, QColor(45, 45, 48));
    palette.setColor(QPalette::Text, Qt::white);
    palette.setColor(QPalette::Button, QColor(60, 60, 64));
    palette.setColor(QPalette::ButtonText, Qt::white);
    palette.setColor(QPalette::PlaceholderText, QColor(160, 160, 160));
    palette.setColor(QPalette::Highlight, QColor(42, 130, 218));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    return palette;
}

} // namespace

class SetupWizardTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() {
        // Not in the home folders below, which go while settings may still be written.
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    }

    void fromTheFirstStartToAWorkerThatTheMinerKnowsByKeyboard() {
        Home home(".lotusminer");
        gui::Language language;
        language.use(QStringLiteral("zh_CN"), false);
        gui::MainWindow window(language);
        gui::WindowSession session(window);
        QSignalSpy ended(&session, &gui::WindowSession::ended);
        window.show();
        session.begin();
        auto* wizard = window.findChild<SetupWizard*>();
        QVERIFY(wizard);
        QCOMPARE(wizard->windowTitle(), QStringLiteral("设置 Worker"));
        confirm(*wizard); // purpose
        QCOMPARE(wizard->currentId(), static_cast<int>(SetupWizard::Miner));
        confirm(*wizard);
        QCOMPARE(wizard->currentId(), static_cast<int>(SetupWizard::Check));
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>(*wizard, "minerCard")->text().contains(QStringLiteral("f01000")), kPatienceMs);
        confirm(*wizard);
        QCOMPARE(wizard->currentId(), static_cast<int>(SetupWizard::Address));
        child<QSpinBox>(*wizard, "port")->setValue(practice::stablePort());
        QTRY_VERIFY_WITH_TIMEOUT(child<QRadioButton>(*wizard, "listenThisPc")->isChecked(), kPatienceMs);
        for (const SetupWizard::Page page : {SetupWizard::Work, SetupWizard::Storage, SetupWizard::Parameters, SetupWizard::Ready}) {
            confirm(*wizard);
            QCOMPARE(wizard->currentId(), static_cast<int>(page));
            if (page == SetupWizard::Parameters) child<QCheckBox>(*wizard, "fetchParameters")->setChecked(false); // a test asks no gateway
        }
        QCOMPARE(wizard->button(QWizard::FinishButton)->text(), QStringLiteral("启动工作进程(&S)"));
        confirm(*wizard);
        QTRY_VERIFY_WITH_TIMEOUT(!home.miner->workers().empty(), kPatienceMs);
        QVERIFY(!SetupWizard::isUnfinished());
        // "Remote" rose, and the window says so.
        auto* news = child<QLabel>(window, "news");
        QTRY_VERIFY_WITH_TIMEOUT(news->text().startsWith(QStringLiteral("矿工节点现在多了一个远程 worker。")), kPatienceMs);
        language.use(QStringLiteral("en"), false);
        QTRY_VERIFY_WITH_TIMEOUT(news->text().startsWith(QStringLiteral("The miner counts one remote worker more now.")), kPatienceMs);
        window.close();
        QTRY_VERIFY_WITH_TIMEOUT(ended.count() > 0, kPatienceMs);
    }

    void aPastedLineWillDo_data() {
        QTest::addColumn<QString>("address");
        QTest::newRow("of this computer") << QStringLiteral("127.0.0.1");
        QTest::newRow("of another one") << QStringLiteral("127.0.0.2");
    }
    void aPastedLineWillDo() {
        QFETCH(const QString, address);
        Home home("elsewhere");
        test::Forwarder forwarder(QHostAddress(QStringLiteral("127.0.0.2")), home.miner->port());
        QVERIFY(forwarder.isListening());
        QString connection = home.connection();
        if (address != QStringLiteral("127.0.0.1"))
            connection.replace(QStringLiteral("/ip4/127.0.0.1/tcp/%1/").arg(home.miner->port()), QStringLiteral("/ip4/%1/tcp/%2/").arg(address).arg(forwarder.serverPort()));
        gui::Language language;
        language.use(QStringLiteral("zh_CN"), false);
        gui::MainWindow window(language);
        gui::WindowSession session(window);
        QSignalSpy ended(&session, &gui::WindowSession::ended);
        window.show();
        session.begin();
        auto* wizard = window.findChild<SetupWizard*>();
        QVERIFY(wizard);
        confirm(*wizard);
        // There is none on this computer, so it asks for a pasted one by itself.
        QTRY_VERIFY_WITH_TIMEOUT(child<QRadioButton>(*wizard, "minerPasted")->isChecked(), kPatienceMs);
        QVERIFY(!wizard->button(QWizard::NextButton)->isEnabled());
        auto* text = child<QPlainTextEdit>(*wizard, "pastedText");
        text->setFocus();
        QTest::keyClicks(text, QStringLiteral("nonsense"));
        QVERIFY(!wizard->button(QWizard::NextButton)->isEnabled());
        QVERIFY(!child<QLabel>(*wizard, "understood")->text().isEmpty());
        QTest::keyClick(text, Qt::Key_A, Qt::ControlModifier);
        QApplication::clipboard()->setText(QStringLiteral("export MINER_API_INFO=\"") + QString(connection).replace(QLatin1Char(':'), QStringLiteral("：")) + QLatin1Char('"'));
        QTest::keyClick(text, Qt::Key_V, Qt::ControlModifier);
        const QString understood = child<QLabel>(*wizard, "understood")->text();
        QVERIFY2(understood.contains(QStringLiteral("全角")), qPrintable(understood));
        const QString token = connection.section(QLatin1Char(':'), 0, 0);
        QVERIFY(!understood.contains(token));
        confirm(*wizard);
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>(*wizard, "minerCard")->text().contains(QStringLiteral("f01000")), kPatienceMs);
        confirm(*wizard);
        child<QSpinBox>(*wizard, "port")->setValue(practice::stablePort());
        QTRY_VERIFY_WITH_TIMEOUT(child<QRadioButton>(*wizard, "listenThisPc")->isChecked(), kPatienceMs);
        for (int page = 0; page < 4; ++page) {
            confirm(*wizard);
            if (wizard->currentId() == SetupWizard::Parameters) child<QCheckBox>(*wizard, "fetchParameters")->setChecked(false);
        }
        QCOMPARE(wizard->currentId(), static_cast<int>(SetupWizard::Ready));
        QVERIFY(!child<QLabel>(*wizard, "summary")->text().contains(token));
        confirm(*wizard);
        QTRY_VERIFY_WITH_TIMEOUT(!home.miner->workers().empty(), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>(window, "stateSentence")->text().contains(QStringLiteral("f01000")), kPatienceMs);
        window.close();
        QTRY_VERIFY_WITH_TIMEOUT(ended.count() > 0, kPatienceMs);
        QVERIFY(!QSettings().allKeys().contains(QStringLiteral("setup/answers")));
    }

    void theConnectionIsCheckedFromTheWindowToo() {
        Home home(".lotusminer");
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MainWindow window(language);
        gui::WindowSession session(window);
        window.show();
        QTest::mouseClick(child<QPushButton>(window, "checkConnection"), Qt::LeftButton);
        auto* dialog = child<gui::DoctorDialog>(window, "doctorDialog");
        auto* checks = child<QTreeWidget>(*dialog, "checks");
        auto* when = child<QLabel>(*dialog, "checkedWhen");
        QTRY_VERIFY_WITH_TIMEOUT(!when->text().isEmpty(), kPatienceMs);
        QCOMPARE(checks->topLevelItemCount(), 14);
        const QPalette light = QApplication::palette();
        for (const QString& name : {QStringLiteral("zh_CN"), QStringLiteral("en")}) {
            language.use(name, false);
            QTest::qWait(0);
            for (const bool isDark : {false, true}) {
                QApplication::setPalette(isDark ? darkPalette() : light);
                QTest::qWait(0);
                QVERIFY(dialog->grab().save(QStringLiteral("doctor-%1-%2.png").arg(name, isDark ? QStringLiteral("dark") : QStringLiteral("light"))));
            }
            QApplication::setPalette(light);
            for (const QScrollArea* area : dialog->findChildren<QScrollArea*>()) QVERIFY2(area->horizontalScrollBar()->maximum() == 0, qPrintable(name));
            for (QWidget* widget : dialog->findChildren<QWidget*>()) {
                if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus) || widget->objectName().startsWith(QStringLiteral("qt_"))) continue;
                QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(widget);
                QVERIFY2(interface && !interface->text(QAccessible::Name).isEmpty(), qPrintable(widget->objectName()));
            }
        }
        // The miner goes: looked at again, the list says so.
        home.miner.reset();
        QTest::mouseClick(child<QPushButton>(*dialog, "checkAgain"), Qt::LeftButton);
        auto* outcome = child<QLabel>(*dialog, "checkOutcome");
        QTRY_VERIFY_WITH_TIMEOUT(outcome->text().contains(QStringLiteral("would not work")), kPatienceMs);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(!window.findChild<gui::DoctorDialog*>(), kPatienceMs);
    }

    void leftInTheMiddleItGoesOnThere() {
        Home home(".lotusminer");
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        {
            SetupWizard wizard(language);
            wizard.show();
            confirm(wizard);
            confirm(wizard);
            confirm(wizard);
            QTRY_VERIFY_WITH_TIMEOUT(child<QRadioButton>(wizard, "listenThisPc")->isChecked(), kPatienceMs);
            confirm(wizard);
            child<QRadioButton>(wizard, "role_pc1")->setChecked(true);
            confirm(wizard);
            QCOMPARE(wizard.currentId(), static_cast<int>(SetupWizard::Storage));
            wizard.reject();
        }
        QVERIFY(SetupWizard::isUnfinished());
        SetupWizard wizard(language);
        wizard.show();
        QTRY_COMPARE_WITH_TIMEOUT(wizard.currentId(), static_cast<int>(SetupWizard::Storage), kPatienceMs);
        // Back loses nothing either.
        QTest::keyClick(&wizard, Qt::Key_Left, Qt::AltModifier);
        QTest::mouseClick(wizard.button(QWizard::BackButton), Qt::LeftButton);
        QCOMPARE(wizard.currentId(), static_cast<int>(SetupWizard::Work));
        QVERIFY(child<QRadioButton>(wizard, "role_pc1")->isChecked());
        confirm(wizard);
        QTRY_VERIFY_WITH_TIMEOUT(child<QTreeWidget>(wizard, "storagePaths")->topLevelItemCount() == 1, kPatienceMs);
        confirm(wizard);
        QVERIFY2(child<QLabel>(wizard, "parameterNeed")->text().startsWith(QStringLiteral("No proof parameters")), qPrintable(child<QLabel>(wizard, "parameterNeed")->text()));
        confirm(wizard);
        QCOMPARE(wizard.currentId(), static_cast<int>(SetupWizard::Ready));
        child<QCheckBox>(wizard, "startNow")->setChecked(false);
        QSignalSpy settled(&wizard, &SetupWizard::settled);
        confirm(wizard);
        QTRY_COMPARE_WITH_TIMEOUT(settled.count(), 1, kPatienceMs);
        QVERIFY(!SetupWizard::isUnfinished());
        std::ifstream file(home.at(".lotusworker/lotus-seal-worker/config.toml"));
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        QVERIFY2(text.find("role = \"pc1\"") != std::string::npos, text.c_str());
    }

    void runAgainItChangesNothingUnlessSomethingIsChanged() {
        Home home("elsewhere");
        const std::string port = std::to_string(practice::stablePort()), kept = home.at("kept").string(), sealing = home.at("sealing").string();
        // By other means than the wizard, in forms that it would not write.
        common::SetupAnswers before;
        before.connection = home.connection().toStdString();
        before.listen = "localhost:" + port;
        before.advertise = "127.0.0.1:" + port;
        before.role = "pc2c2";
        before.sealPaths = {sealing, kept};
        before.storePaths = {kept};
        before.parameterFolder = "~/parameters";
        before.gateways = {"china", "https://example.org/ipfs/"};
        before.settings = {{"nice", "5"}, {"max-c2", "2"}, {"name", "one"}};
        const fs::path repo = home.at(".lotusworker");
        QVERIFY(common::carryOutSetup(before, repo));
        const auto contentOf = [&] {
            std::string out;
            for (const char* name : {".lotusworker/lotus-seal-worker/config.toml", ".lotusworker/storage.json", ".config/lotus-seal-worker/token", "parameters/lotus-seal-worker-gateways"}) {
                std::ifstream file(home.at(name));
                out += std::string(std::istreambuf_iterator<char>(file), {}) + "----\n";
            }
            return out;
        };
        const std::string written = contentOf();
        QVERIFY2(written.find("localhost:") != std::string::npos && written.find("example.org") != std::string::npos && written.find("\nnice = 5") != std::string::npos, written.c_str());
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        {
            SetupWizard wizard(language);
            wizard.show();
            for (int page = SetupWizard::Purpose; page < SetupWizard::Ready; ++page) {
                confirm(wizard);
                QCOMPARE(wizard.currentId(), page + 1);
                if (wizard.currentId() == SetupWizard::Miner) {
                    QVERIFY(child<QRadioButton>(wizard, "minerKept")->isVisible() && child<QRadioButton>(wizard, "minerKept")->isChecked());
                    QVERIFY(child<QRadioButton>(wizard, "minerKept")->text().contains(QStringLiteral("/ip4/127.0.0.1/tcp/")));
                }
            }
            // There and back again loses nothing either.
            for (int page = SetupWizard::Ready; page > SetupWizard::Miner; --page) QTest::mouseClick(wizard.button(QWizard::BackButton), Qt::LeftButton);
            QCOMPARE(wizard.currentId(), static_cast<int>(SetupWizard::Miner));
            for (int page = SetupWizard::Miner; page < SetupWizard::Ready; ++page) confirm(wizard);
            QTRY_VERIFY_WITH_TIMEOUT(wizard.button(QWizard::FinishButton)->isEnabled(), kPatienceMs);
            QVERIFY2(child<QLabel>(wizard, "steps")->text().contains(QStringLiteral("nothing has to be changed")), qPrintable(child<QLabel>(wizard, "steps")->text()));
            QVERIFY(child<QLabel>(wizard, "summary")->text().contains(QStringLiteral("/ip4/127.0.0.1/tcp/")));
            child<QCheckBox>(wizard, "startNow")->setChecked(false);
            QSignalSpy settled(&wizard, &SetupWizard::settled);
            confirm(wizard);
            QTRY_COMPARE_WITH_TIMEOUT(settled.count(), 1, kPatienceMs);
        }
        QCOMPARE(QString::fromStdString(contentOf()), QString::fromStdString(written));
        // One thing that is changed, and nothing else; left in the middle and gone on with.
        {
            SetupWizard wizard(language);
            wizard.show();
            for (int page = SetupWizard::Purpose; page < SetupWizard::Work; ++page) confirm(wizard);
            QCOMPARE(child<QSpinBox>(wizard, "nice")->value(), 5);
            QCOMPARE(child<QSpinBox>(wizard, "max-pc2")->value(), 1);
            QCOMPARE(child<QSpinBox>(wizard, "max-c2")->value(), 2);
            child<QSpinBox>(wizard, "max-pc2")->setValue(3);
            QVERIFY(child<gui::CommandBox>(wizard, "runCommand")->lines().contains(QStringLiteral("--role pc2c2 --max-c2=2 --max-pc2=3")));
            confirm(wizard);
            wizard.reject();
        }
        SetupWizard wizard(language);
        wizard.show();
        QTRY_COMPARE_WITH_TIMEOUT(wizard.currentId(), static_cast<int>(SetupWizard::Storage), kPatienceMs);
        for (int page = SetupWizard::Storage; page < SetupWizard::Ready; ++page) confirm(wizard);
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>(wizard, "steps")->text().contains(QStringLiteral("The settings are written")), kPatienceMs);
        const QString command = child<gui::CommandBox>(wizard, "setupCommand")->lines();
        QVERIFY2(command.contains(QStringLiteral("keep-miner = true")) && command.contains(QStringLiteral("max-pc2 = 3")) && !command.contains(QStringLiteral("eyJ")), qPrintable(command));
        child<QCheckBox>(wizard, "startNow")->setChecked(false);
        QSignalSpy settled(&wizard, &SetupWizard::settled);
        confirm(wizard);
        QTRY_COMPARE_WITH_TIMEOUT(settled.count(), 1, kPatienceMs);
        std::string changed = contentOf();
        const auto place = changed.find("max-pc2 = 3\n");
        QVERIFY2(place != std::string::npos, changed.c_str());
        changed.erase(place, 12);
        QCOMPARE(QString::fromStdString(changed), QString::fromStdString(written));
    }

    void practiceNeedsNoMiner() {
        Home home("elsewhere");
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        SetupWizard wizard(language);
        QSignalSpy practice(&wizard, &SetupWizard::practiceWanted), settled(&wizard, &SetupWizard::settled);
        wizard.show();
        child<QRadioButton>(wizard, "purposePractice")->setChecked(true);
        confirm(wizard);
        QCOMPARE(practice.count(), 1);
        QCOMPARE(settled.count(), 0);
    }

    void aMinerIsOpenedForOtherMachines() {
        Home home(".lotusminer");
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        gui::MinerListenDialog dialog(home.at(".lotusminer"));
        dialog.show();
        auto* all = child<QRadioButton>(dialog, "minerAll");
        auto* apply = child<QPushButton>(dialog, "minerApply");
        QTRY_VERIFY_WITH_TIMEOUT(child<QRadioButton>(dialog, "minerLan")->isChecked() || child<QRadioButton>(dialog, "minerLoopback")->isChecked(), kPatienceMs);
        all->setChecked(true);
        if (child<QComboBox>(dialog, "minerAddresses")->count() == 0) QSKIP("this machine has no network");
        QTRY_VERIFY_WITH_TIMEOUT(child<QPlainTextEdit>(dialog, "minerDiff")->toPlainText().contains(QStringLiteral("+  ListenAddress = \"/ip4/0.0.0.0/")), kPatienceMs);
        QVERIFY(child<QLabel>(dialog, "listenRemarks")->text().contains(QStringLiteral("Anybody on any network")));
        if (auto* accept = child<QCheckBox>(dialog, "minerAccept"); accept->isVisible()) {
            QVERIFY(!apply->isEnabled());
            accept->setChecked(true);
        }
        QTest::mouseClick(apply, Qt::LeftButton);
        const QString outcome = child<QLabel>(dialog, "listenOutcome")->text();
        QVERIFY2(outcome.startsWith(QStringLiteral("Done.")), qPrintable(outcome));
        std::ifstream file(home.at(".lotusminer/config.toml"));
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        QVERIFY2(text.find("/ip4/0.0.0.0/tcp/") != std::string::npos, text.c_str());
    }

    void everyPageIsWholeInBothLanguagesLightAndDark() {
        Home home(".lotusminer");
        const QPalette light = QApplication::palette();
        gui::Language language;
        language.use(QStringLiteral("en"), false);
        SetupWizard wizard(language);
        wizard.show();
        wizard.resize(800, 600);
        const QStringList names{QStringLiteral("purpose"), QStringLiteral("miner"), QStringLiteral("check"), QStringLiteral("address"), QStringLiteral("work"),
                                QStringLiteral("storage"), QStringLiteral("parameters"), QStringLiteral("ready")};
        int focusable = 0;
        for (int id = 0; id < names.size(); ++id) {
            QCOMPARE(wizard.currentId(), id);
            if (id != SetupWizard::Ready) QTRY_VERIFY_WITH_TIMEOUT(wizard.button(QWizard::NextButton)->isEnabled(), kPatienceMs);
            else QTRY_VERIFY_WITH_TIMEOUT(wizard.button(QWizard::FinishButton)->isEnabled(), kPatienceMs);
            for (const QString& name : {QStringLiteral("zh_CN"), QStringLiteral("en")}) {
                language.use(name, false);
                QCoreApplication::sendPostedEvents();
                QTest::qWait(0);
                QVERIFY(wizard.width() <= 800 && wizard.height() <= 600);
                for (const QScrollArea* area : wizard.currentPage()->findChildren<QScrollArea*>())
                    QVERIFY2(area->horizontalScrollBar()->maximum() == 0, qPrintable(names[id] + QLatin1Char(' ') + name));
                for (const bool isDark : {false, true}) {
                    QApplication::setPalette(isDark ? darkPalette() : light);
                    QTest::qWait(0);
                    QVERIFY(wizard.grab().save(QStringLiteral("wizard-%1-%2-%3.png").arg(names[id], name, isDark ? QStringLiteral("dark") : QStringLiteral("light"))));
                }
                QApplication::setPalette(light);
                for (QWidget* widget : wizard.findChildren<QWidget*>()) {
                    if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus) || widget->objectName().startsWith(QStringLiteral("qt_"))) continue;
                    QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(widget);
                    ++focusable;
                    QVERIFY2(interface && !interface->text(QAccessible::Name).isEmpty(), qPrintable(widget->objectName() + QLatin1Char(' ') + QLatin1String(widget->metaObject()->className())));
                }
            }
            if (id != SetupWizard::Ready) confirm(wizard);
        }
        QVERIFY(focusable > 50);
        wizard.reject();
    }
};

QTEST_MAIN(SetupWizardTest)
#include "tst_setup_wizard.moc"
