// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/storage_path.h"

#include "storage/durable_files.h"
#include "storage/path_filters.h"
#include "storage/storage_config.h"

#include <QtCore/QUuid>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

namespace lsw::common {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMetadata = "sectorstore.json";

} // namespace

Expected<std::string> initStoragePath(const fs::path& folder, const NewStoragePath& wanted) {
    if (!wanted.canSeal && !wanted.canStore) return Error(ErrorCode::InvalidArgument, "must specify at least one of --store or --seal");
    if (const auto problems = storage::filterProblems(wanted.allowTypes, wanted.denyTypes, wanted.allowMiners, wanted.denyMiners, folder.string()); !problems.empty())
        return Error(ErrorCode::InvalidArgument, problems.front());
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error(ErrorCode::StorageUnavailable, "cannot make the folder " + folder.string() + ": " + failed.message());
    if (fs::exists(fs::symlink_status(folder / kMetadata, failed)))
        return Error(ErrorCode::AlreadyExists, "path is already initialized: " + folder.string() + "; attach it without --init");
    storage::PathMetadata metadata;
    metadata.id = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    metadata.weight = wanted.weight;
    metadata.canSeal = wanted.canSeal;
    metadata.canStore = wanted.canStore;
    metadata.maxStorage = wanted.maxStorage;
    metadata.groups = wanted.groups;
    metadata.allowTo = wanted.allowTo;
    metadata.allowTypes = wanted.allowTypes;
    metadata.denyTypes = wanted.denyTypes;
    metadata.allowMiners = wanted.allowMiners;
    metadata.denyMiners = wanted.denyMiners;
    if (auto written = storage::writePathMetadata(folder, metadata); !written) {
        const ErrorCode code = written.error().code() == ErrorCode::NoSpace ? ErrorCode::NoSpace : ErrorCode::StorageUnavailable;
        return Error(code, written.error().message());
    }
    return metadata.id;
}

void forgetStoragePath(const fs::path& folder) {
    std::error_code ignored;
    fs::remove(folder / kMetadata, ignored);
}

Expected<std::string> storagePathId(const fs::path& folder) {
    auto metadata = storage::readPathMetadata(folder);
    if (!metadata) return std::move(metadata).error();
    return metadata->id;
}

fs::path plainStoragePath(const std::string& text) {
    std::error_code ignored;
    const fs::path path = fs::absolute(storage::expandHome(text), ignored).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

Expected<std::uint64_t> parseByteSize(const std::string& text) {
    const Error wrong(ErrorCode::InvalidArgument, "\"" + text + "\" is no size such as 1TiB or 500GiB");
    double number = 0;
    const auto [rest, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || !(number >= 0)) return wrong;
    std::string unit;
    for (const char c : std::string_view(rest, static_cast<std::size_t>(text.data() + text.size() - rest)))
        if (!std::isspace(static_cast<unsigned char>(c))) unit += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (unit.ends_with('b')) unit.pop_back();
    if (unit.size() == 2 && unit.ends_with('i')) unit.pop_back();
    constexpr std::string_view kUnits = "kmgtp";
    const auto power = unit.empty() ? 0 : unit.size() == 1 ? kUnits.find(unit[0]) + 1 : 0;
    if (!unit.empty() && (power == 0 || kUnits.find(unit[0]) == std::string_view::npos)) return wrong;
    for (std::size_t i = 0; i < power; ++i) number *= 1024;
    if (number >= 9.2e18) return wrong;
    return static_cast<std::uint64_t>(number);
}

} // namespace lsw::common
