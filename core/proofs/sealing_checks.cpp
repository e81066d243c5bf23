// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/sealing_checks.h"

#include <boost/json.hpp>

#include "base/file.h"
#include "proofs/fr32.h"
#include "proofs/replica_commitment.h"
#include "proofs/sector_folder.h"

namespace lsw::proofs {

namespace fs = std::filesystem;
namespace json = boost::json;
using sector::ProofInfo;

Expected<void> notStopped(const TaskContext& context, std::string_view phase) {
    if (!context.stop.stop_requested()) return {};
    return Error(ErrorCode::Cancelled, "stopped during " + std::string(phase));
}

Expected<void> checkPieces(const ProofInfo& proof, const std::vector<PieceInfo>& pieces) {
    if (pieces.empty()) return Error(ErrorCode::InvalidArgument, "no pieces given: a sector is sealed from the pieces that fill it");
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::uint64_t size = pieces[i].size.value;
        const std::string which = "piece " + std::to_string(i + 1) + " of " + std::to_string(pieces.size());
        if (!pieces[i].size.isPieceSize())
            return Error(ErrorCode::InvalidArgument, which + " has " + std::to_string(size) + " padded bytes, which is no piece size");
        if (pieces[i].commitment == Commitment{}) return Error(ErrorCode::InvalidArgument, which + " has no commitment");
        if (at % size != 0)
            return Error(ErrorCode::InvalidArgument,
                         which + " starts at " + std::to_string(at) + ", which is no multiple of its size " + std::to_string(size));
        if (size > proof.sectorSize.value - at)
            return Error(ErrorCode::InvalidArgument,
                         "the pieces are larger than the sector of " + sector::sizeName(proof.sectorSize.value));
        at += size;
    }
    if (at != proof.sectorSize.value)
        return Error(ErrorCode::InvalidArgument, "the pieces have " + std::to_string(at) + " padded bytes together, but the sector has " +
                                                     std::to_string(proof.sectorSize.value) + ": fill the rest with zero pieces");
    return {};
}

Expected<void> checkUnsealed(const ProofInfo& proof, const fs::path& unsealed, const TaskContext& context) {
    LSW_TRY(requireFile(unsealed, proof.sectorSize.value, "the unsealed sector", true));
    const auto file = File::openToRead(unsealed);
    if (!file) return file.error();
    auto checked = checkFieldElements(file->descriptor(), 0, proof.sectorSize, context.stop);
    if (!checked) return std::move(checked).error().whileDoing("checking the unsealed sector " + unsealed.string());
    return {};
}

Expected<void> checkUnsealRange(const ProofInfo& info, const UnsealOrder& order) {
    const std::uint64_t all = info.sectorSize.unpadded().value;
    if (order.size.value == 0 || order.size.value > all || order.offset.value > all - order.size.value)
        return Error(ErrorCode::InvalidArgument, "the range of " + std::to_string(order.size.value) + " bytes at " +
                                                     std::to_string(order.offset.value) + " is not inside the sector of " +
                                                     std::to_string(all) + " user bytes");
    if (order.padded && (order.offset.value % 127 != 0 || order.size.value % 127 != 0))
        return Error(ErrorCode::InvalidArgument, "a range of an unsealed file starts and ends at multiples of 127 user bytes");
    return {};
}

Expected<void> requireFolder(const fs::path& folder, std::string_view what) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return requirePlainPath(folder);
    return Error(ErrorCode::NotFound, std::string(what) + " is no folder: " + folder.string());
}

Expected<void> requireNoCheckpoint(const fs::path& cache, std::string_view name) {
    std::error_code ignored;
    if (!fs::exists(cache / name, ignored)) return {};
    return Error(ErrorCode::Corrupt, "the sector in " + cache.string() + " is not done: PC" + (name == sector::kLabelCheckpointName ? "1" : "2") +
                                         " was interrupted, and its checkpoint is still there");
}

Expected<void> requirePreCommit1(const ProofInfo& proof, const fs::path& cache, const Commitment& commD) {
    LSW_TRY(requireFolder(cache, "the cache"));
    LSW_TRY(requireNoCheckpoint(cache, sector::kLabelCheckpointName));
    for (const auto& layer : sector::layerFiles(proof)) LSW_TRY(requireFile(cache / layer.name, layer.size, "a layer of PC1"));
    const fs::path treeD = cache / sector::treeDFileName();
    LSW_TRY(requireFile(treeD, sector::treeDFile(proof).size, "tree D of PC1"));
    const auto file = File::openToRead(treeD);
    if (!file) return file.error();
    Commitment root{};
    LSW_TRY(file->readAt(sector::treeDFile(proof).size - root.size(), root));
    if (root == commD) return {};
    return Error(ErrorCode::Corrupt, "tree D in " + cache.string() + " belongs to other data than the PC1 output: run PC1 again");
}

Expected<AuxRoots> auxRootsIn(const fs::path& cache) {
    AuxRoots roots;
    const fs::path aux = cache / sector::kPAuxName;
    LSW_TRY(requireFile(aux, roots.commC.size() + roots.commRLast.size(), "p_aux of the cache"));
    const auto file = File::openToRead(aux);
    if (!file) return file.error();
    LSW_TRY(file->readAt(0, roots.commC));
    LSW_TRY(file->readAt(roots.commC.size(), roots.commRLast));
    return roots;
}

Expected<Commitment> commRIn(const fs::path& cache) {
    const auto roots = auxRootsIn(cache);
    if (!roots) return roots.error();
    return replicaCommitment(roots->commC, roots->commRLast);
}

std::uint64_t sizeOf(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    return error ? 0 : size;
}

std::uint64_t totalSize(const std::vector<sector::CacheFile>& files) {
    std::uint64_t sum = 0;
    for (const auto& file : files) sum += file.size;
    return sum;
}

namespace {

/// A value of ours from an object of the crate's JSON.
Expected<Commitment> commitmentIn(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    const json::array* array = value ? value->if_array() : nullptr;
    Commitment out{};
    if (!array || array->size() != out.size())
        return Error(ErrorCode::InvalidArgument, std::string(key) + " in the output of the phase before is no list of 32 bytes");
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto* byte = (*array)[i].if_int64();
        if (!byte || *byte < 0 || *byte > 255)
            return Error(ErrorCode::InvalidArgument, std::string(key) + " in the output of the phase before is no list of bytes");
        out[i] = static_cast<std::uint8_t>(*byte);
    }
    return out;
}

} // namespace

Expected<PhaseOutput> readPhaseOutput(std::string_view text, std::string_view phase) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    const json::object* object = error ? nullptr : value.if_object();
    if (!object) return Error(ErrorCode::InvalidArgument, "the " + std::string(phase) + " output is no JSON object");
    const json::value* name = object->if_contains("registered_proof");
    if (!name || !name->is_string())
        return Error(ErrorCode::InvalidArgument, "the " + std::string(phase) + " output does not name its proof type");
    const auto proof = sector::parseProof(std::string_view(name->get_string()));
    if (!proof) return proof.error();
    const auto commD = commitmentIn(*object, "comm_d");
    if (!commD) return commD.error();
    return PhaseOutput{*proof, *commD};
}

} // namespace lsw::proofs
