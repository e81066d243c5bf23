// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/processor_groups.h"

#include <cstddef>
#include <mutex>
#include <vector>

namespace lsw::tasks {

/// Where running PC1 label: each on the cores that share an L3 cache where the fewest others for each core do, so that two share one only when there are more of
/// them than caches. Nothing is chosen where there is one cache.
///
/// thread  any
class CoreComplexes {
public:
    explicit CoreComplexes(std::vector<Processors> groups) : m_groups(std::move(groups)), m_taken(m_groups.size()) {}

    /// A place for as long as it lives.
    class Place {
    public:
        explicit Place(CoreComplexes& of);
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place();
        /// Empty: anywhere.
        const Processors& processors() const;

    private:
        CoreComplexes& m_of;
        std::size_t m_group = 0;
    };

private:
    std::vector<Processors> m_groups;
    std::mutex m_mutex;
    std::vector<std::size_t> m_taken;
};

} // namespace lsw::tasks
