// SPDX-License-Identifier: MIT OR Apache-2.0
#include "sector/rle_plus.h"

#include <algorithm>

namespace lsw::sector {
namespace {

class BitWriter {
public:
    void put(std::uint64_t value, int bits) {
        for (int i = 0; i < bits; ++i, ++m_count) {
            if (m_count % 8 == 0) m_bytes.push_back(0);
            m_bytes.back() = static_cast<std::uint8_t>(m_bytes.back() | (((value >> i) & 1) << (m_count % 8)));
        }
    }
    void putRun(std::uint64_t length) {
        if (length == 1) return put(1, 1);
        if (length < 16) {
            put(0b10, 2); // first bit 0, second 1
            return put(length, 4);
        }
        put(0, 2);
        do {
            const std::uint64_t group = length & 0x7f;
            length >>= 7;
            put(group | (length ? 0x80U : 0U), 8);
        } while (length);
    }
    Bytes finish() && {
        while (!m_bytes.empty() && m_bytes.back() == 0) m_bytes.pop_back();
        return std::move(m_bytes);
    }

private:
    Bytes m_bytes;
    std::size_t m_count = 0;
};

class BitReader {
public:
    explicit BitReader(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}
    /// Bits after the end read as zero: trailing zero bytes were stripped.
    std::uint64_t get(int bits) {
        std::uint64_t value = 0;
        for (int i = 0; i < bits; ++i, ++m_at)
            if (m_at / 8 < m_bytes.size()) value |= std::uint64_t{(m_bytes[m_at / 8] >> (m_at % 8)) & 1U} << i;
        return value;
    }
    bool onlyZerosLeft() const {
        for (std::size_t at = m_at; at < m_bytes.size() * 8; ++at)
            if ((m_bytes[at / 8] >> (at % 8)) & 1) return false;
        return true;
    }

private:
    std::span<const std::uint8_t> m_bytes;
    std::size_t m_at = 0;
};

} // namespace

void RunSet::add(Run run) {
    if (run.begin >= run.end) return;
    std::vector<Run> out;
    for (const Run& r : m_runs) {
        if (r.end < run.begin || r.begin > run.end) {
            out.push_back(r);
        } else {
            run.begin = std::min(run.begin, r.begin);
            run.end = std::max(run.end, r.end);
        }
    }
    out.push_back(run);
    std::sort(out.begin(), out.end(), [](const Run& a, const Run& b) { return a.begin < b.begin; });
    m_runs = std::move(out);
}

void RunSet::remove(Run run) {
    if (run.begin >= run.end) return;
    std::vector<Run> out;
    for (const Run& r : m_runs) {
        if (r.begin < std::min(r.end, run.begin)) out.push_back({r.begin, std::min(r.end, run.begin)});
        if (std::max(r.begin, run.end) < r.end) out.push_back({std::max(r.begin, run.end), r.end});
    }
    m_runs = std::move(out);
}

bool RunSet::contains(Run run) const {
    return std::any_of(m_runs.begin(), m_runs.end(),
                       [&](const Run& r) { return r.begin <= run.begin && run.end <= r.end; });
}

Bytes encodeRlePlus(const RunSet& set) {
    if (set.empty()) return {};
    BitWriter out;
    out.put(0, 2);
    const bool startsSet = set.runs().front().begin == 0;
    out.put(startsSet ? 1 : 0, 1);
    std::uint64_t at = 0;
    for (const Run& run : set.runs()) {
        if (run.begin > at) out.putRun(run.begin - at);
        out.putRun(run.end - run.begin);
        at = run.end;
    }
    return std::move(out).finish();
}

Expected<RunSet> decodeRlePlus(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return RunSet{};
    BitReader in(bytes);
    if (in.get(2) != 0) return Error(ErrorCode::Corrupt, "RLE+ of an unknown version");
    bool set = in.get(1) != 0;
    std::uint64_t at = 0;
    RunSet out;
    while (!in.onlyZerosLeft()) {
        std::uint64_t length = 0;
        if (in.get(1)) length = 1;
        else if (in.get(1)) length = in.get(4);
        else {
            for (int shift = 0;; shift += 7) {
                const std::uint64_t group = in.get(8);
                if (shift > 63 || (shift == 63 && (group & 0x7e)))
                    return Error(ErrorCode::Corrupt, "RLE+ run length overflows");
                length |= (group & 0x7f) << shift;
                if (!(group & 0x80)) break;
            }
        }
        if (length == 0) return Error(ErrorCode::Corrupt, "RLE+ run of length 0");
        if (at + length < at) return Error(ErrorCode::Corrupt, "RLE+ runs overflow");
        if (set) out.add({at, at + length});
        at += length;
        set = !set;
    }
    return out;
}

} // namespace lsw::sector
