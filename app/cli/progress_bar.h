// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace lsw::cli {

/// One line on standard error that is drawn over itself while it goes on; nothing at all when that is no terminal.
class ProgressBar {
public:
    ProgressBar();
    ~ProgressBar();
    /// `fraction` 0…1, or negative when it cannot be known: then the elapsed time of the phase is shown.
    void show(const std::string& label, double fraction, const std::string& text);
    /// Removes the line, so that other text can be written.
    void clear();

private:
    bool m_terminal;
    bool m_drawn = false;
    std::string m_label;
    std::chrono::steady_clock::time_point m_since, m_lastDrawn;
};

} // namespace lsw::cli
