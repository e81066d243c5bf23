// SPDX-License-Identifier: MIT OR Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "kernels/fr32/fr32_pad.h"
#include "proofs/crate_reply.h"
#include "proofs/native/native_pieces.h"
#include "proofs/official_checks.h"
#include "proofs/official_engine.h"
#include "proofs/parent_cache_file.h"
#include "proofs/piece_commitment.h"
#include "proofs/piece_file.h"
#include "proofs/progress_ticker.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;
using sector::PaddedBytes;
using sector::UnpaddedBytes;

/// The crate keeps a hash for every 64 bytes of a piece until its end, and says nothing meanwhile: so it gets a piece in portions.
constexpr std::uint64_t kPortion = 16U << 20;

/// Takes user bytes as the crate decodes them and writes the wanted ones, padded again or as they are.
class UnsealSink {
public:
    UnsealSink(const UnsealOrder& order, int output, std::uint64_t skip, bool whole, const TaskContext& context)
        : m_order(order), m_output(output), m_skip(skip), m_context(context) {
        if (whole) m_hasher.emplace();
    }

    static std::int32_t take(void* self, const std::uint8_t* data, std::size_t size) {
        try {
            return static_cast<UnsealSink*>(self)->write({data, size});
        } catch (...) {
            return ENOMEM;
        }
    }

    std::optional<PieceHasher>& hasher() { return m_hasher; }

private:
    std::int32_t write(std::span<const std::uint8_t> user) {
        if (m_context.stop.stop_requested()) return ECANCELED;
        if (m_hasher) m_hasher->append(user);
        if (!m_order.padded) {
            const std::uint64_t from = std::min<std::uint64_t>(m_skip, user.size());
            m_skip -= from;
            user = user.subspan(static_cast<std::size_t>(from));
            user = user.first(static_cast<std::size_t>(std::min<std::uint64_t>(user.size(), m_order.size.value - m_written)));
            const std::int32_t failed = put(user, m_written);
            m_written += user.size();
            return failed;
        }
        m_rest.insert(m_rest.end(), user.begin(), user.end());
        const std::size_t groups = m_rest.size() / 127;
        std::vector<std::uint8_t> padded(groups * 128);
        kernels::fr32Pad().chosen().function(m_rest.data(), padded.data(), groups);
        m_rest.erase(m_rest.begin(), m_rest.begin() + static_cast<std::ptrdiff_t>(groups * 127));
        const std::int32_t failed = put(padded, m_order.offset.padded().value + m_written);
        m_written += padded.size();
        return failed;
    }

    std::int32_t put(std::span<const std::uint8_t> bytes, std::uint64_t at) {
        while (!bytes.empty()) {
            const ssize_t done = ::pwrite(m_output, bytes.data(), bytes.size(), static_cast<off_t>(at));
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) return errno;
            bytes = bytes.subspan(static_cast<std::size_t>(done));
            at += static_cast<std::uint64_t>(done);
        }
        return 0;
    }

    const UnsealOrder& m_order;
    int m_output;
    std::uint64_t m_skip;
    const TaskContext& m_context;
    std::uint64_t m_written = 0;
    std::vector<std::uint8_t> m_rest; ///< under 127 bytes between calls
    std::optional<PieceHasher> m_hasher;
};

} // namespace

Expected<PieceInfo> OfficialEngine::addPiece(const AddPieceOrder& order, const TaskContext& context) {
    // Zeros, and data that are padded already, are nothing for the crate.
    if (order.source.isZeros() || order.source.isPadded) return addPieceNatively(order, context);
    LSW_TRY(checkPiecePlace(order));
    const PaddedBytes padded = order.size.padded();
    const auto unsealed = File::openToWrite(order.unsealed);
    if (!unsealed) return unsealed.error();
    context.report({"addpiece", "", 0, order.size.value, "bytes"});
    const std::uint64_t portion = std::min(padded.value, kPortion);
    const UnpaddedBytes userPortion = PaddedBytes{portion}.unpadded();
    const auto level = static_cast<unsigned>(std::countr_zero(portion / 32));
    MerkleFold fold;
    for (std::uint64_t at = 0; at < padded.value; at += portion) {
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while adding a piece");
        auto reply =
            taken(lsw_add_piece(order.source.descriptor, unsealed->descriptor(), order.offset.value + at, userPortion.value), "adding a piece");
        if (!reply) {
            Error error = std::move(reply).error();
            if (error.code() == ErrorCode::InvalidArgument)
                return std::move(error).whileDoing("portion " + std::to_string(at / portion + 1) + " of a piece of " +
                                                   std::to_string(order.size.value) + " bytes");
            return error;
        }
        Commitment node{};
        if (reply->size() != node.size()) return Error(ErrorCode::Internal, "adding a piece answered with another number of bytes");
        std::memcpy(node.data(), reply->data(), node.size());
        fold.add(node, level);
        context.report({"addpiece", "", PaddedBytes{at + portion}.unpadded().value, order.size.value, "bytes"});
    }
    return PieceInfo{padded, *fold.root()};
}

