// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/check_questions.h"

#include "params/parameter_folder.h"
#include "proofs/parent_cache_file.h"
#include "storage/storage_config.h"
#include "tasks/parent_cache_choice.h"
#include "tasks/resource_table.h"
#include "tasks/task_type.h"

#include <algorithm>
#include <array>

namespace lsw::common {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kParentBytes = 56; ///< of one node in the file of the parent graph

/// What a type is left out by, and what has to be there to prove it.
struct TypeNeeds {
    std::string_view shortName, flag, purpose;
};
constexpr std::array<TypeNeeds, 11> kNeeds{{{"AP", "addpiece", ""}, {"PC1", "precommit1", ""}, {"UNS", "unseal", ""}, {"PC2", "precommit2", ""}, {"C2", "commit", "c2"},
                                            {"RU", "replica-update", ""}, {"PR2", "prove-replica-update2", "update"}, {"GSK", "regen-sector-key", ""}, {"DC", "data-cid", ""},
                                            {"WDP", "windowpost", "windowpost"}, {"WNP", "winningpost", "winningpost"}}};

std::uint64_t missingParameters(const params::ParameterFolder& folder, sector::PaddedBytes size, std::string_view purposes) {
    const auto circuits = params::circuitsFor(purposes);
    if (!circuits) return 0;
    std::uint64_t sum = 0;
    for (const params::ParameterFile& file : params::neededFiles(params::parameterManifest(), size, *circuits))
        if (const auto state = folder.status(file).state; state == params::FileState::Missing || state == params::FileState::Partial) sum += file.about;
    return sum;
}

std::string purposesOf(const std::vector<std::string>& types) {
    std::string out;
    for (const std::string& name : types) {
        const auto type = tasks::taskType(name);
        const auto row = type ? std::ranges::find(kNeeds, (*type)->shortName, &TypeNeeds::shortName) : kNeeds.end();
        if (row != kNeeds.end() && !row->purpose.empty()) out += (out.empty() ? "" : ",") + std::string(row->purpose);
    }
    return out;
}

/// The parent graph of one kind of proof: what is there of it, and how long it must be.
void askParents(const fs::path& folder, const sector::ProofInfo& proof, setup::MachineQuestion& question) {
    const fs::path file = folder / proofs::parentCachePath(proof).filename();
    const std::uint64_t size = proof.nodes() * kParentBytes;
    std::error_code failed;
    if (fs::file_size(file, failed) != size || failed) {
        question.missingParents = size;
        return;
    }
    question.parentFile = file;
    question.parentDigest = proofs::parentCacheDigest(proof);
    question.wereParentsChecked = proofs::isKnownToBeWhole(file);
}

} // namespace

Expected<setup::DoctorQuestion> doctorQuestion(const StartRequest& request) {
    auto configuration = startConfiguration(request);
    if (!configuration) return std::move(configuration).error();
    setup::DoctorQuestion out;
    out.miner = minerQuery(request, *configuration);
    out.listen = configuration->at("listen").text;
    out.advertise = configuration->at("advertise").text;
    out.workerRepo = request.repo;
    return out;
}

Expected<setup::MachineQuestion> machineQuestion(const StartRequest& request, std::uint64_t sectorSize) {
    const auto configuration = startConfiguration(request);
    if (!configuration) return configuration.error();
    const auto proof = sector::proofForSize(sector::PaddedBytes{sectorSize});
    if (!proof) return proof.error();
    const auto settings = workerSettings(*configuration);
    if (!settings) return settings.error();
    const auto types = tasks::offeredTypes(settings->switches);
    if (!types) return types.error();

    setup::MachineQuestion out;
    out.sectorSize = sectorSize;
    out.labels = false;
    out.noSwap = settings->noSwap;
    const tasks::ResourceTable table = tasks::resourceTable(request.environment);
    for (const std::string& name : *types) {
        const auto type = tasks::taskType(name);
        const protocol::TaskResources needs = tasks::resourcesOf(table, name, (*proof)->proof);
        const auto row = type ? std::ranges::find(kNeeds, (*type)->shortName, &TypeNeeds::shortName) : kNeeds.end();
        if (row == kNeeds.end()) continue; // what every worker offers takes next to nothing
        out.labels = out.labels || row->shortName == "PC1" || row->shortName == "UNS";
        out.tasks.push_back({std::string(row->shortName), "--" + std::string(row->flag) + "=false", needs.baseMinMemory + needs.minMemory, needs.baseMinMemory + needs.maxMemory});
    }
    if (const auto paths = storage::readStorageConfig(request.repo)) {
        for (const std::string& text : *paths) {
            const auto metadata = storage::readPathMetadata(storage::expandHome(text));
            if (!metadata || metadata->canSeal) out.sealingPaths.push_back(storage::expandHome(text));
        }
    } else if (configuration->at("no-local-storage").text != "true") {
        out.sealingPaths.push_back(request.repo); // which the first start makes one
    }
    const params::ParameterFolder parameters(params::parameterFolder(storage::expandHome(configuration->at("parameter-cache").text)));
    out.parameterFolder = parameters.path();
    if (const std::string purposes = purposesOf(*types); !purposes.empty()) out.missingParameters = missingParameters(parameters, sector::PaddedBytes{sectorSize}, purposes);
    const std::string parents = configuration->at("parent-cache").text;
    out.parentFolder = parents.empty() ? tasks::parentCacheChoice() : storage::expandHome(parents);
    if (out.parentFolder.empty()) out.parentFolder = proofs::parentCacheFolder();
    if (out.labels) askParents(out.parentFolder, **proof, out);
    if (const std::string folder = request.environment("TMPDIR"); !folder.empty()) out.temporaryFolder = folder;
    return out;
}

std::string provenPurposes(const Configuration& configuration) {
    const auto settings = workerSettings(configuration);
    if (!settings) return {};
    const auto types = tasks::offeredTypes(settings->switches);
    return types ? purposesOf(*types) : std::string();
}

} // namespace lsw::common
