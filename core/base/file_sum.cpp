// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/file_sum.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <vector>

namespace lsw {
namespace {

static_assert(std::endian::native == std::endian::little, "words are summed as they lie in memory");

constexpr std::uint64_t kAtOnce = 4U << 20;

} // namespace

FileSum& FileSum::operator+=(const FileSum& other) {
    plain += other.plain;
    weighted += other.weighted;
    return *this;
}

void FileSum::add(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    // The sum of the sums so far has word i as often as words from i on are left: no multiplication in the loop.
    std::uint64_t sum = 0, sums = 0;
    const std::size_t words = bytes.size() / 8;
    for (std::size_t i = 0; i < words; ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + 8 * i, 8);
        sum += word;
        sums += sum;
    }
    plain += sum;
    weighted += sum * (offset / 8 + words) - sums;
}

std::string FileSum::text() const {
    char out[33];
    std::snprintf(out, sizeof out, "%016llx%016llx", static_cast<unsigned long long>(plain), static_cast<unsigned long long>(weighted));
    return out;
}

Expected<FileSum> FileSum::fromText(std::string_view text) {
    if (text.size() != 32 || text.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return Error(ErrorCode::Corrupt, "'" + std::string(text.substr(0, 40)) + "' is no sum of a file");
    return FileSum{std::stoull(std::string(text.substr(0, 16)), nullptr, 16), std::stoull(std::string(text.substr(16)), nullptr, 16)};
}

void SharedSum::add(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    FileSum part;
    part.add(offset, bytes);
    m_plain += part.plain;
    m_weighted += part.weighted;
}

Expected<FileSum> sumOf(const File& file, std::uint64_t offset, std::uint64_t size,
                        const std::function<Expected<void>(std::uint64_t, std::span<const std::uint8_t>)>& taken) {
    FileSum sum;
    std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min(size, kAtOnce)));
    for (std::uint64_t at = offset; at < offset + size;) {
        const std::span<std::uint8_t> part(buffer.data(), static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), offset + size - at)));
        LSW_TRY(file.readAt(at, part));
        sum.add(at, part);
        LSW_TRY(taken(at, part));
        at += part.size();
    }
    return sum;
}

} // namespace lsw
