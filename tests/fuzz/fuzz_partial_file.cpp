// SPDX-License-Identifier: MIT OR Apache-2.0
// An unsealed file of 2 KiB with anything behind it: opened or refused, then marked, released and opened again.
#include "fuzz.h"

#include "sector/partial_file.h"

#include <fstream>

using namespace lsw;
using namespace lsw::sector;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Folder folder;
    static const std::filesystem::path path = folder.path() / "unsealed";
    constexpr PaddedBytes kSector{2048};
    fuzz::Input input(data, size);
    const std::uint64_t offset = input.byte() * 16, length = (input.byte() + 1) * 16;
    const unsigned choice = input.byte();
    {
        std::ofstream out(path, std::ios::binary | std::ios::trunc);
        if (!(choice & 1)) out << std::string(kSector.value, 'x'); // else the size of the data is wrong as well
        out << input.rest();
        if (choice & 2) { // with a length that is right
            const auto trailer = static_cast<std::uint32_t>(input.rest().size());
            for (int shift = 0; shift < 32; shift += 8) out.put(static_cast<char>(trailer >> shift));
        }
    }
    auto file = PartialFile::open(path, kSector);
    if (!file) return 0;
    for (const Run& run : file->allocated().runs()) fuzz::require(run.end <= kSector.value, "nothing beyond the sector is marked");
    if (offset + length > kSector.value) {
        fuzz::require(!file->markAllocated({offset}, {length}), "a piece beyond the end is refused");
        return 0;
    }
    const bool mark = choice & 4;
    const auto changed = mark ? file->markAllocated({offset}, {length}) : file->release({offset}, {length});
    fuzz::require(changed.hasValue(), "a range inside is marked or released");
    fuzz::require(file->isAllocated({offset}, {length}) == mark, "it is as it was told to be");
    const auto again = PartialFile::open(path, kSector);
    fuzz::require(again && again->allocated() == file->allocated(), "the file says the same when it is opened again");
    return 0;
}
