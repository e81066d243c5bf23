// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/chunk_sums.h"

#include <algorithm>
#include <bit>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "base/bytes.h"

namespace lsw::params {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSmallestChunk = 64U << 10, kLargestChunk = 8U << 20, kChunksWanted = 64;
constexpr std::size_t kWord = 8;

fs::path folderOf(const fs::path& folder) { return folder / "lotus-seal-worker-sums"; }

/// The last bytes of a file may be no whole word: zeros behind them make one.
FileSum sumOf(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    FileSum sum;
    const std::size_t whole = bytes.size() / kWord * kWord;
    sum.add(offset, bytes.first(whole));
    if (whole < bytes.size()) {
        std::uint8_t last[kWord] = {};
        std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(whole), bytes.end(), last);
        sum.add(offset + whole, last);
    }
    return sum;
}

} // namespace

std::uint64_t chunkBytesFor(std::uint64_t size) { return std::bit_floor(std::clamp(size / kChunksWanted, kSmallestChunk, kLargestChunk)); }

ChunkSums::ChunkSums(std::uint64_t size)
    : m_size(size), m_chunkBytes(chunkBytesFor(size)), m_sums(static_cast<std::size_t>((size + m_chunkBytes - 1) / m_chunkBytes)) {}

void ChunkSums::add(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty() && m_added < m_size) {
        const std::uint64_t end = (m_added / m_chunkBytes + 1) * m_chunkBytes;
        const auto part = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), end - m_added)));
        m_sums[static_cast<std::size_t>(m_added / m_chunkBytes)] += sumOf(m_added, part);
        m_added += part.size();
        bytes = bytes.subspan(part.size());
    }
}

void ChunkSums::save(const fs::path& folder, const ParameterFile& file) const {
    std::error_code ignored;
    fs::create_directory(folderOf(folder), ignored);
    const fs::path made = folderOf(folder) / (file.name + ".new-" + std::to_string(::getpid()));
    {
        std::ofstream out(made);
        out << "lotus-seal-worker sums 1 " << file.digest << ' ' << m_size << ' ' << m_chunkBytes << '\n';
        for (const FileSum& one : m_sums) out << one.text() << '\n';
        if (!out.flush()) {
            fs::remove(made, ignored);
            return;
        }
    }
    fs::rename(made, folderOf(folder) / file.name, ignored);
    if (ignored) fs::remove(made, ignored);
}

std::optional<ChunkSums> ChunkSums::load(const fs::path& folder, const ParameterFile& file) {
    std::ifstream in(folderOf(folder) / file.name);
    std::string line, program, word, version, digest;
    std::uint64_t size = 0, chunkBytes = 0;
    if (!std::getline(in, line)) return std::nullopt;
    std::istringstream head(line);
    head >> program >> word >> version >> digest >> size >> chunkBytes;
    if (!head || program != "lotus-seal-worker" || word != "sums" || version != "1" || digest != file.digest || size == 0 || chunkBytes != chunkBytesFor(size))
        return std::nullopt;
    ChunkSums out(size);
    for (FileSum& one : out.m_sums) {
        if (!std::getline(in, line)) return std::nullopt;
        const auto sum = FileSum::fromText(line);
        if (!sum) return std::nullopt;
        one = *sum;
    }
    return out;
}

Expected<std::vector<bool>> ChunkSums::intact(const File& there, std::stop_token stop) const {
    const auto size = there.size();
    if (!size) return size.error();
    std::vector<bool> out(m_sums.size());
    Bytes chunk(static_cast<std::size_t>(std::min(m_size, m_chunkBytes)));
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while checking " + there.path().string());
        const std::uint64_t begin = i * m_chunkBytes, end = std::min(m_size, begin + m_chunkBytes);
        if (end > *size) break;
        const auto part = std::span(chunk).first(static_cast<std::size_t>(end - begin));
        // What the disk cannot read is damaged like what it reads wrongly.
        out[i] = there.readAt(begin, part).hasValue() && sumOf(begin, part) == m_sums[i];
    }
    return out;
}

} // namespace lsw::params
