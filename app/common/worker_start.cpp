// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/worker_start.h"

#include <sys/stat.h>

#include "base/text.h"
#include "common/token_store.h"
#include "storage/durable_files.h"
#include "storage/storage_config.h"

namespace lsw::common {
namespace {

constexpr std::size_t kTokenLimit = 16U << 10;

ConfigurationSources sourcesOf(const StartRequest& request) { return {configurationFile(request.repo), request.environment, request.flags}; }

/// What token-file holds; no message has a part of it.
Expected<std::string> readToken(const std::filesystem::path& file, std::vector<std::string>& notes) {
    const auto text = storage::readFileWhole(file, kTokenLimit);
    if (!text) return Error(text.error()).whileDoing("reading token-file");
    const std::string token(trimmed(*text));
    if (token.empty() || token.find_first_of(" \t\r\n\"'") != std::string::npos)
        return Error(ErrorCode::InvalidArgument, file.string() + " (token-file) does not hold a token alone: write the part before the first colon of `lotus-miner auth api-info --perm admin` into it");
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) notes.push_back("Others can read the token in " + file.string() + "; 'chmod 600' keeps it to this user.");
    return token;
}

} // namespace

Expected<Configuration> startConfiguration(const StartRequest& request) { return soundConfiguration(sourcesOf(request)); }

Expected<setup::MinerQuery> minerQuery(const StartRequest& request, const Configuration& configuration, std::vector<std::string>& notes) {
    setup::MinerQuery query;
    query.apiInfoFlag = request.apiInfoFlag;
    query.environment = request.environment;
    query.home = request.home;
    query.kept = keptMiner;
    const SettingChoice &repo = configuration.at("miner-repo"), &address = configuration.at("miner-address");
    if (repo.origin.layer == Layer::Flag) query.repoFlag = repo.text;
    if (repo.origin.layer == Layer::File) query.repoSetting = repo.text;
    if (address.text.empty()) return query;
    auto endpoint = protocol::parseEndpoint(address.text);
    if (!endpoint) return std::move(endpoint).error();
    query.addressSetting = protocol::ApiInfo{{}, std::move(*endpoint)};
    if (const std::string& file = configuration.at("token-file").text; !file.empty()) {
        auto token = readToken(storage::expandHome(file), notes);
        if (!token) return std::move(token).error();
        query.addressSetting->token = std::move(*token);
    }
    return query;
}

Expected<PreparedWorker> prepareWorker(const StartRequest& request) {
    auto configuration = startConfiguration(request);
    if (!configuration) return std::move(configuration).error();
    PreparedWorker out;
    out.notes = std::move(configuration->notes);
    const auto query = minerQuery(request, *configuration, out.notes);
    if (!query) return query.error();
    auto miner = setup::findMiner(*query);
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
