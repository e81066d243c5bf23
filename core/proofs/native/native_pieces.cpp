// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_pieces.h"

#include "base/file.h"
#include "kernels/fr32/fr32_pad.h"
#include "proofs/fr32.h"
#include "proofs/piece_commitment.h"
#include "proofs/piece_file.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <vector>

#include <unistd.h>

namespace lsw::proofs {
namespace {

using sector::PaddedBytes;
using sector::UnpaddedBytes;
using Buffer = std::vector<std::uint8_t>;

constexpr std::size_t kPortion = 4U << 20; ///< padded bytes written at once
constexpr std::size_t kTile = 128U << 10;  ///< padded bytes hashed at once: they stay in the second-level cache

/// Fills the buffer from a pipe or file; fewer bytes at its end.
Expected<std::size_t> fill(int descriptor, std::span<std::uint8_t> buffer) {
    std::size_t have = 0;
    while (have < buffer.size()) {
        const ssize_t got = ::read(descriptor, buffer.data() + have, buffer.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errnoError(errno, "cannot read the piece data");
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

/// A piece that comes in portions: user bytes, padded bytes and their commitment.
class PiecePass {
public:
    explicit PiecePass(PaddedBytes size)
        : m_portion(static_cast<std::size_t>(std::min<std::uint64_t>(size.value, kPortion))), m_tile(std::min(m_portion, kTile)),
          m_user(m_portion / 128 * 127), m_padded(m_portion), m_hashed(m_tile) {}

    std::size_t portion() const { return m_portion; }
    std::span<std::uint8_t> user() { return m_user; }
    std::span<std::uint8_t> padded() { return m_padded; }

    /// Pads the user bytes and adds them to the commitment.
    void takeUser() {
        const auto pad = kernels::fr32Pad().chosen().function;
        for (std::size_t at = 0; at < m_portion; at += m_tile) {
            pad(m_user.data() + at / 128 * 127, m_padded.data() + at, m_tile / 128);
            takeTile(at);
        }
    }
    /// Adds padded bytes that are there already.
    void takePadded() {
        for (std::size_t at = 0; at < m_portion; at += m_tile) takeTile(at);
    }
    void takeZeros() { m_fold.add(zeroCommitment(PaddedBytes{m_portion}), static_cast<unsigned>(std::countr_zero(m_portion / 32))); }
    Commitment root() const { return *m_fold.root(); }

private:
    void takeTile(std::size_t at) {
        std::memcpy(m_hashed.data(), m_padded.data() + at, m_tile);
        m_fold.addLeaves(m_hashed);
    }

    std::size_t m_portion, m_tile;
    Buffer m_user, m_padded, m_hashed;
    MerkleFold m_fold;
};

} // namespace

Expected<PieceInfo> addPieceNatively(const AddPieceOrder& order, const TaskContext& context) {
    LSW_TRY(checkPiecePlace(order));
    const PaddedBytes padded = order.size.padded();
    auto unsealed = File::openToWrite(order.unsealed);
    if (!unsealed) return std::move(unsealed).error();
    context.report({"addpiece", "", 0, order.size.value, "bytes"});
    if (order.source.isZeros()) {
        LSW_TRY(writeZeros(*unsealed, order.offset.value, padded.value, context));
        context.report({"addpiece", "", order.size.value, order.size.value, "bytes"});
        return PieceInfo{padded, zeroCommitment(padded)};
    }
    PiecePass pass(padded);
    for (std::uint64_t at = 0; at < padded.value; at += pass.portion()) {
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while adding a piece");
        const auto wanted = order.source.isPadded ? pass.padded() : pass.user();
        const auto got = fill(order.source.descriptor, wanted);
        if (!got) return got.error();
        const std::uint64_t before = order.source.isPadded ? at : PaddedBytes{at}.unpadded().value;
        if (*got < wanted.size())
            return Error(ErrorCode::InvalidArgument, "the data ended after " + std::to_string(before + *got) + " of " +
                                                         std::to_string(order.source.isPadded ? padded.value : order.size.value) + " bytes");
        if (order.source.isPadded) {
            if (const auto bad = firstNonFieldElement(pass.padded()))
                return Error(ErrorCode::InvalidArgument, "the 32 bytes at offset " + std::to_string(at + *bad) +
                                                             " of the data are no field element: this is not fr32-padded data");
            pass.takePadded();
        } else {
            pass.takeUser();
        }
        LSW_TRY(unsealed->writeAt(order.offset.value + at, pass.padded()));
        context.report({"addpiece", "", PaddedBytes{at + pass.portion()}.unpadded().value, order.size.value, "bytes"});
    }
    return PieceInfo{padded, pass.root()};
}

Expected<PieceInfo> pieceCommitmentNatively(const PieceCommitmentOrder& order, const TaskContext& context) {
    LSW_TRY(checkPieceSize(order.size));
    const PaddedBytes padded = order.size.padded();
    if (order.source.isZeros()) return PieceInfo{padded, zeroCommitment(padded)};
    PiecePass pass(padded);
    bool hasEnded = false;
    for (std::uint64_t at = 0; at < padded.value; at += pass.portion()) {
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while hashing a piece");
        if (hasEnded) {
            pass.takeZeros();
        } else {
            const auto got = fill(order.source.descriptor, pass.user());
            if (!got) return got.error();
            hasEnded = *got < pass.user().size();
            std::ranges::fill(pass.user().subspan(*got), std::uint8_t{0});
            pass.takeUser();
        }
        context.report({"datacid", "", PaddedBytes{at + pass.portion()}.unpadded().value, order.size.value, "bytes"});
    }
    return PieceInfo{padded, pass.root()};
}

} // namespace lsw::proofs
