// SPDX-License-Identifier: MIT OR Apache-2.0
#include "history/phase_clock.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace lsw::history {
namespace {

/// A step that says which of how many it is: "layer 3 of 11", "trees 2 of 8".
struct Counted {
    std::string_view name;
    std::uint64_t number = 0, of = 0; ///< of 0: it does not
};

Counted counted(std::string_view step) {
    const auto of = step.find(" of ");
    if (of == std::string_view::npos) return {step};
    const auto before = step.rfind(' ', of - 1);
    if (of == 0 || before == std::string_view::npos) return {step};
    Counted out{step.substr(0, before)};
    const auto number = [&](std::size_t at, std::uint64_t& value) {
        return std::from_chars(step.data() + at, step.data() + step.size(), value).ec == std::errc();
    };
    if (!number(before + 1, out.number) || !number(of + 4, out.of) || out.number == 0 || out.of < out.number) return {step};
    return out;
}

bool isTransfer(const Progress& progress) { return progress.unit == "bytes" && (progress.phase == "fetch" || progress.phase == "move"); }
bool movesBytes(const Progress& progress) { return isTransfer(progress) || (progress.unit == "bytes" && progress.phase == "addpiece" && progress.step.empty()); }

} // namespace

std::string phaseName(const Progress& progress) {
    std::string_view step = counted(progress.step).name;
    step = step.substr(0, step.find_first_of(":,"));
    return step.empty() ? progress.phase : progress.phase + ' ' + std::string(step);
}

std::int64_t PhaseClock::now() {
    // CLOCK_MONOTONIC, which a suspended machine stops.
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void PhaseClock::start(std::int64_t nowMs) {
    const std::lock_guard lock(m_mutex);
    m_begun = m_since = nowMs;
}

void PhaseClock::addTime(std::int64_t nowMs) {
    if (nowMs <= m_since) return;
    if (!m_state.phases.empty()) m_state.phases.back().ms += nowMs - m_since;
    m_since = nowMs;
}

void PhaseClock::note(const Progress& progress, std::int64_t nowMs) {
    const std::lock_guard lock(m_mutex);
    if (m_begun < 0) return;
    addTime(nowMs);
    const Counted count = counted(progress.step);
    const bool isNew = m_state.phases.empty() || phaseName(progress) != m_state.phases.back().name;
    if (isNew) {
        // A phase that comes back, as a check between trees, goes on where it was and is the one that runs.
        const std::string name = phaseName(progress);
        const auto old = std::find_if(m_state.phases.begin(), m_state.phases.end(), [&](const PhaseTime& one) { return one.name == name; });
        if (old != m_state.phases.end()) std::rotate(old, old + 1, m_state.phases.end());
        else m_state.phases.push_back({name, m_state.phases.empty() ? std::max<std::int64_t>(0, nowMs - m_begun) : 0});
    }
    const bool isNewStep = isNew || progress.step != m_step || progress.phase != m_phase;
    if (isNewStep || progress.done < m_lastDone) {
        m_firstDone = m_lastDone = isNewStep && !isTransfer(progress) ? 0 : progress.done;
        m_stepBegun = nowMs;
    }
    if (movesBytes(progress)) m_state.bytesMoved += progress.done - m_lastDone;
    m_lastDone = progress.done;
    m_phase = progress.phase;
    m_step = progress.step;

    const double part = progress.total > 0 ? std::clamp(static_cast<double>(progress.done) / static_cast<double>(progress.total), 0.0, 1.0) : -1;
    // Labels and trees are counted over all of them, the rest each for itself.
    const bool isWhole = count.of == 0 || count.name == "layer" || count.name == "trees";
    m_state.unit = count.of > 0 ? 1.0 / static_cast<double>(count.of) : 0;
    m_state.fraction = isWhole ? part : (static_cast<double>(count.number - 1) + std::max(0.0, part)) / static_cast<double>(count.of);
    if (isNew) m_state.begunAt = m_state.fraction < 0 ? 0 : m_state.fraction;
    m_state.bytesPerSecond = isTransfer(progress) && nowMs - m_stepBegun >= 1000 ? static_cast<std::uint64_t>(static_cast<double>(m_lastDone - m_firstDone) * 1000 / static_cast<double>(nowMs - m_stepBegun)) : 0;

    // Engines check what is there before they go on from it, and only then.
    if (progress.step.starts_with("checking the layers") || progress.step.starts_with("checking the trees")) m_looksAtOld = true;
    else if (m_looksAtOld && isNew && count.of > 0 && (count.name == "layer" || count.name == "trees")) {
        m_looksAtOld = false;
        if (m_state.begunAt >= 0.01) {
            m_state.kept = m_state.begunAt;
            m_state.keptPhase = m_state.phases.back().name;
            m_state.resumedAt = std::string(count.name) + ' ' + std::to_string(count.number) + " of " + std::to_string(count.of);
        }
    }
}

Reading PhaseClock::reading(std::int64_t nowMs) const {
    const std::lock_guard lock(m_mutex);
    Reading out = m_state;
    if (m_begun < 0) return out;
    if (nowMs > m_since && !out.phases.empty()) out.phases.back().ms += nowMs - m_since;
    out.activeMs = std::max<std::int64_t>(0, std::max(nowMs, m_since) - m_begun);
    return out;
}

} // namespace lsw::history
