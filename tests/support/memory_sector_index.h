// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "storage/sector_index.h"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace lsw::test {

/// A sector index in memory that behaves as a miner's does and writes down each call as it would be on the wire
/// ("StorageFindSector [{…},2,2048,false]"; of Attach and ReportHealth without the statistics).
class MemorySectorIndex : public storage::SectorIndex {
public:
    using Id = storage::SectorId;
    using Type = storage::FileType;

    /// Before each call: an error makes the call fail without effect.
    std::function<std::optional<Error>(const std::string& line)> before;
    /// After each call.
    std::function<void(const std::string& line)> after;

    std::vector<std::string> calls() const {
        const std::lock_guard lock(m_mutex);
        return m_calls;
    }
    void forgetCalls() {
        const std::lock_guard lock(m_mutex);
        m_calls.clear();
    }
    std::optional<storage::HealthReport> health(const std::string& id) const {
        const std::lock_guard lock(m_mutex);
        const auto found = m_health.find(id);
        return found == m_health.end() ? std::nullopt : std::optional(found->second);
    }
    /// The identities of the paths that hold the type; primary ones with a '*'.
    std::string holders(Id sector, Type one) const {
        const std::lock_guard lock(m_mutex);
        std::string out;
        for (const auto& [id, path] : m_paths)
            if (const auto found = path.sectors.find({sector, one}); found != path.sectors.end()) out += (out.empty() ? "" : " ") + id + (found->second ? "*" : "");
        return out;
    }

    Expected<void> attach(const storage::StorageInfo& info, const storage::FsStat& stat, std::stop_token) override {
        return change("StorageAttach [" + text(info) + ']', [&] {
            Path& path = m_paths[info.id];
            auto urls = path.info.urls;
            for (const auto& url : info.urls)
                if (std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(url);
            path.info = info;
            path.info.urls = urls;
            m_health[info.id].stat = stat;
        });
    }
    Expected<void> detach(const std::string& id, const std::string& url, std::stop_token) override {
        return change("StorageDetach [" + quoted(id) + ',' + quoted(url) + ']', [&] {
            const auto found = m_paths.find(id);
            if (found == m_paths.end()) return;
            std::erase(found->second.info.urls, url);
            if (found->second.info.urls.empty()) m_paths.erase(found);
        });
    }
    Expected<storage::StorageInfo> info(const std::string& id, std::stop_token) override {
        if (auto done = change("StorageInfo [" + quoted(id) + ']', [] {}); !done) return std::move(done).error();
        const std::lock_guard lock(m_mutex);
        const auto found = m_paths.find(id);
        if (found == m_paths.end()) return Error(ErrorCode::Remote, "sector store not found");
        return found->second.info;
    }
    Expected<void> reportHealth(const std::string& id, const storage::HealthReport& report, std::stop_token) override {
        return change("StorageReportHealth [" + quoted(id) + ']', [&] { m_health[id] = report; });
    }
    Expected<void> declare(const std::string& id, Id sector, Type types, bool primary, std::stop_token) override {
        return change("StorageDeclareSector [" + quoted(id) + ',' + text(sector) + ',' + number(types) + ',' + flag(primary) + ']', [&] {
            for (const Type one : sector::kFileTypes)
                if (any(one & types)) {
                    bool& known = m_paths[id].sectors[{sector, one}];
                    known = known || primary;
                }
        });
    }
    Expected<void> drop(const std::string& id, Id sector, Type types, std::stop_token) override {
        return change("StorageDropSector [" + quoted(id) + ',' + text(sector) + ',' + number(types) + ']', [&] {
            for (const Type one : sector::kFileTypes)
                if (any(one & types)) m_paths[id].sectors.erase({sector, one});
        });
    }
    Expected<std::vector<storage::SectorStorageInfo>> find(Id sector, Type types, std::uint64_t sectorSize, std::stop_token stop) override {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped");
        if (auto done = change("StorageFindSector [" + text(sector) + ',' + number(types) + ',' + std::to_string(sectorSize) + ",false]", [] {}); !done)
            return std::move(done).error();
        const std::lock_guard lock(m_mutex);
        std::vector<storage::SectorStorageInfo> out;
        for (const auto& [id, path] : m_paths) {
            storage::SectorStorageInfo found;
            for (const Type one : sector::kFileTypes) {
                const auto at = path.sectors.find({sector, one});
                if (!any(one & types) || at == path.sectors.end()) continue;
                found.weight += path.info.weight;
                found.primary = found.primary || at->second;
                found.urls.clear();
                for (const auto& url : path.info.urls)
                    found.urls.push_back(url + '/' + std::string(sector::fileTypeName(one)) + '/' + sector::sectorName(sector));
            }
            if (found.urls.empty()) continue;
            found.id = id;
            found.baseUrls = path.info.urls;
            found.canSeal = path.info.canSeal;
            found.canStore = path.info.canStore;
            found.allowTypes = path.info.allowTypes;
            found.denyTypes = path.info.denyTypes;
            found.allowMiners = path.info.allowMiners;
            found.denyMiners = path.info.denyMiners;
            out.push_back(found);
        }
        return out;
    }
    Expected<std::vector<storage::StorageInfo>> bestAlloc(Type types, std::uint64_t sectorSize, storage::PathType kind, std::uint64_t miner,
                                                          std::stop_token stop) override {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped");
        const bool isSealing = kind == storage::PathType::Sealing;
        const std::string line = "StorageBestAlloc [" + number(types) + ',' + std::to_string(sectorSize) + (isSealing ? ",\"sealing\"," : ",\"storage\",") +
                                 std::to_string(miner) + ']';
        if (auto done = change(line, [] {}); !done) return std::move(done).error();
        const std::lock_guard lock(m_mutex);
        std::vector<storage::StorageInfo> out;
        for (const auto& [id, path] : m_paths)
            if (isSealing ? path.info.canSeal : path.info.canStore) out.push_back(path.info);
        std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.weight > b.weight; });
        if (out.empty()) return Error(ErrorCode::Remote, "no good path found");
        return out;
    }
    Expected<std::map<std::string, std::vector<storage::SectorDeclaration>>> list(std::stop_token) override {
        if (auto done = change("StorageList []", [] {}); !done) return std::move(done).error();
        const std::lock_guard lock(m_mutex);
        std::map<std::string, std::vector<storage::SectorDeclaration>> out;
        for (const auto& [id, path] : m_paths) {
            std::map<Id, Type> merged;
            for (const auto& [key, primary] : path.sectors) merged[key.first] = merged[key.first] | key.second;
            for (const auto& [sector, types] : merged) out[id].push_back({sector, types});
        }
        return out;
    }

