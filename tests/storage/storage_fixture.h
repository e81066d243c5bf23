// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "storage/local_store.h"
#include "support/memory_sector_index.h"
#include "support/test_paths.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>

namespace lsw::test {

namespace fs = std::filesystem;

inline const std::string kSealingId = "00000000-0000-4000-8000-000000000001";
inline const std::string kStoreId = "00000000-0000-4000-8000-000000000004";
inline constexpr sector::SectorId kSector{1000, 1};
inline constexpr protocol::SectorRef kRef{kSector, sector::SealProof{5}};
inline constexpr std::uint64_t kSectorSize = 2048;

inline void writeFile(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

inline std::string readFile(const fs::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
}

inline std::string pattern(std::size_t size, unsigned seed = 1) {
    std::string out(size, '\0');
    std::uint32_t state = seed * 2654435761U + 1;
    for (char& c : out) {
        state = state * 1664525U + 1013904223U;
        c = static_cast<char>(state >> 24);
    }
    return out;
}

/// The names and contents below a folder, without the temporary folders of transfers and what is no sector file.
inline std::string sectorFilesIn(const fs::path& root) {
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const std::string name = fs::relative(entry.path(), root).string();
        if (!entry.is_regular_file() || name.find('/') == std::string::npos) continue;
        lines.push_back(name + '=' + std::to_string(std::hash<std::string>{}(readFile(entry.path()))) + '\n');
    }
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const auto& line : lines) out += line;
    return out;
}

inline void makeStoragePath(const fs::path& path, const std::string& id, bool canSeal, bool canStore) {
    fs::create_directories(path);
    storage::PathMetadata metadata;
    metadata.id = id;
    metadata.canSeal = canSeal;
    metadata.canStore = canStore;
    const auto written = storage::writePathMetadata(path, metadata);
    if (!written) qFatal("%s", written.error().message().c_str());
}

/// A section of tests/data/storage/calls.txt.
inline std::vector<std::string> recordedCalls(const std::string& section) {
    std::ifstream in(std::string(lsw::test::kTestData) + "/storage/calls.txt");
    std::vector<std::string> out;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('[')) inside = line == '[' + section + ']';
        else if (inside && !line.empty()) out.push_back(line);
    }
    if (out.empty()) qFatal("no recorded section %s", section.c_str());
    return out;
}

inline QByteArray joined(const std::vector<std::string>& lines) {
    QByteArray out;
    for (const auto& line : lines) out += QByteArray::fromStdString(line) + '\n';
    return out;
}

/// A pattern for temporary folders in memory where there is such a place: everything here is flushed, and disks take their time for that.
inline QString fastFolder() {
    return ::access("/dev/shm", W_OK | X_OK) == 0 ? QStringLiteral("/dev/shm/lsw-test-XXXXXX") : QDir::tempPath() + QStringLiteral("/lsw-test-XXXXXX");
}
inline QString diskFolder() { return QDir::tempPath() + QStringLiteral("/lsw-test-XXXXXX"); }

/// One worker's storage over one sealing path, or more.
struct Bench {
    QTemporaryDir folder{fastFolder()};
    MemorySectorIndex index;
    fs::path root() const { return folder.path().toStdString(); }
    fs::path sealing() const { return root() / "sealing"; }
    fs::path store() const { return root() / "store"; }
    std::unique_ptr<storage::LocalStore> local;

    storage::LocalStore& makeLocal() {
        local.reset();
        local = std::make_unique<storage::LocalStore>(
            storage::LocalStore::Settings{root(), "http://127.0.0.1:3456/remote", "secret-token", 5}, index);
        return *local;
    }
};

} // namespace lsw::test
