// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace lsw {

/// Numbers of processors, as the system counts them.
using Processors = std::vector<std::uint64_t>;

/// The processors that share an L3 cache, group by group, as far as this process may use them. Empty where the system does not tell. A group never
/// reaches over two NUMA nodes.
std::vector<Processors> processorGroups(const std::filesystem::path& root = "/");

/// Keeps the calling thread to some processors while it lives. None: where it is.
class KeptToProcessors {
public:
    explicit KeptToProcessors(const Processors& processors);
    KeptToProcessors(const KeptToProcessors&) = delete;
    KeptToProcessors& operator=(const KeptToProcessors&) = delete;
    ~KeptToProcessors();

private:
    Processors m_before; ///< empty: nothing to give back
};

} // namespace lsw
