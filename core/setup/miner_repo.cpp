// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_repo.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestFile = 64 << 10; ///< an `api` or `token` file is far shorter

/// A name that may tell where the miner is, and what it says.
struct Source {
    std::string name, value;
};

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

std::string trimmed(std::string text) {
    while (!text.empty() && isSpace(text.back())) text.pop_back();
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), isSpace));
    return text;
}

/// The text of a small file, or the errno in `failed`.
std::optional<std::string> readSmall(const fs::path& path, int& failed) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); // not to wait for a writer where somebody made a pipe
    if (file < 0) {
        failed = errno;
        return std::nullopt;
    }
    std::string text(kLongestFile + 1, '\0');
    std::size_t size = 0;
    failed = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(file, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) failed = errno;
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
    }
    ::close(file);
    if (failed) return std::nullopt;
    text.resize(size);
    return text;
}

bool isThere(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// What makes a folder a repo. Lotus asks for datastore or keystore; a copy of `api` and `token` alone is as good to read.
bool looksLikeRepo(const fs::path& folder) {
    for (const char* entry : {"api", "datastore", "keystore", "token"})
        if (isThere(folder / entry)) return true;
    return false;
}

/// That `repo` is a folder with a repo in it.
Expected<void> checkRepo(const fs::path& repo) {
    struct stat info {};
    if (::stat(repo.c_str(), &info) != 0) {
        if (errno == EACCES)
            return Error(ErrorCode::PermissionDenied, "this user may not look into the repo folder " + repo.string() +
                                                          ": run as the user of the miner, or give the miner by MINER_API_INFO");
        return Error(ErrorCode::NotFound, "the repo folder " + repo.string() + " does not exist: check the path");
    }
    if (!S_ISDIR(info.st_mode)) return Error(ErrorCode::InvalidArgument, repo.string() + " is no folder, so it cannot be a repo: check the path");
    if (::access(repo.c_str(), R_OK | X_OK) != 0)
        return Error(ErrorCode::PermissionDenied, "this user may not look into the repo folder " + repo.string() +
                                                      ": run as the user of the miner, or give the miner by MINER_API_INFO");
    if (!looksLikeRepo(repo))
        return Error(ErrorCode::InvalidArgument, "the folder " + repo.string() +
                                             " is no lotus repo: it has neither api, token, datastore nor keystore; check the path");
    return {};
}

Expected<protocol::Endpoint> readApi(const fs::path& repo) {
    const fs::path path = repo / "api";
    int failed = 0;
    const auto text = readSmall(path, failed);
    if (!text && failed == ENOENT)
        return Error(ErrorCode::NotRunning,
                     "the repo " + repo.string() + " has no api file, which is there only while its program runs: start it first");
    if (!text && failed == EACCES)
        return Error(ErrorCode::PermissionDenied, "this user may not read " + path.string() + ": run as the user it belongs to");
    if (!text) return errnoError(failed, "the file " + path.string() + " cannot be read");
    // What stands there is not repeated: somebody may have mixed up the two files.
    const Error noAddress(
        ErrorCode::InvalidArgument,
        "the file " + path.string() +
            " does not hold an address such as /ip4/127.0.0.1/tcp/2345/http: let its program write it again by a restart");
    if (text->size() > kLongestFile) return noAddress;
    auto endpoint = protocol::parseEndpoint(trimmed(*text));
    if (!endpoint) return noAddress;
    if (endpoint->host == "0.0.0.0") endpoint->host = "127.0.0.1";
    if (endpoint->host == "::") endpoint->host = "::1";
    return std::move(*endpoint);
}

Expected<std::string> readToken(const fs::path& repo) {
    const fs::path path = repo / "token";
    int failed = 0;
    auto text = readSmall(path, failed);
    if (!text && failed == ENOENT) return std::string();
    if (!text && failed == EACCES)
        return Error(ErrorCode::PermissionDenied,
                     "this user may not read the token in " + path.string() + ": run as the user it belongs to");
    if (!text) return errnoError(failed, "the token file " + path.string() + " cannot be read");
    std::string token = trimmed(std::move(*text));
    const bool printable = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (token.size() > kLongestFile / 4 || !printable)
        return Error(ErrorCode::InvalidArgument, "the file " + path.string() +
                                             " does not hold a token: copy it again from the miner's repo, or make one with 'lotus-miner "
                                             "auth create-token --perm admin'");
    return token;
}

fs::path expanded(const std::string& text, const fs::path& home) {
    fs::path path(text);
    if (!home.empty() && text == "~")
        path = home;
    else if (!home.empty() && text.starts_with("~/"))
        path = home / text.substr(2);
    std::error_code ignored;
    fs::path absolute = fs::absolute(path, ignored).lexically_normal();
    if (!absolute.has_filename()) absolute = absolute.parent_path(); // "/repo/" is "/repo"
    return absolute;
}

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
    if (api->token.empty()) found.notes.push_back(source.name + " holds no token, and a miner refuses a worker without one.");
    found.api = std::move(*api);
    return found;
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
    if (api->token.empty())
        found.notes.push_back("The repo " + repo.string() + " holds no token, and a miner refuses a worker without one.");
    else if (::stat((repo / "token").c_str(), &info) == 0 && (info.st_mode & 077) != 0)
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
    return protocol::ApiInfo{std::move(*token), std::move(*endpoint)};
}

Expected<FoundMiner> findMiner(const MinerQuery& query) {
    const auto variable = [&](const char* name) { return Source{name, query.environment ? query.environment(name) : std::string()}; };
    // In the order in which they win. What is empty was not given.
    const std::vector<Source> apiInfos{{"--api-info", query.apiInfoFlag}, variable("MINER_API_INFO"), variable("STORAGE_API_INFO")};
    const std::vector<Source> repos{{"--miner-repo", query.repoFlag}, variable("LOTUS_MINER_PATH"), variable("LOTUS_STORAGE_PATH")};

    const Source* winner = nullptr;
    std::vector<std::string> losers;
    for (const auto* group : {&apiInfos, &repos}) {
        for (const Source& source : *group) {
            if (trimmed(source.value).empty()) continue;
            if (!winner)
                winner = &source;
            else
                losers.push_back(source.name);
        }
    }
    if (winner) {
        const bool isRepo = winner >= repos.data() && winner < repos.data() + repos.size();
        auto found = isRepo ? fromRepo(winner->name, expanded(winner->value, query.home)) : fromApiInfo(*winner);
        if (found) noteLosers(*found, losers);
        return found;
    }

    std::string looked = "MINER_API_INFO, STORAGE_API_INFO, --miner-repo, LOTUS_MINER_PATH, LOTUS_STORAGE_PATH";
    if (!query.home.empty()) {
        const fs::path modern = query.home / ".lotusminer", old = query.home / ".lotusstorage";
        const bool haveModern = looksLikeRepo(modern), haveOld = looksLikeRepo(old);
        if (haveModern || haveOld) {
            auto found = haveModern ? fromRepo("~/.lotusminer", modern) : fromRepo("~/.lotusstorage", old);
            if (found && haveModern && haveOld) noteLosers(*found, {"~/.lotusstorage"});
            return found;
        }
        looked += ", " + modern.string() + ", " + old.string();
    }
    return Error(ErrorCode::NotConfigured, "nothing tells where the miner is (looked at: " + looked +
                                               "): set MINER_API_INFO to the line that 'lotus-miner auth api-info --perm admin' prints");
}

} // namespace lsw::setup
