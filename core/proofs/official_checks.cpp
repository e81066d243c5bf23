// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/official_checks.h"

#include <cerrno>
#include <cstdlib>
#include <unistd.h>

#include "proofs/sector_folder.h"

namespace lsw::proofs {

namespace fs = std::filesystem;
using sector::ProofInfo;

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

} // namespace lsw::proofs