private:
    struct Path {
        storage::StorageInfo info;
        std::map<std::pair<Id, Type>, bool> sectors; ///< → primary
    };

    template <typename Effect>
    Expected<void> change(const std::string& line, const Effect& effect) {
        {
            const std::lock_guard lock(m_mutex);
            m_calls.push_back(line);
        }
        if (before)
            if (auto error = before(line)) return *error;
        {
            const std::lock_guard lock(m_mutex);
            effect();
        }
        if (after) after(line);
        return {};
    }
    static std::string quoted(const std::string& text) { return '"' + text + '"'; }
    static std::string flag(bool on) { return on ? "true" : "false"; }
    static std::string number(Type types) { return std::to_string(static_cast<std::uint32_t>(types)); }
    static std::string text(Id id) { return "{\"Miner\":" + std::to_string(id.miner) + ",\"Number\":" + std::to_string(id.number) + '}'; }
    static std::string text(const std::vector<std::string>& list) {
        if (list.empty()) return "null";
        std::string out;
        for (const auto& item : list) out += (out.empty() ? "[" : ",") + quoted(item);
        return out + ']';
    }
    static std::string text(const storage::StorageInfo& info) {
        return "{\"ID\":" + quoted(info.id) + ",\"URLs\":" + text(info.urls) + ",\"Weight\":" + std::to_string(info.weight) + ",\"MaxStorage\":" +
               std::to_string(info.maxStorage) + ",\"CanSeal\":" + flag(info.canSeal) + ",\"CanStore\":" + flag(info.canStore) + ",\"Groups\":" + text(info.groups) +
               ",\"AllowTo\":" + text(info.allowTo) + ",\"AllowTypes\":" + text(info.allowTypes) + ",\"DenyTypes\":" + text(info.denyTypes) +
               ",\"AllowMiners\":" + text(info.allowMiners) + ",\"DenyMiners\":" + text(info.denyMiners) + '}';
    }

    mutable std::mutex m_mutex; ///< guards all below
    std::map<std::string, Path> m_paths;
    std::map<std::string, storage::HealthReport> m_health;
    std::vector<std::string> m_calls;
};

} // namespace lsw::test
