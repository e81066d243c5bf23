// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <QtCore/QElapsedTimer>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include "practice/practice_run.h"
#include "support/test_paths.h"
#include "tasks/isolated_engine.h"

namespace lsw::test {

/// What one practice run of the real programs gave.
struct LifeResult {
    int errorCode = 0;
    QString message, workerLog;
    std::map<std::string, boost::json::object> phases;
    std::string commR() const {
        const auto found = phases.find("pc2");
        return found == phases.end() ? std::string() : std::string(found->second.at("comm_r").as_string());
    }
    int askedAgain = 0;
    std::map<std::string, int> accepted; ///< call id → how often its result was taken
    int successes = 0;
    std::map<std::string, std::optional<int>> firstCode; ///< call id → code of the error that came first; nothing for a success
    std::set<std::string> taken;                         ///< calls that the worker answered with an id
    double seconds = 0;
};

/// A sector whose data, ticket, seed and number are always the same, so that every run must give one CommR.
class SectorLife {
public:
    SectorLife() {
        tasks::ProverSettings prover;
        prover.folder = lsw::test::kProgramFolder;
        m_engine = std::make_unique<tasks::IsolatedEngine>(prover);
        const std::filesystem::path root(m_temporary.path().toStdString());
        std::ofstream data(root / "data", std::ios::binary);
        for (int i = 0; i < 1500; ++i) data.put(static_cast<char>(i * 31 + 5));
        data.close();
        m_settings.file = root / "data";
        m_settings.folder = root / "run";
        m_settings.workerProgram = std::string(lsw::test::kProgramFolder) + "/lotus-seal-worker";
        m_settings.ticket = Bytes32{9, 8, 7, 6, 9, 8, 7, 6};
        m_settings.seed = Bytes32{1, 2, 3, 4, 1, 2, 3, 4};
        m_settings.seedWaitMs = 1;
        m_settings.sessionPollMs = 500;
    }

    /// Why no sector can be sealed here; empty when one can.
    QString reasonToSkip() {
        if (auto program = m_engine->proverProgram(); !program) return QString::fromStdString(program.error().message());
        const auto tried = m_engine->commit2({}, {});
        if (!tried && tried.error().code() == ErrorCode::NotInstalled) return QString::fromStdString(tried.error().message());
        return {};
    }

    practice::PracticeSettings& settings() { return m_settings; }

    /// Runs to the end; `disturb` is called once with the run that was just started, and may connect to its signals.
    LifeResult live(const std::function<void(practice::PracticeRun&)>& disturb, int limitMs = 300000) {
        LifeResult result;
        QElapsedTimer clock;
        clock.start();
        bool finished = false;
        practice::PracticeRun run(m_settings, *m_engine);
        QObject::connect(&run, &practice::PracticeRun::phase, &run, [&](const QByteArray& line) {
            const boost::json::object object = boost::json::parse(line.toStdString()).as_object();
            result.phases[std::string(object.at("phase").as_string())] = object;
        });
        QObject::connect(&run, &practice::PracticeRun::workerStarted, &run, [&] {
            if (std::exchange(m_watching, true)) return;
            QObject::connect(run.miner(), &practice::PracticeMiner::returned, &run, [&](const practice::ArrivedReturn& arrived) {
                ++result.accepted[arrived.id.uuid];
                result.firstCode.try_emplace(arrived.id.uuid, arrived.error ? std::optional(arrived.error->code) : std::nullopt);
                if (!arrived.error) ++result.successes;
            });
            QObject::connect(run.miner(), &practice::PracticeMiner::taken, &run,
                             [&](const QString&, const QString& uuid) { result.taken.insert(uuid.toStdString()); });
        });
        QObject::connect(&run, &practice::PracticeRun::finished, &run, [&](int code, const QString& message) {
            result.errorCode = code;
            result.message = message;
            result.askedAgain = run.tasksAskedAgain();
            finished = true;
        });
        m_watching = false;
        disturb(run);
        run.start();
        if (!QTest::qWaitFor([&] { return finished; }, limitMs)) {
            result.errorCode = static_cast<int>(ErrorCode::Timeout);
            result.message = QStringLiteral("the run did not end in time");
        }
        result.seconds = static_cast<double>(clock.elapsed()) / 1000;
        std::ifstream log(m_settings.folder / "worker.log");
        result.workerLog = QString::fromStdString(std::string(std::istreambuf_iterator<char>(log), {})).right(4000);
        std::error_code ignored;
        std::filesystem::remove_all(m_settings.folder, ignored);
        return result;
    }

private:
    QTemporaryDir m_temporary;
    practice::PracticeSettings m_settings;
    std::unique_ptr<tasks::IsolatedEngine> m_engine;
    bool m_watching = false;
};

} // namespace lsw::test

/// The run ended well, gave this CommR, and no result was taken twice.
#define LSW_VERIFY_LIFE(result, wanted)                                                                                           \
    do {                                                                                                                          \
        QVERIFY2((result).errorCode == -1, qPrintable((result).message + QStringLiteral("\n--- worker:\n") + (result).workerLog));\
        QCOMPARE((result).commR(), wanted);                                                                                       \
        QVERIFY((result).phases.at("done").at("readback").as_bool());                                                             \
        for (const auto& [uuid, count] : (result).accepted) QCOMPARE(count, 1);                                                   \
    } while (false)
