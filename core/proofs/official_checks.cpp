// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/official_checks.h"

#include "proofs/sector_folder.h"

namespace lsw::proofs {

namespace fs = std::filesystem;
using sector::ProofInfo;

namespace {

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

} // namespace lsw::proofs
