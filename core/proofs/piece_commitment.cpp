// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/piece_commitment.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include <unistd.h>

#include "base/file.h"
#include "kernels/fr32/fr32_pad.h"
#include "kernels/sha256/pair_hash.h"

namespace lsw::proofs {
namespace {

using sector::PaddedBytes;
using sector::UnpaddedBytes;

constexpr std::size_t kPortion = 4U << 20;
constexpr std::size_t kGroupsAtOnce = 1024; ///< 128 KiB of padded bytes: they stay in the second-level cache

Commitment parentOf(const Commitment& left, const Commitment& right) {
    std::array<std::uint8_t, 64> pair;
    std::memcpy(pair.data(), left.data(), 32);
    std::memcpy(pair.data() + 32, right.data(), 32);
    Commitment out{};
    kernels::pairHash().chosen().function(pair.data(), out.data(), 1);
    return out;
}

std::string sizes(std::uint64_t have, std::uint64_t of) { return std::to_string(have) + " of " + std::to_string(of) + " bytes"; }

/// Reads up to `buffer` whole; fewer bytes at the end of the source. `offset` < 0 reads on from where the descriptor is.
Expected<std::size_t> readPortion(int descriptor, std::span<std::uint8_t> buffer, std::int64_t offset) {
    std::size_t have = 0;
    while (have < buffer.size()) {
        const ssize_t got = offset < 0 ? ::read(descriptor, buffer.data() + have, buffer.size() - have)
                                       : ::pread(descriptor, buffer.data() + have, buffer.size() - have,
                                                 static_cast<off_t>(offset + static_cast<std::int64_t>(have)));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errnoError(errno, "cannot read the piece data");
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

} // namespace

void MerkleFold::add(const Commitment& node, unsigned level) {
    Commitment carried = node;
    const std::uint64_t before = m_leaves;
    m_leaves += 1ULL << level;
    while (level < 63 && (before >> level & 1U)) {
        carried = parentOf(m_pending[level], carried);
        ++level;
    }
    m_pending[level] = carried;
}

void MerkleFold::addLeaves(std::span<std::uint8_t> nodes) {
    const auto hash = kernels::pairHash().chosen().function;
    while (!nodes.empty()) {
        // The largest subtree that can begin here.
        const auto room = static_cast<int>(std::bit_width(nodes.size() / 32)) - 1;
        const int level = m_leaves == 0 ? room : std::min(room, std::countr_zero(m_leaves));
        const std::size_t count = std::size_t{1} << level;
        for (std::size_t row = count; row > 1; row /= 2) hash(nodes.data(), nodes.data(), row / 2);
        Commitment top;
        std::memcpy(top.data(), nodes.data(), top.size());
        add(top, static_cast<unsigned>(level));
        nodes = nodes.subspan(count * 32);
    }
}

std::optional<Commitment> MerkleFold::root() const {
    if (!std::has_single_bit(m_leaves)) return std::nullopt;
    return m_pending[static_cast<std::size_t>(std::countr_zero(m_leaves))];
}

Commitment zeroCommitment(PaddedBytes size) {
    static const std::array<Commitment, 64> ladder = [] {
        std::array<Commitment, 64> out{};
        for (std::size_t level = 1; level < out.size(); ++level) out[level] = parentOf(out[level - 1], out[level - 1]);
        return out;
    }();
    const auto nodes = std::max<std::uint64_t>(1, size.value / 32);
    return ladder[static_cast<std::size_t>(std::bit_width(nodes) - 1)];
}

void PieceHasher::hashGroups(std::span<const std::uint8_t> groups) {
    const auto pad = kernels::fr32Pad().chosen().function;
    while (!groups.empty()) {
        const std::size_t count = std::min(groups.size() / 127, kGroupsAtOnce);
        m_padded.resize(count * 128);
        pad(groups.data(), m_padded.data(), count);
        m_fold.addLeaves(m_padded);
        groups = groups.subspan(count * 127);
    }
}

void PieceHasher::append(std::span<const std::uint8_t> user) {
    m_userBytes += user.size();
    if (m_restSize > 0) {
        const std::size_t part = std::min(user.size(), m_rest.size() - m_restSize);
        std::memcpy(m_rest.data() + m_restSize, user.data(), part);
        m_restSize += part;
        user = user.subspan(part);
        if (m_restSize < m_rest.size()) return;
        hashGroups(m_rest);
    }
    const std::size_t whole = user.size() / 127 * 127;
    hashGroups(user.first(whole));
    user = user.subspan(whole);
    if (!user.empty()) std::memcpy(m_rest.data(), user.data(), user.size());
    m_restSize = user.size();
}

Expected<PieceInfo> PieceHasher::finish(UnpaddedBytes size) {
    if (!size.isPieceSize())
        return Error(ErrorCode::InvalidArgument, std::to_string(size.value) + " is no piece size: it must be 127 times a power of two");
    if (m_userBytes > size.value)
        return Error(ErrorCode::InvalidArgument, "the data are longer than the piece of " + std::to_string(size.value) + " bytes");
    if (m_restSize > 0) {
        std::fill(m_rest.begin() + static_cast<std::ptrdiff_t>(m_restSize), m_rest.end(), std::uint8_t{0});
        hashGroups(m_rest);
        m_restSize = 0;
    }
    // The rest is zeros: whole subtrees at once, as large as the position allows.
    const std::uint64_t leaves = size.padded().value / 32;
    while (m_fold.leaves() < leaves) {
        const std::uint64_t at = m_fold.leaves();
        const auto level = at == 0 ? std::countr_zero(leaves) : std::countr_zero(at);
        m_fold.add(zeroCommitment(PaddedBytes{32ULL << level}), static_cast<unsigned>(level));
    }
    return PieceInfo{size.padded(), *m_fold.root()};
}

Expected<PieceInfo> pieceCommitmentOf(int descriptor, UnpaddedBytes size, std::stop_token stop,
                                      const std::function<void(std::uint64_t)>& progress) {
    PieceHasher hasher;
    std::vector<std::uint8_t> buffer(kPortion);
    while (true) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while hashing a piece");
        auto got = readPortion(descriptor, buffer, -1);
        if (!got) return std::move(got).error();
        hasher.append({buffer.data(), *got});
        if (progress) progress(hasher.userBytes());
        if (*got < buffer.size() || hasher.userBytes() > size.value) return hasher.finish(size);
    }
}

Expected<PieceInfo> pieceCommitmentOf(const std::filesystem::path& file, UnpaddedBytes size, std::stop_token stop) {
    const auto opened = File::openToRead(file);
    if (!opened) return opened.error();
    return pieceCommitmentOf(opened->descriptor(), size, std::move(stop));
}

Expected<PieceInfo> zeroPiece(UnpaddedBytes size) {
    PieceHasher hasher;
    return hasher.finish(size);
}

Expected<Commitment> paddedCommitmentOf(int descriptor, std::uint64_t offset, PaddedBytes size, std::stop_token stop) {
    if (!size.isPieceSize())
        return Error(ErrorCode::InvalidArgument, std::to_string(size.value) + " is no padded piece size: it must be a power of two");
    MerkleFold fold;
    std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size.value, kPortion)));
    for (std::uint64_t at = 0; at < size.value; at += buffer.size()) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while hashing a sector");
        const auto got = readPortion(descriptor, buffer, static_cast<std::int64_t>(offset + at));
        if (!got) return got.error();
        if (*got < buffer.size()) return Error(ErrorCode::Corrupt, "the unsealed data end after " + sizes(at + *got, size.value));
        fold.addLeaves(buffer);
    }
    return *fold.root();
}

