// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/service_manager.h"

#include "cli/commands/run_report.h"
#include "cli/commands/task_text.h"

#include <QtCore/QTimer>

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace lsw::cli {

using worker::TaskState;
using worker::TaskView;

namespace {

constexpr int kFeedsInAPeriod = 3;

double shareDone(const TaskView& task) {
    return task.progress.total == 0 ? 0 : static_cast<double>(task.progress.done) / static_cast<double>(task.progress.total);
}

} // namespace

std::string serviceStatus(const worker::WorkerView& view) {
    const TaskView* shown = nullptr;
    std::size_t running = 0, waiting = 0, undelivered = 0;
    for (const TaskView& task : view.tasks) {
        waiting += task.state == TaskState::Waiting;
        undelivered += task.state == TaskState::Undelivered;
        if (task.state != TaskState::Running) continue;
        ++running;
        if (!shown || shareDone(task) > shareDone(*shown)) shown = &task;
    }
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : text.find(':') == std::string::npos ? ", " : "; ") + part; };
    if (view.connection != worker::ConnectionState::Connected) add(connectionSentence(view).substr(0, connectionSentence(view).find_last_not_of('.') + 1));
    if (shown) add(taskName(*shown) + ": " + stateText(*shown));
    if (running > 1) add(std::to_string(running - 1) + " more running");
    if (waiting > 0) add(std::to_string(waiting) + " waiting");
    if (undelivered > 0) add(undelivered == 1 ? "1 result to be delivered" : std::to_string(undelivered) + " results to be delivered");
    if (const std::string mode = modeText(view); mode != "yes") add("takes no new tasks (" + mode.substr(4) + ')');
    return text.empty() ? "Waiting for tasks of miner " + view.minerActor : text;
}

void ServiceManager::watch(worker::WorkerApi& worker) {
    std::uint64_t period = 0;
    if (sd_watchdog_enabled(0, &period) <= 0) return;
    auto* timer = new QTimer; // a child of the worker, so that it ends with it, on its thread
    timer->setInterval(std::max(std::chrono::milliseconds(1), std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(period)) / kFeedsInAPeriod));
    QObject::connect(timer, &QTimer::timeout, timer, [] { sd_notify(0, "WATCHDOG=1"); });
    timer->moveToThread(worker.thread());
    QMetaObject::invokeMethod(&worker, [&worker, timer] {
        timer->setParent(&worker);
        timer->start();
        sd_notify(0, "WATCHDOG=1");
    });
}

void ServiceManager::show(const worker::WorkerView& view) {
    const std::string status = serviceStatus(view);
    const bool isNowReady = !m_isReady && !view.listen.empty();
    if (isNowReady) m_isReady = true;
    else if (status == m_status) return;
    m_status = status;
    sd_notify(0, ((isNowReady ? "READY=1\nSTATUS=" : "STATUS=") + status).c_str());
}

void ServiceManager::reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.tv_sec * 1'000'000 + now.tv_nsec / 1000)).c_str());
}

void ServiceManager::reloaded() { sd_notify(0, "READY=1"); }
void ServiceManager::stopping() { sd_notify(0, "STOPPING=1\nSTATUS=Stopping"); }

} // namespace lsw::cli
