// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/storage_config.h"

#include "storage/durable_files.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include <boost/json.hpp>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

constexpr std::size_t kConfigLimit = 4U << 20;

Error corrupt(const fs::path& file, std::string_view what) {
    return Error(ErrorCode::Corrupt, file.string() + ": " + std::string(what) + "; mend the file or move it away");
}

Expected<json::object> readObject(const fs::path& file) {
    auto text = readFileWhole(file, kConfigLimit);
    if (!text) return std::move(text).error();
    std::error_code failed;
    json::value value = json::parse(*text, failed);
    if (failed) return corrupt(file, "is not JSON (" + failed.message() + ')');
    if (!value.is_object()) return corrupt(file, "is not a JSON object");
    return std::move(value.as_object());
}

/// As Go's decoder finds it: letter case does not matter, an exact name wins, else the last one.
const json::value* member(const json::object& from, std::string_view key) {
    if (const json::value* exact = from.if_contains(key)) return exact;
    const json::value* found = nullptr;
    for (const auto& one : from) {
        const std::string_view name = one.key();
        const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
        if (std::equal(name.begin(), name.end(), key.begin(), key.end(), same)) found = &one.value();
    }
    return found;
}

Expected<void> take(const json::object& from, const char* key, const fs::path& file, std::string& out) {
    const json::value* value = member(from, key);
    if (!value || value->is_null()) return {};
    if (!value->is_string()) return corrupt(file, std::string(key) + " is not a text");
    out = std::string(value->get_string());
    return {};
}

Expected<void> take(const json::object& from, const char* key, const fs::path& file, bool& out) {
    const json::value* value = member(from, key);
    if (!value || value->is_null()) return {};
    if (!value->is_bool()) return corrupt(file, std::string(key) + " is neither true nor false");
    out = value->get_bool();
    return {};
}

Expected<void> take(const json::object& from, const char* key, const fs::path& file, std::uint64_t& out) {
    const json::value* value = member(from, key);
    if (!value || value->is_null()) return {};
    std::error_code failed;
    out = value->to_number<std::uint64_t>(failed);
    if (failed || value->is_double()) return corrupt(file, std::string(key) + " is not a whole number of at least 0");
    return {};
}

Expected<void> take(const json::object& from, const char* key, const fs::path& file, std::vector<std::string>& out) {
    const json::value* value = member(from, key);
    if (!value || value->is_null()) return {};
    if (!value->is_array()) return corrupt(file, std::string(key) + " is not a list");
    for (const json::value& item : value->get_array()) {
        if (!item.is_string()) return corrupt(file, std::string(key) + " holds something that is not a text");
        out.emplace_back(item.get_string());
    }
    return {};
}

/// As Go's encoder writes it, so that stock software rewrites the file with the same bytes.
std::string quoted(const std::string& text) {
    std::string out;
    for (const char c : json::serialize(json::string(text))) {
        if (c == '<') out += "\\u003c";
        else if (c == '>') out += "\\u003e";
        else if (c == '&') out += "\\u0026";
        else out += c;
    }
    return out;
}

std::string list(const std::vector<std::string>& items) {
    if (items.empty()) return "null";
    std::string out = "[";
    for (std::size_t i = 0; i < items.size(); ++i) out += (i ? ",\n    " : "\n    ") + quoted(items[i]);
    return out + "\n  ]";
}

} // namespace

