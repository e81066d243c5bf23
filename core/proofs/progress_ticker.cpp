// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/progress_ticker.h"

#include <chrono>
#include <optional>
#include <tuple>

namespace lsw::proofs {

ProgressTicker::ProgressTicker(const TaskContext& context, std::function<Progress()> look)
    : m_thread([this, report = context.report, look = std::move(look)](const std::stop_token& stop) {
          std::optional<Progress> last;
          while (!stop.stop_requested()) {
              Progress now = look();
              const auto key = [](const Progress& p) { return std::tie(p.phase, p.step, p.done, p.total); };
              if (!last || key(*last) != key(now)) {
                  report(now);
                  last = std::move(now);
              }
              std::unique_lock lock(m_mutex);
              m_wake.wait_for(lock, stop, std::chrono::milliseconds(200), [] { return false; });
          }
      }) {}

ProgressTicker::~ProgressTicker() = default;

std::function<Progress()> secondsOf(std::string phase, std::string step) {
    return [phase = std::move(phase), step = std::move(step), start = std::chrono::steady_clock::now()] {
        const auto passed = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
        return Progress{phase, step, static_cast<std::uint64_t>(passed), 0, "seconds"};
    };
}

} // namespace lsw::proofs
