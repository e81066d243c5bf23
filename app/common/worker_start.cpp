// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/worker_start.h"

#include "common/token_store.h"

namespace lsw::common {
namespace {

ConfigurationSources sourcesOf(const StartRequest& request) { return {configurationFile(request.repo), request.environment, request.flags}; }

} // namespace

Expected<Configuration> startConfiguration(const StartRequest& request) { return soundConfiguration(sourcesOf(request)); }

setup::MinerQuery minerQuery(const StartRequest& request, const Configuration& configuration) {
    setup::MinerQuery query;
    query.apiInfoFlag = request.apiInfoFlag;
    query.environment = request.environment;
    query.home = request.home;
    query.kept = keptMiner;
    const SettingChoice& repo = configuration.at("miner-repo");
    if (repo.origin.layer == Layer::Flag) query.repoFlag = repo.text;
    if (repo.origin.layer == Layer::File) query.repoSetting = repo.text;
    return query;
}

Expected<PreparedWorker> prepareWorker(const StartRequest& request) {
    auto configuration = startConfiguration(request);
    if (!configuration) return std::move(configuration).error();
    PreparedWorker out;
    out.notes = std::move(configuration->notes);
    auto miner = setup::findMiner(minerQuery(request, *configuration));
    if (!miner) return std::move(miner).error();
    out.notes.insert(out.notes.end(), miner->notes.begin(), miner->notes.end());
    out.minerSource = miner->source;
    auto settings = workerSettings(*configuration);
    if (!settings) return std::move(settings).error();
    out.settings = std::move(*settings);
    out.settings.miner = std::move(miner->api);
    out.settings.repo = request.repo;
    // The miner stays the one that was found: its own files may be gone while it is restarted.
    out.settings.reread = [request]() -> Expected<worker::WorkerSettings> {
        const auto again = startConfiguration(request);
        if (!again) return again.error();
        return workerSettings(*again);
    };
    return out;
}

} // namespace lsw::common
