// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_repo.h"

#include "base/text.h"
#include "setup/repo_files.h"

#include <sys/stat.h>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

/// A name that may tell where the miner is, and what it says.
struct Source {
    std::string name, value;
};

/// "A", "A and B", "A, B and C" of what was given but not used.
std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i) out += i + 1 == names.size() ? " and " : ", ";
        out += names[i];
    }
    return out;
}

void noteLosers(FoundMiner& found, const std::vector<std::string>& losers) {
    if (losers.empty()) return;
    found.notes.push_back(listed(losers) + (losers.size() == 1 ? " is" : " are") + " passed over, because " + found.source +
                          " comes first.");
}

void noteOldName(FoundMiner& found, std::string_view old, std::string_view modern) {
    if (found.source == old) found.notes.push_back(std::string(old) + " is the old name of " + std::string(modern) + "; it is accepted.");
}

Expected<FoundMiner> fromApiInfo(const Source& source) {
    auto api = protocol::parseApiInfo(trimmed(source.value));
    if (!api) return std::move(api).error().whileDoing("reading " + source.name);
    FoundMiner found;
    found.source = source.name;
    noteOldName(found, "STORAGE_API_INFO", "MINER_API_INFO");
    if (source.value.find(',') != std::string::npos) found.notes.push_back(source.name + " holds several addresses; the first is used.");
    found.api = std::move(*api);
    return found;
}

/// A miner that was found without a token gets the kept one, which must be for the same address: it goes nowhere else.
void completeToken(FoundMiner& found, const MinerQuery& query) {
    if (!found.api.token.empty()) return;
    const std::string holder = found.repo.empty() ? found.source : "The repo " + found.repo.string();
    auto kept = query.kept ? query.kept(found.notes) : Expected<std::optional<KeptMiner>>(std::optional<KeptMiner>());
    if (!kept) {
        found.notes.push_back("What is kept cannot be used: " + kept.error().message() + '.');
    } else if (*kept && (*kept)->api.endpoint == found.api.endpoint) {
        found.api.token = (*kept)->api.token;
        found.notes.push_back(holder + " holds no token; the one kept for this address in " + (*kept)->source + " is used.");
        return;
    } else if (*kept) {
        found.notes.push_back("The connection kept in " + (*kept)->source + " is for another address, so its token is not used.");
    }
    found.notes.push_back(holder + " holds no token, and a miner refuses a worker without one.");
}

Expected<FoundMiner> fromRepo(const std::string& sourceName, const fs::path& repo) {
    auto api = readRepoEndpoint(repo);
    if (!api) {
        if (api.error().code() == ErrorCode::NotRunning)
            return Error(ErrorCode::MinerUnreachable,
                         "the miner of the repo " + repo.string() + " (" + sourceName +
                             ") is not running: it has no api file; start lotus-miner, or give the miner by MINER_API_INFO");
        return std::move(api).error().whileDoing("finding the miner by " + sourceName);
    }
    FoundMiner found;
    found.source = sourceName;
    found.repo = repo;
    noteOldName(found, "LOTUS_STORAGE_PATH", "LOTUS_MINER_PATH");
    noteOldName(found, "~/.lotusstorage", "~/.lotusminer");
    struct stat info {};
    if (!api->token.empty() && ::stat((repo / "token").c_str(), &info) == 0 && (info.st_mode & 077) != 0)
        found.notes.push_back("Others can read the token in " + (repo / "token").string() + "; 'chmod 600' keeps it to this user.");
    found.api = std::move(*api);
    return found;
}

} // namespace

Expected<protocol::ApiInfo> readRepoEndpoint(const fs::path& repo) {
    LSW_TRY(checkRepo(repo));
    auto endpoint = readApi(repo);
    if (!endpoint) return std::move(endpoint).error();
    auto token = readToken(repo);
    if (!token) return std::move(token).error();
    return protocol::ApiInfo{std::move(*token), asDialledHere(std::move(*endpoint))};
}

Expected<FoundMiner> findMiner(const MinerQuery& query) {
    const auto variable = [&](const char* name) { return Source{name, query.environment ? query.environment(name) : std::string()}; };
    // In the order in which they win. What is empty was not given.
    const std::vector<Source> apiInfos{{"--api-info", query.apiInfoFlag}, variable("MINER_API_INFO"), variable("STORAGE_API_INFO")};
    const std::vector<Source> repos{{"--miner-repo", query.repoFlag}, variable("LOTUS_MINER_PATH"), variable("LOTUS_STORAGE_PATH")};

    const std::vector<Source> settings{{"miner-repo of the configuration", query.repoSetting}};

    const Source* winner = nullptr;
    std::vector<std::string> losers;
    for (const auto* group : {&apiInfos, &repos, &settings}) {
        for (const Source& source : *group) {
            if (trimmed(source.value).empty()) continue;
            if (!winner)
                winner = &source;
            else
                losers.push_back(source.name);
        }
    }
    if (winner) {
        const bool isApiInfo = winner >= apiInfos.data() && winner < apiInfos.data() + apiInfos.size();
        auto found = isApiInfo ? fromApiInfo(*winner) : fromRepo(winner->name, expandedRepo(winner->value, query.home));
        if (found) completeToken(*found, query);
        if (found) noteLosers(*found, losers);
        return found;
    }

    // A person put it here for this program: before what only lies in the usual place.
    std::vector<std::string> keptNotes;
    auto kept = query.kept ? query.kept(keptNotes) : Expected<std::optional<KeptMiner>>(std::optional<KeptMiner>());
    if (!kept) return std::move(kept).error();
    if (*kept) {
        FoundMiner found;
        found.source = (*kept)->source;
        found.api = std::move((*kept)->api);
        found.notes = std::move(keptNotes);
        for (const char* name : {".lotusminer", ".lotusstorage"})
            if (!query.home.empty() && looksLikeRepo(query.home / name)) noteLosers(found, {"~/" + std::string(name)});
        if (found.api.token.empty()) found.notes.push_back("What is kept in " + found.source + " holds no token, and a miner refuses a worker without one.");
        return found;
    }

    std::string looked = "MINER_API_INFO, STORAGE_API_INFO, --miner-repo, LOTUS_MINER_PATH, LOTUS_STORAGE_PATH";
    if (!query.home.empty()) {
        const fs::path modern = query.home / ".lotusminer", old = query.home / ".lotusstorage";
        const bool haveModern = looksLikeRepo(modern), haveOld = looksLikeRepo(old);
        if (haveModern || haveOld) {
            auto found = haveModern ? fromRepo("~/.lotusminer", modern) : fromRepo("~/.lotusstorage", old);
            if (found) found->notes.insert(found->notes.end(), keptNotes.begin(), keptNotes.end());
            if (found) completeToken(*found, query);
            if (found && haveModern && haveOld) noteLosers(*found, {"~/.lotusstorage"});
            return found;
        }
        looked += ", " + modern.string() + ", " + old.string();
    }
    for (const std::string& note : keptNotes) looked += "; " + note;
    return Error(ErrorCode::NotConfigured, "nothing tells where the miner is (looked at: " + looked +
                                               "): set MINER_API_INFO to the line that 'lotus-miner auth api-info --perm admin' prints, or give that line to 'lotus-seal-worker token set'");
}

} // namespace lsw::setup
