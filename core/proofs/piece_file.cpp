// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/piece_file.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>

namespace lsw::proofs {

Expected<void> checkPieceSize(sector::UnpaddedBytes size) {
    if (size.isPieceSize()) return {};
    return Error(ErrorCode::InvalidArgument,
                 std::to_string(size.value) + " bytes are no piece: a piece has 127 times a power of two bytes");
}

Expected<void> checkPiecePlace(const AddPieceOrder& order) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    LSW_TRY(checkPieceSize(order.size));
    const std::uint64_t padded = order.size.padded().value, sectorSize = (*proof)->sectorSize.value;
    if (order.offset.value % padded != 0)
        return Error(ErrorCode::InvalidArgument, "a piece of " + std::to_string(padded) + " padded bytes cannot start at " +
                                                     std::to_string(order.offset.value) + ": it must start at a multiple of its size");
    if (padded > sectorSize || order.offset.value > sectorSize - padded)
        return Error(ErrorCode::InvalidArgument, "a piece of " + std::to_string(padded) + " padded bytes at " +
                                                     std::to_string(order.offset.value) + " does not fit the sector of " +
                                                     sector::sizeName(sectorSize));
    return {};
}

Expected<void> writeZeros(const File& file, std::uint64_t offset, std::uint64_t size, const TaskContext& context) {
    if (::fallocate(file.descriptor(), FALLOC_FL_ZERO_RANGE, static_cast<off_t>(offset), static_cast<off_t>(size)) == 0) return {};
    if (errno == ENOSPC || errno == EDQUOT) return errnoError(errno, "cannot write " + file.path().string());
    const std::vector<std::uint8_t> zeros(static_cast<std::size_t>(std::min<std::uint64_t>(size, 4U << 20)));
    for (std::uint64_t at = 0; at < size;) {
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while adding a piece");
        const std::uint64_t part = std::min<std::uint64_t>(zeros.size(), size - at);
        LSW_TRY(file.writeAt(offset + at, {zeros.data(), static_cast<std::size_t>(part)}));
        at += part;
        context.report({"addpiece", "", at, size, "bytes"});
    }
    return {};
}

} // namespace lsw::proofs
