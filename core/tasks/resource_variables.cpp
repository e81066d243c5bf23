// SPDX-License-Identifier: MIT OR Apache-2.0
#include "tasks/resource_variables.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <optional>

#include <unistd.h>

#include "base/letter_distance.h"
#include "tasks/resource_table.h"

namespace lsw::tasks {
namespace {

using protocol::TaskResources;

constexpr std::array<std::string_view, 5> kSizes{"2K", "8M", "512M", "32G", "64G"};
constexpr std::size_t kSizelessDefault = 3;

std::string text(double value) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%g", value);
    return buffer.data();
}

struct Field {
    std::string_view name;
    std::string (*value)(const TaskResources&);
};
constexpr std::array<Field, 7> kFields{{
    {"MIN_MEMORY", [](const TaskResources& r) { return std::to_string(r.minMemory); }},
    {"MAX_MEMORY", [](const TaskResources& r) { return std::to_string(r.maxMemory); }},
    {"GPU_UTILIZATION", [](const TaskResources& r) { return text(r.gpuUtilization); }},
    {"MAX_PARALLELISM", [](const TaskResources& r) { return std::to_string(r.maxParallelism); }},
    {"MAX_PARALLELISM_GPU", [](const TaskResources& r) { return std::to_string(r.maxParallelismGpu); }},
    {"BASE_MIN_MEMORY", [](const TaskResources& r) { return std::to_string(r.baseMinMemory); }},
    {"MAX_CONCURRENT", [](const TaskResources& r) { return std::to_string(r.maxConcurrent); }},
}};

/// What people write for a task, as lotus abbreviates it; the last four have no row.
struct Alias {
    std::string_view written, shortName;
};
constexpr std::array<Alias, 22> kAliases{{{"ADDPIECE", "AP"},    {"DATACID", "DC"},      {"PRECOMMIT1", "PC1"}, {"PRECOMMIT2", "PC2"},
                                          {"PRECOMMIT", "PC1"},  {"P1", "PC1"},          {"P2", "PC2"},         {"PC", "PC1"},
                                          {"COMMIT1", "C1"},     {"COMMIT2", "C2"},      {"COMMIT", "C2"},      {"UNSEAL", "UNS"},
                                          {"FETCH", "GET"},      {"REPLICAUPDATE", "RU"}, {"REGENSECTORKEY", "GSK"}, {"WINDOWPOST", "WDP"},
                                          {"WDPOST", "WDP"},     {"WINNINGPOST", "WNP"}, {"FINALIZE", "FIN"},   {"FINALIZEUNSEALED", "FUS"},
                                          {"FINALIZEREPLICAUPDATE", "FRU"}, {"DOWNLOAD", "DL"}}};
constexpr std::array<std::string_view, 4> kWithoutRow{"FIN", "FUS", "FRU", "DL"};

template <typename List>
bool contains(const List& list, std::string_view one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

/// "32GIB", "32GB", "32g" → "32G"; nothing for what is no size.
std::optional<std::string> sizeOf(std::string_view token) {
    std::size_t digits = 0;
    while (digits < token.size() && std::isdigit(static_cast<unsigned char>(token[digits]))) ++digits;
    if (digits == 0 || digits == token.size()) return std::nullopt;
    const std::string_view unit = token.substr(digits);
    for (const char letter : {'K', 'M', 'G', 'T'})
        if (unit == std::string{letter} || unit == std::string{letter, 'B'} || unit == std::string{letter, 'I', 'B'})
            return std::string(token.substr(0, digits)) + letter;
    return std::nullopt;
}

std::vector<std::string> tokensOf(std::string_view name) {
    std::vector<std::string> out(1);
    for (const char c : name) {
        if (c == '_' || c == '-') out.emplace_back();
        else out.back() += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return out;
}

/// What a name says when its words are read generously.
struct Meaning {
    std::string plain;     ///< with the short words for task and size
    std::string task;      ///< lotus' abbreviation, empty: none in it
    bool hasSize = false, endsWithField = false, startsWithTask = false, fieldWord = false;
};

Meaning meaningOf(std::string_view name, const std::vector<std::string_view>& shortNames) {
    Meaning out;
    bool first = true;
    for (std::string token : tokensOf(name)) {
        const auto alias = std::find_if(kAliases.begin(), kAliases.end(), [&](const Alias& row) { return row.written == token; });
        if (alias != kAliases.end()) token = alias->shortName;
        if (const auto size = sizeOf(token)) {
            token = *size;
            out.hasSize = true;
        } else if (out.task.empty() && (contains(shortNames, token) || contains(kWithoutRow, token))) {
            out.task = token;
            out.startsWithTask = first;
        } else {
            for (const char* word : {"MAX", "MIN", "BASE", "GPU", "MEM", "PARAL", "CONCUR", "UTIL", "THREAD", "CORES"})
                out.fieldWord = out.fieldWord || token.starts_with(word);
        }
        out.plain += (out.plain.empty() ? "" : "_") + token;
        first = false;
    }
    out.endsWithField = std::any_of(kFields.begin(), kFields.end(), [&](const Field& field) { return out.plain.ends_with(std::string("_").append(field.name)); });
    return out;
}

} // namespace

std::vector<ResourceVariable> resourceVariables(const std::function<std::string(const std::string&)>& environment) {
    std::vector<ResourceVariable> out;
    const auto add = [&](std::string name, std::string defaultValue) {
        auto value = environment(name);
        out.push_back({std::move(name), std::move(defaultValue), std::move(value)});
    };
    const ResourceTable plain = resourceTable([](const std::string&) { return std::string(); });
    for (const ResourceRow& row : resourceRows()) {
        for (const Field& field : kFields) {
            for (std::size_t size = 0; size < kSizes.size(); ++size) {
                const auto defaults = resourcesOf(plain, row.taskType, sector::SealProof{static_cast<std::int64_t>(size)});
                const std::string value = field.value(defaults), prefix = std::string(row.shortName) + '_';
                add(prefix + std::string(kSizes[size]) + '_' + std::string(field.name), value);
                if (size == kSizelessDefault) add(prefix + std::string(field.name), value);
            }
        }
    }
    add("FIL_PROOFS_USE_MULTICORE_SDR", "");
    if (environment("FIL_PROOFS_USE_MULTICORE_SDR") == "1") add("FIL_PROOFS_MULTICORE_SDR_PRODUCERS", "");
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return out;
}

std::vector<std::string> misspeltResources(const std::vector<std::string>& names) {
    std::vector<std::string_view> shortNames;
    for (const ResourceRow& row : resourceRows()) shortNames.push_back(row.shortName);
    const auto known = resourceVariables([](const std::string&) { return std::string(); });
    std::vector<std::string> out;
    for (const std::string& name : names) {
        const Meaning meaning = meaningOf(name, shortNames);
        const bool right = std::any_of(known.begin(), known.end(), [&](const auto& one) { return one.name == name; });
        if (meaning.task == "DC" && meaning.startsWithTask && meaning.hasSize) {
            // Read all the same: by lotus-worker with a warning, so by us.
            const auto end = meaning.plain.find('_', 3); // of the size
            const std::string field = end == std::string::npos ? std::string() : meaning.plain.substr(end + 1);
            if (std::any_of(kFields.begin(), kFields.end(), [&](const Field& one) { return one.name == field; })) {
                out.push_back(name + ": DataCid does not depend on the sector size; the right name is DC_" + field + '.');
                continue;
            }
        }
        if (right || name.starts_with("FIL_PROOFS_")) continue;

        const ResourceVariable* nearest = nullptr;
        std::size_t best = 0;
        for (const auto& one : known) {
            const std::size_t away = letterDistance(meaning.plain, one.name);
            if (nearest && away >= best) continue;
            nearest = &one;
            best = away;
        }
        const bool meantByItsWords = !meaning.task.empty() && ((meaning.startsWithTask && (meaning.hasSize || meaning.fieldWord)) || meaning.endsWithField);
        const bool meantByItsSize = meaning.hasSize && meaning.endsWithField;
        const bool meantByItsLetters = best <= 2 && meaning.plain.size() >= 8;
        if (!nearest || (!meantByItsWords && !meantByItsSize && !meantByItsLetters)) continue;
        if (contains(kWithoutRow, meaning.task))
            out.push_back(name + " has no effect: lotus keeps no resources for " + meaning.task + '.');
        else
            out.push_back(name + " is not read by lotus and has no effect; the nearest name is " + nearest->name + '.');
    }
    return out;
}

std::vector<std::string> environmentNames() {
    std::vector<std::string> out;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text(*entry);
        out.emplace_back(text.substr(0, text.find('=')));
    }
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace lsw::tasks
