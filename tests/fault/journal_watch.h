// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "sector_life.h"

namespace lsw::test {

/// What the journals of dead workers said, held against what the miner got in the end.
class JournalWatch {
public:
    explicit JournalWatch(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Reads a copy of the journal that the dead worker left; the journal itself is for the next worker.
    void look(const std::set<std::string>& taken);
    struct Verdict {
        int lostResults = 0, lostCalls = 0;
        std::string what;
    };
    /// A result that was finished must have come as it was; a call that was taken must have been known.
    Verdict judge(const LifeResult& life) const;
    int finished() const { return static_cast<int>(m_finished.size()); }

private:
    std::filesystem::path m_folder;
    std::map<std::string, bool> m_finished; ///< call id → whether it succeeded
    std::set<std::string> m_unknown;
    std::string m_wrong;
};

} // namespace lsw::test
