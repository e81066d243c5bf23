// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "worker/worker_api.h"

#include <string>

namespace lsw::cli {

/// Tells systemd how its service does, where systemd has started this process (NOTIFY_SOCKET); elsewhere every call does nothing.
///
/// thread  the main thread; the watchdog is fed on the worker's
/// source  sd_notify(3), systemd.service(5): Type=notify, WatchdogSec
class ServiceManager {
public:
    /// Feeds the watchdog from the thread on which `worker` lives, and only while that thread's loop runs: three times in the period that is asked for.
    void watch(worker::WorkerApi& worker);
    /// READY=1 once the worker's port is bound, and a line of status when it has changed.
    void show(const worker::WorkerView& view);
    void reloading();
    void reloaded();
    void stopping();

private:
    bool m_isReady = false;
    std::string m_status;
};

/// What `systemctl status` shows: "PC1 of s-t01000-1: running, layer 7 of 11, 61 %; 2 more run, 3 wait". Without tasks, how it stands with the miner.
std::string serviceStatus(const worker::WorkerView& view);

} // namespace lsw::cli
