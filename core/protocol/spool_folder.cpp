// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/spool_folder.h"

#include <cerrno>
#include <charconv>
#include <cstring>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lsw::protocol {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMarkBegin = "{\"spool_file\":\"";
constexpr std::string_view kMarkMiddle = "\",\"size\":";

Error spoolError(int errnum, const std::string& what) {
    const bool full = errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG;
    return Error(full ? ErrorCode::NoSpace : ErrorCode::Io, what + ": " + std::strerror(errnum) + (full ? "; make room there" : ""));
}

/// Letters, digits, '-' and '.', and no way out of the folder.
bool isPlainName(std::string_view name) {
    if (name.empty() || name.front() == '.') return false;
    for (const char c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.')) return false;
    return true;
}

} // namespace

SpoolFile::~SpoolFile() {
    if (!m_kept) ::unlink(m_path.c_str());
}

SpoolWriter::~SpoolWriter() {
    if (m_descriptor < 0) return;
    ::close(m_descriptor);
    ::unlink(m_path.c_str());
}

SpoolWriter::SpoolWriter(SpoolWriter&& other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)), m_size(other.m_size) {}

Expected<void> SpoolWriter::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(m_descriptor, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return spoolError(errno, "writing " + m_path.string());
        m_size += static_cast<std::uint64_t>(wrote);
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    return {};
}

Expected<std::shared_ptr<SpoolFile>> SpoolWriter::finish() {
    if (::fdatasync(m_descriptor) != 0) return spoolError(errno, "writing " + m_path.string());
    const int folder = ::open(m_path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int synced = folder < 0 ? -1 : ::fsync(folder);
    const int why = errno;
    if (folder >= 0) ::close(folder);
    if (synced != 0) return spoolError(why, "writing to " + m_path.parent_path().string());
    ::close(std::exchange(m_descriptor, -1));
    return std::make_shared<SpoolFile>(m_path, m_size);
}

Expected<void> SpoolFolder::prepare() {
    if (::mkdir(m_folder.c_str(), 0700) != 0 && errno != EEXIST) return spoolError(errno, "creating " + m_folder.string());
    std::error_code failed;
    for (fs::directory_iterator it(m_folder, failed), end; !failed && it != end; it.increment(failed)) {
        std::error_code ignored;
        if (it->is_regular_file(ignored)) m_found.insert(it->path().filename().string());
    }
    if (failed) return Error(ErrorCode::StorageUnavailable, "the folder " + m_folder.string() + " cannot be read: " + failed.message());
    return {};
}

Expected<SpoolWriter> SpoolFolder::create() {
    std::string name = (m_folder / "body-XXXXXX").string();
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC); // mode 0600
    if (descriptor < 0) return spoolError(errno, "creating a file in " + m_folder.string());
    return SpoolWriter(name, descriptor);
}

Expected<std::string> SpoolFolder::store(std::span<const std::uint8_t> bytes) {
    auto writer = create();
    if (!writer) return std::move(writer).error();
    LSW_TRY(writer->write(bytes));
    auto file = writer->finish();
    if (!file) return std::move(file).error();
    (*file)->keep();
    return spoolMark((*file)->name(), (*file)->size());
}

bool SpoolFolder::holdsAllOf(std::string_view text) const {
    for (const SpoolMark& mark : spoolMarks(text)) {
        struct stat status {};
        if (::lstat(pathOf(mark.name).c_str(), &status) != 0 || !S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) != mark.size)
            return false;
    }
    return true;
}

void SpoolFolder::removeFilesOf(std::string_view text) const {
    for (const SpoolMark& mark : spoolMarks(text)) ::unlink(pathOf(mark.name).c_str());
}

std::vector<fs::path> SpoolFolder::leftovers(const std::set<std::string>& named) const {
    std::vector<fs::path> out;
    std::error_code ignored;
    for (const std::string& name : m_found)
        if (!named.contains(name) && fs::exists(fs::symlink_status(pathOf(name), ignored))) out.push_back(pathOf(name));
    return out;
}

void SpoolFolder::removeLeftovers(const std::set<std::string>& named) const {
    for (const fs::path& path : leftovers(named)) ::unlink(path.c_str());
}

std::string spoolMark(const std::string& name, std::uint64_t size) {
    return std::string(kMarkBegin) + name + std::string(kMarkMiddle) + std::to_string(size) + '}';
}

std::vector<SpoolMark> spoolMarks(std::string_view text) {
    std::vector<SpoolMark> out;
    for (std::size_t at = text.find(kMarkBegin); at != std::string_view::npos; at = text.find(kMarkBegin, at + 1)) {
        const std::size_t name = at + kMarkBegin.size();
        const std::size_t middle = text.find(kMarkMiddle, name);
        if (middle == std::string_view::npos) break;
        SpoolMark mark;
        mark.begin = at;
        mark.name = text.substr(name, middle - name);
        const char* digits = text.data() + middle + kMarkMiddle.size();
        const auto [stop, error] = std::from_chars(digits, text.data() + text.size(), mark.size);
        if (error != std::errc() || stop == text.data() + text.size() || *stop != '}' || !isPlainName(mark.name)) continue;
        mark.end = static_cast<std::size_t>(stop - text.data()) + 1;
        out.push_back(std::move(mark));
    }
    return out;
}

} // namespace lsw::protocol
