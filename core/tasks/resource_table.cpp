// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/resource_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace lsw::tasks {
namespace {

using protocol::TaskResources;

constexpr std::uint64_t kKiB = 1ULL << 10, kMiB = 1ULL << 20, kGiB = 1ULL << 30;
constexpr std::size_t kSizes = 5; ///< 2 KiB, 8 MiB, 512 MiB, 32 GiB, 64 GiB
constexpr std::array<std::string_view, kSizes> kShortSizes{"2K", "8M", "512M", "32G", "64G"};
constexpr std::array<std::string_view, kSizes> kLongSizes{"2KiB", "8MiB", "512MiB", "32GiB", "64GiB"};
constexpr std::size_t kFamilies = 3; ///< V1, V1_1, synthetic: proof = 5 × family + size

struct Memory {
    std::uint64_t min, max, base;
};
using Memories = std::array<Memory, kSizes>;

constexpr Memory kTiny{2 * kKiB, 2 * kKiB, 2 * kKiB};
constexpr Memory kSmall{8 * kMiB, 8 * kMiB, 8 * kMiB};
constexpr Memory kOneGiB{kGiB, kGiB, kGiB};

constexpr Memories kAddPiece{{kTiny, kSmall, kOneGiB, {4 * kGiB, 4 * kGiB, kGiB}, {8 * kGiB, 8 * kGiB, kGiB}}};
constexpr Memories kPreCommit1{
    {kTiny, kSmall, {768 * kMiB, kGiB, kMiB}, {56 * kGiB, 64 * kGiB, 10 * kMiB}, {112 * kGiB, 128 * kGiB, 10 * kMiB}}};
constexpr Memories kPreCommit2{{kTiny, kSmall, {kGiB, 1536 * kMiB, kGiB}, {15 * kGiB, 15 * kGiB, kGiB}, {30 * kGiB, 30 * kGiB, kGiB}}};
constexpr Memories kCommit1{{kTiny, kSmall, kOneGiB, kOneGiB, kOneGiB}};
constexpr Memories kCommit2{
    {kTiny, kSmall, {kGiB, 1536 * kMiB, 10 * kGiB}, {30 * kGiB, 150 * kGiB, 32 * kGiB}, {60 * kGiB, 190 * kGiB, 64 * kGiB}}};
constexpr Memories kWindowPost{
    {kTiny, kSmall, {kGiB, 1536 * kMiB, 10 * kGiB}, {30 * kGiB, 96 * kGiB, 32 * kGiB}, {60 * kGiB, 120 * kGiB, 64 * kGiB}}};
constexpr Memories kWinningPost{{kTiny, kSmall, {2 * kKiB, 2 * kKiB, 10 * kGiB}, {kGiB, kGiB, 32 * kGiB}, {kGiB, kGiB, 64 * kGiB}}};

constexpr Memories sameForAll(Memory memory) { return {{memory, memory, memory, memory, memory}}; }

/// What a type needs beside memory: up to 512 MiB, and from 32 GiB on.
struct Compute {
    int parallelism = 0, parallelismGpu = 0;
    double gpu = 0;
};

struct TypeRow {
    std::string_view name, shortName;
    Memories memory;
    Compute small, large;
    bool sdr = false;      ///< counts the producers of multicore SDR
    bool sizeless = false; ///< DataCid: the miner schedules it without a sector
};

constexpr Compute kProof{1, 0, 1}, kLargeProof{-1, 6, 1};

const std::array<TypeRow, 14> kRows{{
    {"seal/v0/addpiece", "AP", kAddPiece, {1, 0, 0}, {1, 0, 0}},
    {"seal/v0/datacid", "DC", sameForAll({4 * kGiB, 4 * kGiB, kGiB}), {1, 0, 0}, {1, 0, 0}, false, true},
    {"seal/v0/precommit/1", "PC1", kPreCommit1, {1, 0, 0}, {1, 0, 0}, true},
    {"seal/v0/precommit/2", "PC2", kPreCommit2, {-1, 0, 0}, kLargeProof},
    {"seal/v0/commit/1", "C1", kCommit1, {}, {}},
    {"seal/v0/commit/2", "C2", kCommit2, kProof, kLargeProof},
    {"seal/v0/unseal", "UNS", kPreCommit1, {1, 0, 0}, {1, 0, 0}, true},
    {"seal/v0/fetch", "GET", sameForAll({kMiB, kMiB, 0}), {}, {}},
    {"seal/v0/replicaupdate", "RU", kAddPiece, {1, 0, 1}, {1, 6, 1}},
    {"seal/v0/provereplicaupdate/1", "PR1", kCommit1, {}, {}},
    {"seal/v0/provereplicaupdate/2", "PR2", kCommit2, kProof, kLargeProof},
    {"seal/v0/regensectorkey", "GSK", kAddPiece, {1, 0, 1}, {1, 6, 1}},
    {"post/v0/windowproof", "WDP", kWindowPost, kProof, kLargeProof},
    {"post/v0/winningproof", "WNP", kWinningPost, kProof, kLargeProof},
}};

/// Reads overrides and remembers what could not be read, once for each variable.
class Overrides {
public:
    Overrides(const std::function<std::string(const std::string&)>& environment, std::vector<std::string>* notes)
        : m_environment(environment), m_notes(notes) {}

