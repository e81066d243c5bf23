// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include <QtCore/QProcess>
#include <QtCore/QTimer>

namespace lsw::practice {

/// A real worker program as a second process, started again when it dies.
///
/// It finds the practice miner by LOTUS_MINER_PATH; what the environment says of another miner or of the worker's flags is taken out.
/// What it prints goes to `log`. When this program dies, the worker gets SIGTERM.
class PracticeWorker : public QObject {
    Q_OBJECT
public:
    struct Settings {
        std::string program;
        std::filesystem::path minerRepo, workerRepo, log;
        std::filesystem::path parameters; ///< folder of proof parameters; empty: as the environment has it
        bool prove = false;               ///< offers C2
        bool window = false;              ///< the program is the window instead; it is drawn nowhere
        std::map<std::string, std::string> environment{}; ///< more variables
    };
    explicit PracticeWorker(Settings settings, QObject* parent = nullptr);
    ~PracticeWorker() override;

    void start();
    /// It registered: deaths before that are counted, and after three the worker is given up.
    void noteRegistered() { m_failures = 0; }
    /// Asks it to end, and ends it after 5 s; `stopped` follows.
    void stop();
    /// The last line that it printed.
    QString lastWords() const;

Q_SIGNALS:
    void started(qint64 pid);
    void died();
    void gaveUp(const QString& reason); ///< it ends by itself again and again, or cannot be started
    void stopped();

private:
    void onFinished(int exitCode, QProcess::ExitStatus status);
    void onError(QProcess::ProcessError error);

    Settings m_settings;
    std::uint16_t m_port = 0;
    QProcess m_process;
    QTimer m_restart, m_kill;
    int m_failures = 0;
    bool m_stopping = false;
};

} // namespace lsw::practice
