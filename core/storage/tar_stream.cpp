// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/tar_stream.h"

#include "sector/sector_files.h"
#include "storage/durable_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lsw::storage {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kBlock = 512;
constexpr std::uint64_t kGiB = 1ULL << 30;
constexpr std::uint64_t kOctalLimit = 8 * kGiB; ///< eleven octal digits
constexpr std::size_t kNameLimit = 100;

struct FreeRead {
    void operator()(archive* a) const { archive_read_free(a); }
};

std::map<std::string, std::uint64_t, std::less<>> makeLimits() {
    std::map<std::string, std::uint64_t, std::less<>> out;
    out[std::string(sector::kPAuxName)] = 64;
    out[std::string(sector::kTAuxName)] = 10240;
    const auto both = [&](const std::string& stem, std::uint64_t limit) {
        out[stem + ".dat"] = limit;
        for (int i = 0; i < 16; ++i) out[stem + '-' + std::to_string(i) + ".dat"] = limit;
    };
    both("sc-02-data-tree-r-last", 10'000'000);
    both("sc-02-data-tree-c", 5 * kGiB);
    for (int layer = 1; layer <= 11; ++layer) out[sector::layerFileName(layer)] = 65 * kGiB;
    out[sector::treeDFileName()] = 130 * kGiB;
    std::uint64_t synthetic = 0;
    for (const auto& proof : sector::allSealProofs())
        if (proof.feature == sector::ProofFeature::SyntheticPoRep) synthetic = std::max(synthetic, sector::syntheticProofFileSize(proof));
    out[std::string(sector::kSyntheticName)] = synthetic;
    return out;
}

/// Feeds libarchive: the real bytes, then the zeros that Go's unclosed writer leaves out.
struct Feed {
    const TarSource& source;
    std::uint64_t real = 0;
    bool ended = false, padded = false;
    std::optional<Error> error;
    std::array<std::uint8_t, 3 * kBlock> zeros{};

    static la_ssize_t read(archive* a, void* self, const void** buffer) {
        Feed& feed = *static_cast<Feed*>(self);
        if (!feed.ended) {
            auto next = feed.source();
            if (!next) {
                feed.error = std::move(next).error();
                archive_set_error(a, EIO, "source");
                return ARCHIVE_FATAL;
            }
            if (!next->empty()) {
                feed.real += next->size();
                *buffer = next->data();
                return static_cast<la_ssize_t>(next->size());
            }
            feed.ended = true;
        }
        if (feed.padded) return 0;
        feed.padded = true;
        *buffer = feed.zeros.data();
        return static_cast<la_ssize_t>((kBlock - feed.real % kBlock) % kBlock + 2 * kBlock);
    }
};

Error tarError(archive* a, const Feed& feed) {
    if (feed.error) return *feed.error;
    const char* text = archive_error_string(a);
    return Error(ErrorCode::Corrupt, std::string("what was sent is no whole tar: ") + (text ? text : "unknown format"));
}

Expected<void> unpackOne(archive* a, archive_entry* entry, const Feed& feed, const fs::path& folder) {
    const char* raw = archive_entry_pathname(entry);
    const std::string name = raw ? raw : "";
    const auto limit = cacheFileLimit(name);
    if (!limit) return Error(ErrorCode::Corrupt, "tar file \"" + name.substr(0, 200) + "\" isn't expected in a cache folder");
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) || archive_entry_symlink(entry) || !archive_entry_size_is_set(entry))
        return Error(ErrorCode::Corrupt, "tar member \"" + name + "\" is not a plain file");
    const auto size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
    if (size > *limit)
        return Error(ErrorCode::Corrupt, "tar file \"" + name + "\" has " + std::to_string(size) + " bytes, at most " + std::to_string(*limit) + " are possible");
    const fs::path file = folder / name;
    const FileHandle out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!out) {
        if (errno == EEXIST) return Error(ErrorCode::Corrupt, "tar file \"" + name + "\" comes twice");
        return writeError(errno, "cannot make " + file.string());
    }
    std::uint64_t written = 0;
    for (;;) {
        const void* data = nullptr;
        std::size_t length = 0;
        la_int64_t offset = 0;
        const int result = archive_read_data_block(a, &data, &length, &offset);
        if (result == ARCHIVE_EOF) break;
        if (result != ARCHIVE_OK) return tarError(a, feed);
        if (offset < 0 || static_cast<std::uint64_t>(offset) != written || length > size - written)
            return Error(ErrorCode::Corrupt, "tar file \"" + name + "\" is sparse or longer than it says");
        LSW_TRY(writeAll(out.get(), data, length, file));
        written += length;
    }
    // The zeros we add ourselves must never stand for data: where the data ended has to lie within what really came.
    const auto position = static_cast<std::uint64_t>(archive_filter_bytes(a, 0));
    const std::uint64_t padding = (kBlock - size % kBlock) % kBlock;
    if (written != size || position < padding || position - padding > feed.real)
        return Error(ErrorCode::Corrupt, "the transfer ended inside of tar file \"" + name + '"');
    if (::fsync(out.get()) != 0) return writeError(errno, "cannot flush " + file.string());
    return {};
}