    /// Sets `field` from the variable of this size, else from that of the type; false when neither is set.
    template <typename T>
    bool apply(const TypeRow& row, std::size_t size, std::string_view fieldName, T& field) {
        const std::string prefix = std::string(row.shortName) + '_', suffix = '_' + std::string(fieldName);
        if (applyOne(prefix + std::string(kShortSizes[size]) + suffix, field)) return true;
        if (row.sizeless) {
            // lotus-worker copies these to the plain name at its start, the larger size last.
            for (std::size_t i = kSizes; i-- > 0;)
                if (applyOne(prefix + std::string(kLongSizes[i]) + suffix, field)) return true;
        }
        return applyOne(prefix + std::string(fieldName), field);
    }

    /// Threads of one PC1: one, or the producers of multicore SDR and their consumer.
    int sdrThreads() {
        if (m_environment("FIL_PROOFS_USE_MULTICORE_SDR") != "1") return 1;
        int producers = 3;
        applyOne("FIL_PROOFS_MULTICORE_SDR_PRODUCERS", producers);
        return producers + 1;
    }

private:
    template <typename T>
    bool applyOne(const std::string& variable, T& field) {
        const std::string text = m_environment(variable);
        if (text.empty()) return false;
        T value{};
        const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
        bool good = status == std::errc() && end == text.data() + text.size();
        if constexpr (std::is_same_v<T, double>) good = good && std::isfinite(value) && value >= 0;
        if (good) {
            field = value;
        } else if (m_notes && m_named.insert(variable).second) {
            m_notes->push_back(variable + " is \"" + text + "\", which is no " + (std::is_same_v<T, double> ? "number" : "whole number") +
                               " (of plain " + (std::is_same_v<T, std::uint64_t> ? "bytes" : "digits") +
                               "): the default of lotus is used instead.");
        }
        return true;
    }

    const std::function<std::string(const std::string&)>& m_environment;
    std::vector<std::string>* m_notes;
    std::set<std::string> m_named;
};

} // namespace

std::vector<ResourceRow> resourceRows() {
    std::vector<ResourceRow> out;
    for (const TypeRow& row : kRows) out.push_back({row.name, row.shortName});
    return out;
}

ResourceTable resourceTable(const std::function<std::string(const std::string&)>& environment, std::vector<std::string>* notes) {
    Overrides overrides(environment, notes);
    const int sdrThreads = overrides.sdrThreads();
    ResourceTable table;
    for (const TypeRow& row : kRows) {
        auto& proofs = table[std::string(row.name)];
        for (std::size_t size = 0; size < kSizes; ++size) {
            const Compute& compute = size < 3 ? row.small : row.large;
            TaskResources r;
            r.minMemory = row.memory[size].min;
            r.maxMemory = row.memory[size].max;
            r.baseMinMemory = row.memory[size].base;
            r.gpuUtilization = compute.gpu;
            r.maxParallelism = row.sdr ? sdrThreads : compute.parallelism;
            r.maxParallelismGpu = compute.parallelismGpu;
            overrides.apply(row, size, "MIN_MEMORY", r.minMemory);
            overrides.apply(row, size, "MAX_MEMORY", r.maxMemory);
            overrides.apply(row, size, "GPU_UTILIZATION", r.gpuUtilization);
            overrides.apply(row, size, "MAX_PARALLELISM", r.maxParallelism);
            overrides.apply(row, size, "MAX_PARALLELISM_GPU", r.maxParallelismGpu);
            overrides.apply(row, size, "BASE_MIN_MEMORY", r.baseMinMemory);
            overrides.apply(row, size, "MAX_CONCURRENT", r.maxConcurrent);
            for (std::size_t family = 0; family < kFamilies; ++family) proofs[static_cast<std::int64_t>(family * kSizes + size)] = r;
        }
    }
    return table;
}

void limitLabels(ResourceTable& table, std::uint64_t bytes) {
    if (bytes == 0) return;
    for (auto& [proof, needs] : table["seal/v0/precommit/1"]) {
        needs.minMemory = std::min(needs.minMemory, bytes);
        needs.maxMemory = std::min(needs.maxMemory, bytes);
    }
}

TaskResources resourcesOf(const ResourceTable& table, std::string_view taskType, sector::SealProof proof) {
    const auto type = table.find(std::string(taskType));
    if (type == table.end()) return {};
    const auto row = type->second.find(static_cast<std::int64_t>(proof));
    return row == type->second.end() ? TaskResources{} : row->second;
}

int threadsOf(const TaskResources& resources, int cpus, int gpus) {
    const bool onGpu = resources.gpuUtilization > 0 && gpus > 0 && resources.maxParallelismGpu != 0;
    const int threads = onGpu ? resources.maxParallelismGpu : resources.maxParallelism;
    if (threads != -1) return threads;
    const int share = cpus * 92 / 100;
    return share == 0 ? cpus : share;
}

} // namespace lsw::tasks
