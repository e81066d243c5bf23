// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/core_complexes.h"

#include <algorithm>

namespace lsw::tasks {

CoreComplexes::Place::Place(CoreComplexes& of) : m_of(of) {
    if (of.m_groups.empty()) return;
    const std::lock_guard lock(of.m_mutex);
    // The fewest for its cores, of several such the one with the most: a process may be allowed a part of a cache's cores only.
    const auto isBetter = [&](std::size_t a, std::size_t b) {
        const auto load = of.m_taken[a] * of.m_groups[b].size(), other = of.m_taken[b] * of.m_groups[a].size();
        return load != other ? load < other : of.m_groups[a].size() > of.m_groups[b].size();
    };
    for (std::size_t i = 1; i < of.m_groups.size(); ++i)
        if (isBetter(i, m_group)) m_group = i;
    ++of.m_taken[m_group];
}

CoreComplexes::Place::~Place() {
    if (m_of.m_groups.empty()) return;
    const std::lock_guard lock(m_of.m_mutex);
    --m_of.m_taken[m_group];
}

const Processors& CoreComplexes::Place::processors() const {
    static const Processors kAnywhere;
    return m_of.m_groups.size() < 2 ? kAnywhere : m_of.m_groups[m_group];
}

} // namespace lsw::tasks
