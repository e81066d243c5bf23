// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/official_checks.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include "proofs/fr32.h"
#include "proofs/sector_folder.h"

namespace lsw::proofs {

namespace fs = std::filesystem;
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
    const int descriptor = ::open(unsealed.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errnoError(errno, "cannot open the unsealed sector " + unsealed.string());
    auto checked = checkFieldElements(descriptor, 0, proof.sectorSize, context.stop);
    ::close(descriptor);
    if (!checked) return std::move(checked).error().whileDoing("checking the unsealed sector " + unsealed.string());
    return {};
}

Expected<void> requireFolder(const fs::path& folder, std::string_view what) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return requirePlainPath(folder);
    return Error(ErrorCode::NotFound, std::string(what) + " is no folder: " + folder.string());
}

namespace {

constexpr std::uint64_t kPAuxSize = 64;

Expected<void> requireParameterFile(std::int32_t circuit, std::int64_t proof, std::int32_t which, sector::PaddedBytes sectorSize) {
    const auto path = taken(lsw_parameter_path(circuit, proof, which), "looking for parameters");
    if (!path) return path.error();
    const fs::path file(std::string(asText(*path)));
    std::error_code error;
    if (fs::is_regular_file(file, error)) return {};
    const std::string what = which == LSW_PARAMETERS ? "the parameter file" : "the verifying key";
    return Error(ErrorCode::NotInstalled, what + " for " + sector::sizeName(sectorSize.value) + " sectors is not there: " + file.string());
}

} // namespace

Expected<void> requireParameters(std::int32_t circuit, std::int64_t proof, sector::PaddedBytes sectorSize) {
    return requireParameterFile(circuit, proof, LSW_PARAMETERS, sectorSize);
}

Expected<void> requireVerifyingKey(std::int32_t circuit, std::int64_t proof, sector::PaddedBytes sectorSize) {
    auto key = requireParameterFile(circuit, proof, LSW_VERIFYING_KEY, sectorSize);
    if (key || key.error().code() != ErrorCode::NotInstalled) return key;
    if (requireParameterFile(circuit, proof, LSW_PARAMETERS, sectorSize)) return {};
    return key;
}

Expected<void> requireAux(const fs::path& cache) {
    LSW_TRY(requireFolder(cache, "the cache"));
    return requireFile(cache / sector::kPAuxName, kPAuxSize, "p_aux of the cache");
}

Expected<void> requireTreesR(const ProofInfo& info, const fs::path& cache) {
    for (const auto& tree : sector::treeRLastFiles(info)) LSW_TRY(requireFile(cache / tree.name, tree.size, "a tree R last"));
    return {};
}

Expected<Commitment> commRIn(const fs::path& cache) {
    LSW_TRY(requireAux(cache));
    std::ifstream in(cache / sector::kPAuxName, std::ios::binary);
    std::string aux(kPAuxSize, '\0');
    if (!in.read(aux.data(), static_cast<std::streamsize>(aux.size())))
        return Error(ErrorCode::Io, "cannot read " + (cache / sector::kPAuxName).string());
    const auto bytes = taken(lsw_comm_r(text(aux)), "reading p_aux of " + cache.string());
    if (!bytes) return bytes.error();
    Commitment out{};
    if (bytes->size() != out.size()) return Error(ErrorCode::Internal, "CommR came with another number of bytes");
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

Expected<bool> verdict(LswReply reply) {
    const auto says = taken(reply, "verifying");
    if (says) return says->size() == 1 && says->front() == 1;
    const ErrorCode code = says.error().code();
    if (code == ErrorCode::NotInstalled || code == ErrorCode::Io || code == ErrorCode::PermissionDenied || code == ErrorCode::NotFound)
        return says.error();
    return false;
}

Expected<LabelFolder> LabelFolder::make(const fs::path& parent) {
    std::string name = (parent / "labels-XXXXXX").string();
    if (!::mkdtemp(name.data())) return errnoError(errno, "cannot create a folder in " + parent.string());
    return LabelFolder(name);
}

LabelFolder::~LabelFolder() {
    std::error_code ignored;
    if (!m_path.empty()) fs::remove_all(m_path, ignored);
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

} // namespace lsw::proofs
