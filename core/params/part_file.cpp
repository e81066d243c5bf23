// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/part_file.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/sync_folder.h"

namespace lsw::params {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostChunks = 1U << 20, kMapLimit = kMostChunks + 4096;

fs::path dataName(const fs::path& folder, const ParameterFile& file) { return folder / (file.name + ".part"); }
fs::path mapName(const fs::path& folder, const ParameterFile& file) { return folder / (file.name + ".part.map"); }

/// A number that every start of the system has anew.
std::string bootId() {
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id.empty() ? "unknown" : id;
}

std::string headLine(const ParameterFile& file, std::uint64_t total, std::uint64_t chunkBytes, const std::string& boot) {
    return "lotus-seal-worker part 2 " + file.cid + ' ' + std::to_string(total) + ' ' + std::to_string(chunkBytes) + ' ' + boot + '\n';
}

std::size_t chunksOf(std::uint64_t total, std::uint64_t chunkBytes) { return static_cast<std::size_t>((total + chunkBytes - 1) / chunkBytes); }

} // namespace

PartFile::PartFile(File data, File map, fs::path place, std::uint64_t total, std::uint64_t chunkBytes)
    : m_data(std::move(data)), m_map(std::move(map)), m_place(std::move(place)), m_total(total), m_chunkBytes(chunkBytes),
      m_there(chunksOf(total, chunkBytes)), m_said(m_there.size()) {}

Expected<std::optional<PartFile>> PartFile::resume(const fs::path& folder, const ParameterFile& file) {
    const auto none = [&]() -> Expected<std::optional<PartFile>> {
        remove(folder, file);
        return std::optional<PartFile>();
    };
    auto data = File::openToWrite(dataName(folder, file));
    auto map = File::openToWrite(mapName(folder, file));
    if (!data || !map) return none();
    const auto dataSize = data->size(), mapSize = map->size();
    if (!dataSize || !mapSize || *mapSize == 0 || *mapSize > kMapLimit) return none();
    Bytes bytes(static_cast<std::size_t>(*mapSize));
    if (!map->readAt(0, bytes)) return none();
    const std::string_view text = asText(bytes);
    const auto lineEnd = text.find('\n');
    if (lineEnd == std::string_view::npos) return none();
    std::istringstream line{std::string(text.substr(0, lineEnd))};
    std::string program, word, version, cid, boot;
    std::uint64_t total = 0, chunkBytes = 0;
    line >> program >> word >> version >> cid >> total >> chunkBytes >> boot;
    // Another line than the one that we would write is not ours to continue.
    if (!line || chunkBytes == 0 || text.substr(0, lineEnd + 1) != headLine(file, total, chunkBytes, boot) || total != *dataSize ||
        chunksOf(total, chunkBytes) != text.size() - lineEnd - 1)
        return none();
    PartFile out(std::move(*data), std::move(*map), folder / file.name, total, chunkBytes);
    out.m_mapBegin = lineEnd + 1;
    const bool isSameBoot = boot == bootId() && boot != "unknown";
    for (std::size_t i = 0; i < out.m_there.size(); ++i) {
        const char mark = text[lineEnd + 1 + i];
        out.m_said[i] = mark == '1';
        out.m_there[i] = mark == '1' || (mark == 'w' && isSameBoot);
    }
    // From now on a 'w' is of this start of the system.
    if (!isSameBoot && !out.beginMap(file)) return none();
    return std::optional<PartFile>(std::move(out));
}

Expected<PartFile> PartFile::create(const fs::path& folder, const ParameterFile& file, std::uint64_t total, std::uint64_t chunkBytes) {
    remove(folder, file);
    auto out = begin(File::create(dataName(folder, file)), folder, file, total, chunkBytes);
    if (!out) remove(folder, file);
    return out;
}

Expected<PartFile> PartFile::begin(Expected<File> data, const fs::path& folder, const ParameterFile& file, std::uint64_t total, std::uint64_t chunkBytes) {
    if (!data) return std::move(data).error();
    chunkBytes = std::max(chunkBytes, (total + kMostChunks - 1) / kMostChunks);
    const auto begun = [&]() -> Expected<PartFile> {
        LSW_TRY(data->allocate(total));
        auto map = File::create(mapName(folder, file));
        if (!map) return std::move(map).error();
        PartFile out(std::move(*data), std::move(*map), folder / file.name, total, chunkBytes);
        LSW_TRY(out.beginMap(file));
        LSW_TRY(syncFolder(folder));
        return out;
    };
    return begun();
}

