// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/native_unseal.h"

#include "base/file.h"
#include "base/thread_team.h"
#include "kernels/field/fr.h"
#include "kernels/fr32/fr32_pad.h"
#include "proofs/fr32.h"
#include "proofs/native/native_labels.h"
#include "proofs/native/replica_id.h"
#include "proofs/native/sector_trees.h"
#include "proofs/piece_commitment.h"
#include "proofs/sealing_checks.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

#include <algorithm>
#include <atomic>

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;
using sector::PaddedBytes;
using sector::ProofInfo;

constexpr std::size_t kNode = 32, kGroup = 128; ///< four nodes hold 127 user bytes
constexpr std::uint64_t kNodesAtOnce = SectorFold::kBlock;

Error notTheData() {
    return Error(ErrorCode::VerificationFailed,
                 "what was decoded is not what the sector was made from: the replica, ticket, proof type or sector number is another's");
}

/// The last labels, wherever they are.
struct Labels {
    const std::uint8_t* memory = nullptr; ///< all of them, or
    const File* file = nullptr;           ///< the layer file
    const File* treeD = nullptr;          ///< when given: it begins with the data that must come out

    Expected<const std::uint8_t*> of(std::uint64_t offset, std::span<std::uint8_t> room) const {
        if (memory) return memory + offset;
        LSW_TRY(file->readAt(offset, room));
        file->forget(offset, room.size());
        return room.data();
    }
};

/// The range of one order while it is decoded.
class Decoding {
public:
    Decoding(const UnsealOrder& order, const ProofInfo& info, const File& replica, const File& output)
        : m_order(order), m_info(info), m_replica(replica), m_output(output), m_begin(order.offset.value / 127 * kGroup),
          m_end((order.offset.value + order.size.value + 126) / 127 * kGroup), m_isWhole(m_begin == 0 && m_end == info.sectorSize.value) {}

    Expected<void> run(const Labels& labels, const TaskContext& context) const {
        std::atomic<std::uint64_t> ready{0};
        SectorFold fold(m_info.nodes());
        const auto portion = [&](std::uint64_t from, std::uint64_t to) -> Expected<void> {
            Bytes nodes(static_cast<std::size_t>(to - from) * kNode);
            LSW_TRY(decode(m_begin + from * kNode, nodes, labels));
            LSW_TRY(write(m_begin + from * kNode, nodes));
            context.report({"unseal", "decoding", ready += nodes.size(), m_end - m_begin, "bytes"});
            if (m_isWhole) fold.add(from, nodes); // uses them up
            return {};
        };
        LSW_TRY(inParallel(usableProcessors(), (m_end - m_begin) / kNode, kNodesAtOnce, portion, context.stop));
        if (m_isWhole && fold.root() != m_order.commD) return notTheData();
        return m_output.sync();
    }

private:
    Expected<void> decode(std::uint64_t offset, Bytes& nodes, const Labels& labels) const {
        LSW_TRY(m_replica.readAt(offset, nodes));
        m_replica.forget(offset, nodes.size());
        if (const auto bad = firstNonFieldElement(nodes))
            return Error(ErrorCode::Corrupt, "the 32 bytes at offset " + std::to_string(offset + *bad) + " of the replica " +
                                                 m_order.sealed.string() + " are no field element: it is damaged");
        Bytes room(labels.memory ? 0 : nodes.size());
        const auto from = labels.of(offset, room);
        if (!from) return from.error();
        kernels::frSubtractNodes(nodes.data(), *from, nodes.data(), nodes.size() / kNode);
        // Padded data leave the top two bits of a node free; with labels of another sector nearly half of all nodes do not.
        for (std::size_t at = kNode - 1; at < nodes.size(); at += kNode)
            if (nodes[at] > 0x3f) return notTheData();
        if (!labels.treeD) return {};
        Bytes expected(nodes.size());
        LSW_TRY(labels.treeD->readAt(offset, expected));
        labels.treeD->forget(offset, expected.size());
        if (expected != nodes) return notTheData();
        return {};
    }