/// Octal digits with a closing zero, as tar writes numbers.
void putOctal(std::string& head, std::size_t at, std::size_t digits, std::uint64_t value) {
    for (std::size_t i = digits; i-- > 0; value /= 8) head[at + i] = static_cast<char>('0' + value % 8);
}

std::string tarHead(const std::string& name, char type, std::uint64_t size, std::uint64_t modified) {
    std::string head(kBlock, '\0');
    head.replace(0, name.size(), name);
    putOctal(head, 100, 7, 0644);
    putOctal(head, 108, 7, 0);
    putOctal(head, 116, 7, 0);
    putOctal(head, 124, 11, size);
    putOctal(head, 136, 11, modified);
    head.replace(148, 8, "        ");
    head[156] = type;
    head.replace(257, 5, "ustar");
    head.replace(263, 2, "00");
    std::uint64_t sum = 0;
    for (const char c : head) sum += static_cast<unsigned char>(c);
    putOctal(head, 148, 6, sum);
    head[154] = '\0';
    return head;
}

/// "27 size=9663676416\n": the length counts itself.
std::string paxRecord(const std::string& text) {
    std::size_t length = text.size() + 3;
    while (std::to_string(length).size() + 1 + text.size() + 1 != length) ++length;
    return std::to_string(length) + ' ' + text + '\n';
}

std::size_t paddingOf(std::uint64_t size) { return static_cast<std::size_t>((kBlock - size % kBlock) % kBlock); }

/// Written by hand: libarchive's writer keeps its block for ever when a transfer breaks off (3.6.2), and the format is this short.
Expected<void> packOne(const TarSink& sink, const fs::path& file) {
    const FileHandle in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!in) return errnoError(errno, "cannot read " + file.string());
    struct stat status {};
    if (::fstat(in.get(), &status) != 0) return errnoError(errno, "cannot read " + file.string());
    const std::string name = file.filename().string();
    if (!S_ISREG(status.st_mode)) return Error(ErrorCode::Corrupt, file.string() + " is no plain file");
    if (name.size() > kNameLimit) return Error(ErrorCode::Corrupt, file.string() + " has too long a name");
    const auto size = static_cast<std::uint64_t>(status.st_size), modified = static_cast<std::uint64_t>(std::max<std::time_t>(status.st_mtime, 0));
    std::string head;
    const bool fits = size < kOctalLimit;
    if (!fits) {
        const std::string record = paxRecord("size=" + std::to_string(size));
        head = tarHead(("PaxHeaders.0/" + name).substr(0, kNameLimit), 'x', record.size(), modified) + record + std::string(paddingOf(record.size()), '\0');
    }
    head += tarHead(name, '0', fits ? size : 0, modified);
    LSW_TRY(sink.write(head.data(), head.size()));
    if (size > 0) LSW_TRY(sink.writeFile(in.get(), size));
    const std::string padding(paddingOf(size), '\0');
    if (!padding.empty()) LSW_TRY(sink.write(padding.data(), padding.size()));
    return {};
}

} // namespace

std::optional<std::uint64_t> cacheFileLimit(std::string_view name) {
    static const auto limits = makeLimits();
    const auto found = limits.find(name);
    if (found == limits.end()) return std::nullopt;
    return found->second;
}

Expected<void> unpackCacheTar(const TarSource& source, const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0755) != 0) return writeError(errno, "cannot make the folder " + folder.string());
    Feed feed{source, 0, false, false, {}, {}};
    const std::unique_ptr<archive, FreeRead> a(archive_read_new());
    if (!a) return Error(ErrorCode::Internal, "no memory to read a tar");
    archive_read_support_format_tar(a.get());
    if (archive_read_open(a.get(), &feed, nullptr, &Feed::read, nullptr) != ARCHIVE_OK) return tarError(a.get(), feed);
    for (;;) {
        archive_entry* entry = nullptr;
        const int result = archive_read_next_header(a.get(), &entry);
        if (result == ARCHIVE_EOF) break;
        if (result != ARCHIVE_OK) return tarError(a.get(), feed);
        LSW_TRY(unpackOne(a.get(), entry, feed, folder));
    }
    // Reads to the end of what is sent: an end of the tar before the end of a broken transfer must not pass for success.
    while (!feed.ended) {
        auto rest = source();
        if (!rest) return std::move(rest).error();
        if (rest->empty()) break;
    }
    if (feed.error) return *feed.error;
    return syncFolder(folder);
}

Expected<void> packFolder(const fs::path& folder, const TarSink& sink) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) files.push_back(it->path());
    if (failed) return errnoError(failed.value(), "cannot list " + folder.string());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files)
        if (file.filename() == sector::kLabelCheckpointName) return Error(ErrorCode::Corrupt, folder.string() + " is being labelled, or its PC1 was interrupted");
    std::erase_if(files, [](const fs::path& file) { return sector::isCheckpointFile(file.filename().string()); });

    // What cannot be sent whole is refused before the first byte.
    for (const fs::path& file : files)
        if (std::error_code ignored; !fs::is_regular_file(file, ignored)) return Error(ErrorCode::Corrupt, file.string() + " is no plain file");
    for (const fs::path& file : files) LSW_TRY(packOne(sink, file));
    const std::string end(2 * kBlock, '\0');
    return sink.write(end.data(), end.size());
}

} // namespace lsw::storage
