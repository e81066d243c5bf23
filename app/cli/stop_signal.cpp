// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/stop_signal.h"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

namespace lsw::cli {
namespace {

sigset_t stopSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
    return set;
}

constexpr int kExitInterrupted = 130;

} // namespace

StopSignal::StopSignal(std::function<void()> onStop, std::function<void()> onHangup) {
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_thread = std::thread([this, onStop = std::move(onStop), onHangup = std::move(onHangup)] { wait(onStop, onHangup); });
}

StopSignal::~StopSignal() {
    m_done = true;
    pthread_kill(m_thread.native_handle(), SIGHUP);
    m_thread.join();
}

void StopSignal::wait(const std::function<void()>& onStop, const std::function<void()>& onHangup) {
    const sigset_t set = stopSignals();
    int signal = 0;
    while (sigwait(&set, &signal) == 0 && !m_done) {
        if (signal == SIGHUP && onHangup) {
            onHangup();
            continue;
        }
        if (!m_source.request_stop()) ::_exit(kExitInterrupted);
        onStop();
    }
}

} // namespace lsw::cli