Expected<Commitment> sectorCommitment(PaddedBytes sectorSize, std::span<const PieceInfo> pieces) {
    if (!sectorSize.isPieceSize()) return Error(ErrorCode::InvalidArgument, std::to_string(sectorSize.value) + " is no sector size");
    MerkleFold fold;
    const std::uint64_t leaves = sectorSize.value / 32;
    const auto fillTo = [&fold](std::uint64_t target) {
        while (fold.leaves() < target) {
            const std::uint64_t at = fold.leaves(), room = target - at;
            const int level = std::min(at == 0 ? 63 : std::countr_zero(at), static_cast<int>(std::bit_width(room)) - 1);
            fold.add(zeroCommitment(PaddedBytes{32ULL << level}), static_cast<unsigned>(level));
        }
    };
    for (const PieceInfo& piece : pieces) {
        if (!piece.size.isPieceSize())
            return Error(ErrorCode::InvalidArgument,
                         std::to_string(piece.size.value) + " is no padded piece size: it must be a power of two");
        const std::uint64_t nodes = piece.size.value / 32;
        const std::uint64_t start = (fold.leaves() + nodes - 1) / nodes * nodes;
        if (nodes > leaves || start > leaves - nodes)
            return Error(ErrorCode::InvalidArgument, "the pieces do not fit the sector of " + std::to_string(sectorSize.value) + " bytes");
        fillTo(start);
        fold.add(piece.commitment, static_cast<unsigned>(std::countr_zero(nodes)));
    }
    fillTo(leaves);
    return *fold.root();
}

} // namespace lsw::proofs
