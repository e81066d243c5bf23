// SPDX-License-Identifier: MIT OR Apache-2.0
// A tar from another worker: whatever it holds, nothing but plain files of known names and sizes is made, and all of it inside.
#include "fuzz.h"

#include "storage/tar_stream.h"

#include <sys/stat.h>

using namespace lsw;
using namespace lsw::storage;
namespace fs = std::filesystem;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Folder folder;
    const fs::path place = folder.path() / "a" / "cache";
    fs::create_directory(folder.path() / "a");
    fuzz::Input input(data, size);
    const std::size_t piece = input.byte() * 16 + 1;
    std::string_view rest = input.rest();
    const auto unpacked = unpackCacheTar(
        [&]() -> Expected<std::span<const std::uint8_t>> {
            const std::string_view next = rest.substr(0, piece);
            rest.remove_prefix(next.size());
            return asBytes(next);
        },
        place);
    for (const auto& entry : fs::directory_iterator(folder.path())) fuzz::require(entry.path().filename() == "a", "nothing is made outside");
    for (const auto& entry : fs::directory_iterator(folder.path() / "a")) fuzz::require(entry.path().filename() == "cache", "nothing is made beside the folder");
    std::uint64_t sum = 0;
    for (const auto& entry : fs::directory_iterator(place)) {
        struct stat status {};
        fuzz::require(::lstat(entry.path().c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1, "only plain files are made");
        fuzz::require((status.st_mode & 07111) == 0, "no file gets rights that it must not have");
        const auto limit = cacheFileLimit(entry.path().filename().string());
        fuzz::require(limit && static_cast<std::uint64_t>(status.st_size) <= *limit, "only known names in their sizes");
        sum += static_cast<std::uint64_t>(status.st_size);
    }
    // Of a tar that was refused something may lie there, at most the zeros that stand for the missing end; whoever asked removes it.
    fuzz::require(sum <= size + (unpacked ? 0 : 3 * 512), "no byte is made that was not sent");
    if (unpacked) {
        std::string packed;
        const auto write = [&](const void* from, std::size_t count) -> Expected<void> {
            packed.append(static_cast<const char*>(from), count);
            return {};
        };
        const auto writeFile = [&](int file, std::uint64_t length) -> Expected<void> {
            std::string all(length, '\0');
            if (::pread(file, all.data(), all.size(), 0) != static_cast<ssize_t>(length)) return Error(ErrorCode::Corrupt, "it cannot be read");
            packed += all;
            return {};
        };
        fuzz::require(packFolder(place, {write, writeFile}).hasValue(), "what was unpacked can be packed");
    }
    fs::remove_all(folder.path() / "a");
    return 0;
}
