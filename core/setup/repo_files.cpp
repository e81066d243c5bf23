// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/repo_files.h"

#include "base/small_file.h"
#include "base/text.h"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace lsw::setup {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestFile = 64 << 10; ///< an `api` or `token` file is far shorter

} // namespace

std::optional<std::string> readSmall(const fs::path& path, int& failed) {
    return readBeginning(path, kLongestFile + 1, false, failed); // where somebody made a pipe, nobody may ever write
}

bool looksLikeRepo(const fs::path& folder) {
    std::error_code ignored;
    for (const char* entry : {"api", "datastore", "keystore", "token"})
        if (fs::exists(folder / entry, ignored)) return true;
    return false;
}

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
    return std::move(*endpoint);
}

protocol::Endpoint asDialledHere(protocol::Endpoint endpoint) {
    if (endpoint.host == "0.0.0.0") endpoint.host = "127.0.0.1";
    if (endpoint.host == "::") endpoint.host = "::1";
    return endpoint;
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
    std::string token(trimmed(*text));
    const bool printable = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (token.size() > kLongestFile / 4 || !printable)
        return Error(ErrorCode::InvalidArgument, "the file " + path.string() +
                                             " does not hold a token: copy it again from the miner's repo, or make one with 'lotus-miner "
                                             "auth create-token --perm admin'");
    return token;
}

fs::path expandedRepo(const std::string& text, const fs::path& home) {
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

} // namespace lsw::setup