/// The whole map anew, with what is flushed. One that is torn here is none of ours at the next start.
Expected<void> PartFile::beginMap(const ParameterFile& file) {
    std::string text = headLine(file, m_total, m_chunkBytes, bootId());
    m_mapBegin = text.size();
    for (const bool one : m_said) text += one ? '1' : '0';
    LSW_TRY(m_map.allocate(text.size()));
    LSW_TRY(m_map.writeAt(0, asBytes(text)));
    return m_map.sync();
}

Expected<PartFile> PartFile::adopt(const fs::path& folder, const ParameterFile& file, std::uint64_t total, std::uint64_t chunkBytes,
                                   const std::vector<bool>& intact) {
    std::error_code failed;
    const auto there = fs::file_size(folder / file.name, failed);
    remove(folder, file);
    if (!failed) fs::rename(folder / file.name, dataName(folder, file), failed);
    if (failed) return errnoError(failed.value(), "cannot go on with " + (folder / file.name).string());
    if (there > total) fs::resize_file(dataName(folder, file), total, failed); // bytes that are none of the file
    auto out = begin(File::openToWrite(dataName(folder, file)), folder, file, total, chunkBytes);
    if (!out) { // as it was: somebody may have waited hours for it
        fs::resize_file(dataName(folder, file), there, failed);
        fs::rename(dataName(folder, file), folder / file.name, failed);
        remove(folder, file);
        return out;
    }
    for (std::size_t i = 0; i < out->chunks(); ++i) out->m_there[i] = intact.empty() ? out->end(i) <= there : intact[i];
    return out;
}

void PartFile::remove(const fs::path& folder, const ParameterFile& file) {
    std::error_code ignored;
    fs::remove(mapName(folder, file), ignored); // first: a map without its bytes would be believed
    fs::remove(dataName(folder, file), ignored);
}

std::uint64_t PartFile::end(std::size_t chunk) const { return std::min(m_total, (chunk + 1) * m_chunkBytes); }

std::uint64_t PartFile::bytesThere() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < m_there.size(); ++i)
        if (m_there[i]) sum += end(i) - begin(i);
    return sum;
}

bool PartFile::isWhole() const { return std::find(m_there.begin(), m_there.end(), false) == m_there.end(); }

/// Not flushed, and not looked at whether it succeeds: it is worth something only when the program is killed before the next flush.
void PartFile::mark(std::size_t chunk, char how) const {
    const auto byte = static_cast<std::uint8_t>(how);
    (void)m_map.writeAt(m_mapBegin + chunk, std::span(&byte, 1));
}

void PartFile::nowHas(std::size_t chunk) {
    m_there[chunk] = true;
    m_data.beginSync(begin(chunk), end(chunk) - begin(chunk)); // flush() has less to wait for
    if (!m_said[chunk]) mark(chunk, 'w');
}

void PartFile::drop(std::size_t chunk) {
    m_there[chunk] = false;
    if (!m_said[chunk]) mark(chunk, '0'); // else flush() does
}

Expected<void> PartFile::flush() {
    if (m_there == m_said) return {};
    LSW_TRY(m_data.sync());
    for (std::size_t i = 0; i < m_there.size(); ++i) {
        if (m_there[i] == m_said[i]) continue;
        const std::uint8_t mark = m_there[i] ? '1' : '0';
        LSW_TRY(m_map.writeAt(m_mapBegin + i, std::span(&mark, 1)));
        m_said[i] = m_there[i];
    }
    return m_map.sync();
}

Expected<void> PartFile::finish() && {
    LSW_TRY(m_data.sync());
    if (::rename(m_data.path().c_str(), m_place.c_str()) != 0) return errnoError(errno, "cannot give the fetched file its name " + m_place.string());
    std::error_code ignored;
    fs::remove(m_map.path(), ignored);
    return syncFolder(m_place.parent_path());
}

} // namespace lsw::params
