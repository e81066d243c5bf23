// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "base/file.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace lsw {

/// Tells bytes of a file that were altered, torn or are another file's from those that were written: two sums modulo 2^64 over the 8-byte words,
/// one plain, one weighted by the number of the word in the file. All bytes count: one that is altered always changes the plain sum, and any
/// other difference escapes both sums about once in 2^64 times. Parts may be added in any order and by several threads, and the cost is a
/// five-hundredth of labelling, where SHA-256 would take more than a hundredth. It is against chance and not against somebody who can write the
/// folder: that one could write the sums as well.
struct FileSum {
    std::uint64_t plain = 0, weighted = 0;

    bool operator==(const FileSum&) const = default;
    FileSum& operator+=(const FileSum& other);
    /// Bytes as they lie in the file from `offset`; offset and size are multiples of 8.
    void add(std::uint64_t offset, std::span<const std::uint8_t> bytes);
    /// 32 hexadecimal digits, and back; an error for another text.
    std::string text() const;
    static Expected<FileSum> fromText(std::string_view text);
};

/// One that several threads add to.
class SharedSum {
public:
    void add(std::uint64_t offset, std::span<const std::uint8_t> bytes);
    FileSum value() const { return {m_plain.load(), m_weighted.load()}; }

private:
    std::atomic<std::uint64_t> m_plain{0}, m_weighted{0};
};

/// The sum of [offset, offset + size) of a file. `taken` gets every piece that was read, in order; its error ends it.
Expected<FileSum> sumOf(const File& file, std::uint64_t offset, std::uint64_t size,
                        const std::function<Expected<void>(std::uint64_t at, std::span<const std::uint8_t> bytes)>& taken);

} // namespace lsw
