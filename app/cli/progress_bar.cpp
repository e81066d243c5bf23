// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/progress_bar.h"

#include "cli/output.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace lsw::cli {
namespace {

constexpr int kCells = 30;
constexpr std::chrono::milliseconds kRedraw{100};

} // namespace

ProgressBar::ProgressBar() {
    const char* term = std::getenv("TERM");
    m_terminal = ::isatty(STDERR_FILENO) && term && std::string_view(term) != "dumb";
}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::show(const std::string& label, double fraction, const std::string& text) {
    if (!m_terminal) return;
    const auto now = std::chrono::steady_clock::now();
    if (label != m_label) {
        m_label = label;
        m_since = now;
    } else if (now - m_lastDrawn < kRedraw && fraction < 1) return;
    m_lastDrawn = now;
    std::string line = "\r\x1b[K" + label + ' ';
    if (fraction >= 0) {
        const int filled = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * kCells);
        line += '[' + std::string(static_cast<std::size_t>(filled), '#') + std::string(static_cast<std::size_t>(kCells - filled), '.') + "] " +
                std::to_string(static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 100)) + " %";
    } else {
        line += durationText(std::chrono::duration<double>(now - m_since).count());
    }
    if (!text.empty()) line += "  " + text;
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
    m_drawn = true;
}

void ProgressBar::clear() {
    if (!m_drawn) return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    m_drawn = false;
}

} // namespace lsw::cli
