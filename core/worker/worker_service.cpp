// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/worker_service.h"

#include "worker/worker_core.h"

#include <mutex>

#include <QtCore/QThread>

namespace lsw::worker {

/// The thread "lsw-service". The core lives on its stack, so that everything in it is made and destroyed there.
class WorkerService::Private final : public QThread {
public:
    Private(WorkerService* owner, WorkerSettings settings) : m_owner(owner), m_settings(std::move(settings)) {
        setObjectName(QStringLiteral("lsw-service"));
        m_view.miner = m_settings.miner.endpoint.host;
        m_view.name = m_settings.name;
        m_view.repo = m_settings.repo.string();
    }

    void run() override {
        {
            WorkerCore core(m_settings, {[this](const WorkerView& view) {
                                             {
                                                 const std::lock_guard lock(m_mutex);
                                                 m_view = view;
                                             }
                                             Q_EMIT m_owner->viewChanged(view);
                                         },
                                         [this](ErrorCode code, const std::string& message) {
                                             Q_EMIT m_owner->failed(static_cast<int>(code), QString::fromStdString(message));
                                         },
                                         [this] { quit(); }});
            {
                const std::lock_guard lock(m_mutex);
                m_core = &core;
                for (auto& command : m_early) post(std::move(command));
                m_early.clear();
            }
            core.start();
            exec();
            const std::lock_guard lock(m_mutex);
            m_core = nullptr;
            m_ended = true;
        }
        Q_EMIT m_owner->stopped();
    }

    /// Runs a command on the service thread, soon; before the start it is kept, after the end dropped.
    void command(std::function<void(WorkerCore&)> what) {
        const std::lock_guard lock(m_mutex);
        if (m_core) post(std::move(what));
        else if (!m_ended) m_early.push_back(std::move(what));
    }

    WorkerView view() const {
        const std::lock_guard lock(m_mutex);
        return m_view;
    }

private:
    void post(std::function<void(WorkerCore&)> what) {
        QMetaObject::invokeMethod(m_core, [core = m_core, what = std::move(what)] { what(*core); }, Qt::QueuedConnection);
    }

    WorkerService* m_owner;
    WorkerSettings m_settings;
    /// Guards the copy of the view and the pointer to the core. Held for a copy or a post, never while anything is called:
    /// whoever asks for the view cannot hold the service thread up.
    mutable std::mutex m_mutex;
    WorkerView m_view;
    WorkerCore* m_core = nullptr;
    bool m_ended = false;
    std::vector<std::function<void(WorkerCore&)>> m_early;
};

WorkerService::WorkerService(WorkerSettings settings) : m_private(std::make_unique<Private>(this, std::move(settings))) {
    qRegisterMetaType<lsw::worker::WorkerView>();
    qRegisterMetaType<lsw::worker::ReloadResult>();
}

WorkerService::~WorkerService() {
    if (m_private->isRunning()) m_private->command([](WorkerCore& core) { core.stop(0, false); });
    m_private->wait();
}

void WorkerService::start() { m_private->start(); }

WorkerView WorkerService::view() const { return m_private->view(); }

void WorkerService::requestStop() {
    m_private->command([](WorkerCore& core) { core.stop(core.settings().shutdownLingerMs, false); });
}

void WorkerService::setEnabled(bool enabled) {
    m_private->command([enabled](WorkerCore& core) { core.setEnabled(enabled); });
}

void WorkerService::setMode(WorkMode mode) {
    m_private->command([mode](WorkerCore& core) { core.setMode(mode, [](const Expected<void>&) {}); });
}

void WorkerService::reload() {
    m_private->command([this](WorkerCore& core) {
        core.reload([this](const Expected<ReloadResult>& result) {
            if (result) Q_EMIT reloaded(*result, {});
            else Q_EMIT reloaded({}, QString::fromStdString(result.error().message()));
        });
    });
}

} // namespace lsw::worker