    Expected<void> write(std::uint64_t offset, std::span<const std::uint8_t> nodes) const {
        if (m_order.padded) return m_output.writeAt(offset, nodes);
        Bytes bytes(nodes.size() / kGroup * 127);
        kernels::fr32Unpad().chosen().function(nodes.data(), bytes.data(), nodes.size() / kGroup);
        // The first and the last group may be wanted in part.
        std::uint64_t at = offset / kGroup * 127;
        std::span<const std::uint8_t> user = bytes;
        if (at < m_order.offset.value) {
            user = user.subspan(static_cast<std::size_t>(m_order.offset.value - at));
            at = m_order.offset.value;
        }
        user = user.first(static_cast<std::size_t>(std::min<std::uint64_t>(user.size(), m_order.offset.value + m_order.size.value - at)));
        return m_output.writeAt(at - m_order.offset.value, user);
    }

    const UnsealOrder& m_order;
    const ProofInfo& m_info;
    const File& m_replica;
    const File& m_output;
    std::uint64_t m_begin, m_end; ///< padded bytes, of whole groups
    bool m_isWhole;
};

/// With what PC1 left in the cache. False when there is nothing left, or when it is not of this sector.
Expected<bool> decodedFromCache(const UnsealOrder& order, const ProofInfo& info, const Decoding& decoding, const TaskContext& context) {
    const fs::path layer = order.cache / sector::layerFileName(info.layers);
    if (!requirePreCommit1(info, order.cache, order.commD)) return false;
    const auto labels = File::openToRead(layer), treeD = File::openToRead(order.cache / sector::treeDFileName());
    if (!labels || !treeD) return false;
    auto done = decoding.run({nullptr, &*labels, &*treeD}, context);
    if (done) return true;
    if (done.error().code() == ErrorCode::VerificationFailed) return false;
    return std::move(done).error();
}

} // namespace

Expected<void> unsealNatively(const UnsealOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    LSW_TRY(checkUnsealRange(info, order));
    LSW_TRY(requireFile(order.sealed, info.sectorSize.value, "the replica"));
    const auto replica = File::openToRead(order.sealed);
    if (!replica) return replica.error();
    replica->willBeReadInOrder();
    const auto output = File::openToWrite(order.output);
    if (!output) return output.error();
    const Decoding decoding(order, info, *replica, *output);
    const auto decoded = decodedFromCache(order, info, decoding, context);
    if (!decoded) return decoded.error();
    if (*decoded) return {};
    const auto labels = lastLayer(info, replicaId(order.proof, order.sector, order.ticket, order.commD), order.scratch, 0, "unseal", context);
    if (!labels) return labels.error();
    return decoding.run(labels->memory ? Labels{labels->memory->data()} : Labels{nullptr, &*labels->file}, context);
}

Expected<void> regenerateReplicaNatively(const RegenerateReplicaOrder& order, const TaskContext& context) {
    const auto proof = sector::proofInfo(order.proof);
    if (!proof) return proof.error();
    const ProofInfo& info = **proof;
    const std::uint64_t size = info.sectorSize.value;
    LSW_TRY(requireSpace({{order.sealed.has_parent_path() ? order.sealed.parent_path() : ".", size}}, "the sector key"));
    const Bytes32 id = replicaId(order.proof, order.sector, order.ticket, zeroCommitment(info.sectorSize));
    const auto labels = lastLayer(info, id, order.scratch, 0, "regenerate", context);
    if (!labels) return labels.error();
    // What encodes each node of zeros is its last label.
    LSW_TRY(createEmpty(order.sealed));
    const auto sealed = File::openToWrite(order.sealed);
    if (!sealed) return sealed.error();
    Bytes room;
    for (std::uint64_t at = 0; at < size;) {
        LSW_TRY(notStopped(context, "making the sector key"));
        const std::uint64_t part = std::min(kNodesAtOnce * kNode, size - at);
        if (labels->file) {
            room.resize(part);
            LSW_TRY(labels->file->readAt(at, room));
        }
        LSW_TRY(sealed->writeAt(at, labels->file ? std::span<const std::uint8_t>(room) : std::span<const std::uint8_t>(labels->memory->data() + at, part)));
        at += part;
        context.report({"regenerate", "writing", at, size, "bytes"});
    }
    return sealed->sync();
}

} // namespace lsw::proofs
