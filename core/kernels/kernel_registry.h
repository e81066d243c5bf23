// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "kernels/cpu_features.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// A kernel is an inner loop that is written several times: once portably, and once for each instruction set that makes it faster.
/// Which one runs is decided once for a process: the one that LSW_KERNEL forces, else the first whose instructions are there and
/// whose self-test passes.
namespace lsw::kernels {

/// What became of one implementation on this machine.
enum class Fitness {
    Works,       ///< may be used
    NoInstructions, ///< the processor, or the system, lacks what it needs
    SelfTestFailed, ///< it computes wrong values here: never used
};

struct ImplementationReport {
    std::string kernel, implementation;
    Fitness fitness = Fitness::Works;
    bool isChosen = false, isForced = false;
    double selfTestSeconds = 0; ///< what the self-test took; 0 where it could not run
};

namespace detail {
/// What LSW_KERNEL ("poseidon:avx2,labels:shani") says for a kernel; empty when it says nothing.
std::string_view forced(std::string_view kernel);
} // namespace detail

/// One way to compute a kernel.
template <typename Function>
struct Implementation {
    std::string_view name;
    bool (*runsOn)(const CpuFeatures&);
    Function function;
};

/// All implementations of one kernel, best first; the last is portable.
/// `selfTest` gets an implementation that runs here and says whether it gives known answers; under 50 ms.
template <typename Function>
class Kernel {
public:
    Kernel(std::string_view name, std::vector<Implementation<Function>> bestFirst, bool (*selfTest)(const Implementation<Function>&))
        : m_name(name), m_all(std::move(bestFirst)) {
        for (const auto& one : m_all) {
            const auto begin = std::chrono::steady_clock::now();
            const bool canRun = one.runsOn(cpuFeatures());
            m_fitness.push_back(!canRun ? Fitness::NoInstructions : selfTest(one) ? Fitness::Works : Fitness::SelfTestFailed);
            m_seconds.push_back(canRun ? std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() : 0);
        }
        const std::string_view wanted = detail::forced(name);
        for (std::size_t i = m_all.size(); i-- > 0;)
            if (m_fitness[i] == Fitness::Works && (wanted.empty() || wanted == m_all[i].name)) m_chosen = i;
        m_isForced = !wanted.empty();
    }

    std::string_view name() const { return m_name; }
    /// The one in use. A forced one that does not run has been refused by checkForcedKernels() before; the portable one answers then.
    const Implementation<Function>& chosen() const { return m_all[m_chosen]; }
    const std::vector<Implementation<Function>>& all() const { return m_all; }
    Fitness fitness(std::size_t place) const { return m_fitness[place]; }

    std::vector<ImplementationReport> report() const {
        std::vector<ImplementationReport> out;
        for (std::size_t i = 0; i < m_all.size(); ++i)
            out.push_back({std::string(m_name), std::string(m_all[i].name), m_fitness[i], i == m_chosen,
                           m_isForced && i == m_chosen, m_seconds[i]});
        return out;
    }

private:
    std::string_view m_name;
    std::vector<Implementation<Function>> m_all;
    std::vector<Fitness> m_fitness;
    std::vector<double> m_seconds;
    std::size_t m_chosen = m_all.size() - 1;
    bool m_isForced = false;
};

inline bool runsAnywhere(const CpuFeatures&) { return true; }

/// Every implementation of every kernel with what became of it here. Runs the self-tests that have not run yet.
std::vector<ImplementationReport> kernelReport();

/// InvalidArgument when LSW_KERNEL names a kernel or an implementation that is not there, or one that cannot run here: said at start,
/// because someone who forces a kernel wants that one and no other.
Expected<void> checkForcedKernels();

} // namespace lsw::kernels
