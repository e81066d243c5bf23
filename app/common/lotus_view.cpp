// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/lotus_view.h"

#include "common/worker_client.h"
#include "protocol/lotus_json.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lsw::common {
namespace {

/// lotus' order of urgency, with its abbreviations.
struct TypeName {
    std::string_view type, shortName;
};
constexpr std::array<TypeName, 18> kTypes{{{"post/v0/winningproof", "WNP"},
                                           {"post/v0/windowproof", "WDP"},
                                           {"seal/v0/finalizeunsealed", "FUS"},
                                           {"seal/v0/finalize", "FIN"},
                                           {"seal/v0/download/sector", "DL"},
                                           {"seal/v0/fetch", "GET"},
                                           {"seal/v0/finalize/replicaupdate", "FRU"},
                                           {"seal/v0/unseal", "UNS"},
                                           {"seal/v0/commit/1", "C1"},
                                           {"seal/v0/commit/2", "C2"},
                                           {"seal/v0/precommit/2", "PC2"},
                                           {"seal/v0/precommit/1", "PC1"},
                                           {"seal/v0/provereplicaupdate/1", "PR1"},
                                           {"seal/v0/provereplicaupdate/2", "PR2"},
                                           {"seal/v0/replicaupdate", "RU"},
                                           {"seal/v0/addpiece", "AP"},
                                           {"seal/v0/datacid", "DC"},
                                           {"seal/v0/regensectorkey", "GSK"}}};

std::size_t rankOf(std::string_view type) {
    const auto it = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& row) { return row.type == type; });
    return static_cast<std::size_t>(it - kTypes.begin());
}

/// As lotus prints sizes: four digits and a binary unit.
std::string sizeText(std::uint64_t bytes) {
    constexpr std::array<const char*, 7> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    std::array<char, 48> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.4g %s", value, units[unit]);
    return buffer.data();
}

std::string versionText(std::uint64_t version) {
    return std::to_string(version >> 16 & 0xff) + '.' + std::to_string(version >> 8 & 0xff) + '.' + std::to_string(version & 0xff);
}

Expected<LotusView::Path> readPath(const boost::json::value& json) {
    const auto* object = json.if_object();
    const auto* id = object ? object->if_contains("ID") : nullptr;
    const auto* local = object ? object->if_contains("LocalPath") : nullptr;
    if (!id || !id->is_string() || !local || !local->is_string()) return Error(ErrorCode::Corrupt, "the worker told of a path without ID or LocalPath");
    LotusView::Path out;
    out.id = id->as_string();
    out.local = local->as_string();
    if (const auto* weight = object->if_contains("Weight"); weight && weight->is_number()) {
        boost::system::error_code ignored;
        out.weight = weight->to_number<std::uint64_t>(ignored);
    }
    const auto isTrue = [&](const char* name) {
        const auto* flag = object->if_contains(name);
        return flag && flag->is_bool() && flag->as_bool();
    };
    out.canSeal = isTrue("CanSeal");
    out.canStore = isTrue("CanStore");
    return out;
}

} // namespace

Expected<LotusView> WorkerClient::lotusView() const {
    LotusView out;
    const auto ask = [&](const char* method) { return call(std::string("Filecoin.") + method); };
    const auto version = ask("Version");
    if (!version) return version.error();
    if (const auto number = protocol::fromJson<std::uint64_t>(*version)) out.version = versionText(*number);
    const auto session = ask("ProcessSession");
    if (!session) return session.error();
    if (session->is_string()) out.session = session->as_string();
    const auto enabled = ask("Enabled");
    if (!enabled) return enabled.error();
    out.enabled = enabled->is_bool() && enabled->as_bool();
    const auto info = ask("Info");
    if (!info) return info.error();
    auto known = protocol::fromJson<protocol::WorkerInfo>(*info);
    if (!known) return std::move(known).error().whileDoing("reading what the worker says of its machine");
    out.hostname = known->hostname;
    out.cpus = known->cpus;
    out.memPhysical = known->memPhysical;
    out.memUsed = known->memUsed;
    out.memSwap = known->memSwap;
    out.memSwapUsed = known->memSwapUsed;
    out.gpus = known->gpus;
    const auto types = ask("TaskTypes");
    if (!types) return types.error();
    if (const auto* object = types->if_object())
        for (const auto& one : *object) out.taskTypes.emplace_back(one.key());
    std::stable_sort(out.taskTypes.begin(), out.taskTypes.end(), [](const auto& a, const auto& b) { return rankOf(a) < rankOf(b); });
    const auto paths = ask("Paths");
    if (!paths) return paths.error();
    if (const auto* array = paths->if_array()) {
        for (const auto& one : *array) {
            auto path = readPath(one);
            if (!path) return std::move(path).error();
            out.paths.push_back(std::move(*path));
        }
    }
    return out;
}

std::string lotusInfoText(const LotusView& view, const std::string& program) {
    std::string gpus, types;
    for (const auto& gpu : view.gpus) gpus += (gpus.empty() ? "" : " ") + gpu;
    for (const auto& type : view.taskTypes) types += std::string(rankOf(type) < kTypes.size() ? kTypes[rankOf(type)].shortName : std::string_view(type)) + ' ';
    std::string out = "Worker version:  " + view.version + "\nCLI version: " + program + "\n\nSession: " + view.session +
                      "\nEnabled: " + (view.enabled ? "true" : "false") + "\nHostname: " + view.hostname + "\nCPUs: " + std::to_string(view.cpus) +
                      "; GPUs: [" + gpus + "]\nRAM: " + sizeText(view.memUsed) + '/' + sizeText(view.memPhysical) + "; Swap: " + sizeText(view.memSwapUsed) +
                      '/' + sizeText(view.memSwap) + "\nTask types: " + types + "\n\n";
    for (const auto& path : view.paths) {
        out += path.id + ":\n\tWeight: " + std::to_string(path.weight) + "; Use: ";
        if (path.canSeal || path.canStore) out += std::string(path.canSeal ? "Seal " : "") + (path.canStore ? "Store" : "");
        else out += "ReadOnly"; // lotus-worker writes "Use: " twice and no line break here
        out += "\n\tLocal: " + path.local + '\n';
    }
    return out;
}

} // namespace lsw::common