Expected<PieceInfo> OfficialEngine::pieceCommitment(const PieceCommitmentOrder& order, const TaskContext& context) {
    LSW_TRY(checkPieceSize(order.size));
    const PaddedBytes padded = order.size.padded();
    if (order.source.isZeros()) return PieceInfo{padded, zeroCommitment(padded)};
    const std::uint64_t portion = std::min(padded.value, kPortion);
    const UnpaddedBytes userPortion = PaddedBytes{portion}.unpadded();
    const auto level = static_cast<unsigned>(std::countr_zero(portion / 32));
    MerkleFold fold;
    bool ended = false;
    for (std::uint64_t at = 0; at < padded.value; at += portion) {
        if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while hashing a piece");
        Commitment node = zeroCommitment(PaddedBytes{portion});
        if (!ended) {
            const auto reply = taken(lsw_piece_commitment(order.source.descriptor, userPortion.value), "hashing a piece");
            if (!reply) return reply.error();
            std::uint64_t came = 0;
            if (reply->size() != node.size() + sizeof came)
                return Error(ErrorCode::Internal, "hashing a piece answered with another number of bytes");
            std::memcpy(node.data(), reply->data(), node.size());
            for (std::size_t i = 0; i < sizeof came; ++i) came |= std::uint64_t{(*reply)[node.size() + i]} << (8 * i);
            ended = came < userPortion.value;
        }
        fold.add(node, level);
        context.report({"datacid", "", PaddedBytes{at + portion}.unpadded().value, order.size.value, "bytes"});
    }
    return PieceInfo{padded, *fold.root()};
}

Expected<void> OfficialEngine::unseal(const UnsealOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const sector::ProofInfo& info = **proof;
    LSW_TRY(checkUnsealRange(info, order));
    LSW_TRY(requireFile(order.sealed, info.sectorSize.value, "the replica"));
    LSW_TRY(requirePlainPath(order.scratch));
    LSW_TRY(requireSpace({{order.scratch, info.sectorSize.value * static_cast<std::uint64_t>(info.layers)}}, "unsealing"));
    const auto output = File::openToWrite(order.output);
    if (!output) return output.error();
    LSW_TRY(ensureParentCache(
        info, "unseal",
        [&]() -> Expected<void> {
            const ProgressTicker ticker(context, secondsOf("unseal", "making the parent cache"));
            auto made = taken(lsw_make_parents(info.number()), "making the parent cache");
            if (!made) return std::move(made).error();
            return {};
        },
        context));
    const auto scratch = TemporaryFolder::make(order.scratch, "labels-");
    if (!scratch) return scratch.error();

    const std::uint64_t begin = order.offset.value / 127 * 127, end = (order.offset.value + order.size.value + 126) / 127 * 127;
    const bool whole = begin == 0 && end == info.sectorSize.unpadded().value;
    UnsealSink sink(order, output->descriptor(), order.offset.value - begin, whole, context);
    const LswSector sector = proofs::sector(order.proof, order.sector, order.ticket);
    auto done = [&] {
        const ProgressTicker ticker(context, [&] {
            std::error_code ignored;
            std::uint64_t layers = 0;
            for (int layer = 1; layer <= info.layers; ++layer)
                layers += fs::exists(scratch->path() / sector::layerFileName(layer), ignored) ? 1U : 0U;
            return Progress{"unseal", "labels", layers, static_cast<std::uint64_t>(info.layers), "layers"};
        });
        return taken(lsw_unseal(&sector, order.commD.data(), pathText(order.sealed), pathText(scratch->path()), begin, end - begin,
                                &UnsealSink::take, &sink),
                     "unsealing");
    }();
    if (context.stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while unsealing");
    if (!done) return std::move(done).error();
    if (whole) {
        // Decoding with another ticket or number gives other bytes and no error; of a whole sector that can be told.
        const auto back = sink.hasher()->finish(info.sectorSize.unpadded());
        if (!back) return back.error();
        if (back->commitment != order.commD)
            return Error(
                ErrorCode::VerificationFailed,
                "what was decoded is not what the sector was made from: the replica, ticket, proof type or sector number is another's");
    }
    LSW_TRY(output->sync());
    const auto layers = static_cast<std::uint64_t>(info.layers);
    context.report({"unseal", "labels", layers, layers, "layers"});
    return {};
}

} // namespace lsw::proofs