Expected<PathMetadata> readPathMetadata(const fs::path& storagePath) {
    const fs::path file = storagePath / "sectorstore.json";
    const auto object = readObject(file);
    if (!object) return Error(object.error()).whileDoing("reading storage metadata for " + storagePath.string());
    PathMetadata out;
    // What the file leaves out is zero, as the Go decoder has it: our own defaults are for new paths.
    out.weight = 0;
    out.canSeal = false;
    LSW_TRY(take(*object, "ID", file, out.id));
    LSW_TRY(take(*object, "Weight", file, out.weight));
    LSW_TRY(take(*object, "CanSeal", file, out.canSeal));
    LSW_TRY(take(*object, "CanStore", file, out.canStore));
    LSW_TRY(take(*object, "MaxStorage", file, out.maxStorage));
    LSW_TRY(take(*object, "Groups", file, out.groups));
    LSW_TRY(take(*object, "AllowTo", file, out.allowTo));
    LSW_TRY(take(*object, "AllowTypes", file, out.allowTypes));
    LSW_TRY(take(*object, "DenyTypes", file, out.denyTypes));
    LSW_TRY(take(*object, "AllowMiners", file, out.allowMiners));
    LSW_TRY(take(*object, "DenyMiners", file, out.denyMiners));
    if (out.id.empty()) return corrupt(file, "ID is missing");
    // Identities are joined with dots in "?keep=" and stand in URLs.
    if (!std::all_of(out.id.begin(), out.id.end(), [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; }))
        return corrupt(file, "ID has other characters than letters, digits and '-'");
    return out;
}

Expected<void> writePathMetadata(const fs::path& storagePath, const PathMetadata& metadata) {
    const auto flag = [](bool on) { return on ? "true" : "false"; };
    std::string text = "{\n  \"ID\": " + quoted(metadata.id);
    text += ",\n  \"Weight\": " + std::to_string(metadata.weight);
    text += std::string(",\n  \"CanSeal\": ") + flag(metadata.canSeal);
    text += std::string(",\n  \"CanStore\": ") + flag(metadata.canStore);
    text += ",\n  \"MaxStorage\": " + std::to_string(metadata.maxStorage);
    text += ",\n  \"Groups\": " + list(metadata.groups);
    text += ",\n  \"AllowTo\": " + list(metadata.allowTo);
    text += ",\n  \"AllowTypes\": " + list(metadata.allowTypes);
    text += ",\n  \"DenyTypes\": " + list(metadata.denyTypes);
    text += ",\n  \"AllowMiners\": " + list(metadata.allowMiners);
    text += ",\n  \"DenyMiners\": " + list(metadata.denyMiners);
    return writeFileWhole(storagePath / "sectorstore.json", text + "\n}");
}

Expected<std::vector<std::string>> readStorageConfig(const fs::path& repo) {
    const fs::path file = repo / "storage.json";
    const auto object = readObject(file);
    if (!object) return Error(object.error()).whileDoing("couldn't load storage config");
    std::vector<std::string> out;
    const json::value* paths = member(*object, "StoragePaths");
    if (!paths || paths->is_null()) return out;
    if (!paths->is_array()) return corrupt(file, "StoragePaths is not a list");
    for (const json::value& item : paths->get_array()) {
        const json::value* path = item.is_object() ? member(item.get_object(), "Path") : nullptr;
        if (!path || !path->is_string()) return corrupt(file, "StoragePaths holds an entry without Path");
        out.emplace_back(path->get_string());
    }
    return out;
}

Expected<void> writeStorageConfig(const fs::path& repo, const std::vector<std::string>& paths) {
    std::string text = "{\n  \"StoragePaths\": ";
    if (paths.empty()) text += "null";
    else {
        text += '[';
        for (std::size_t i = 0; i < paths.size(); ++i) text += std::string(i ? "," : "") + "\n    {\n      \"Path\": " + quoted(paths[i]) + "\n    }";
        text += "\n  ]";
    }
    return writeFileWhole(repo / "storage.json", text + "\n}");
}

fs::path expandHome(const std::string& path) {
    if (path != "~" && !path.starts_with("~/")) return path;
    std::string home;
    if (const char* variable = std::getenv("HOME"); variable && *variable) home = variable;
    else if (const passwd* user = ::getpwuid(::getuid())) home = user->pw_dir;
    return home + path.substr(1);
}

} // namespace lsw::storage
