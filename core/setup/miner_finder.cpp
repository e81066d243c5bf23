// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_finder.h"

#include "base/text.h"
#include "protocol/jwt.h"
#include "setup/miner_process.h"
#include "setup/repo_files.h"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>

namespace lsw::setup {
namespace {

namespace fs = std::filesystem;

/// The same folder by another name, or through a link, is the same.
fs::path realPath(const fs::path& path) {
    std::error_code failed;
    fs::path real = fs::weakly_canonical(path, failed);
    return failed ? path : real;
}

void readTokenInto(LocalMiner& miner) {
    struct stat info {};
    if (::stat((miner.repo / "token").c_str(), &info) == 0) miner.othersCanReadToken = (info.st_mode & 077) != 0;
    const auto token = readToken(miner.repo);
    if (!token) {
        miner.tokenFile = token.error().code() == ErrorCode::PermissionDenied ? TokenFile::NotReadable : TokenFile::Damaged;
        return;
    }
    if (token->empty()) return;
    miner.tokenFile = TokenFile::Readable;
    if (const auto allowed = protocol::peekPermissions(*token)) miner.permissions.assign(allowed->begin(), allowed->end());
}

void look(LocalMiner& miner) {
    struct stat info {};
    if (::stat(miner.repo.c_str(), &info) == 0) miner.owner = userName(info.st_uid);
    if (const auto good = checkRepo(miner.repo); !good) {
        const ErrorCode code = good.error().code();
        miner.state = code == ErrorCode::PermissionDenied ? MinerState::NotReadable : code == ErrorCode::NotFound ? MinerState::Missing : MinerState::NoRepo;
        miner.sentence = good.error().message();
        return;
    }
    const auto holder = repoHolder(miner.repo);
    miner.holder = holder.value_or(0);
    auto api = readApi(miner.repo);
    const bool hasApi = api.hasValue();
    if (hasApi) miner.endpoint = std::move(*api);
    miner.state = holder ? (hasApi ? MinerState::Running : MinerState::Starting) : (hasApi ? MinerState::Stale : MinerState::Stopped);
    readTokenInto(miner);

    const std::string by = miner.holder > 0 ? " (pid " + std::to_string(miner.holder) + ')' : std::string();
    switch (miner.state) {
    case MinerState::Running: miner.sentence = "running" + by; break;
    case MinerState::Starting: miner.sentence = "its repo is locked" + by + ", but it does not listen yet"; break;
    case MinerState::Stale: miner.sentence = "not running; its api file is left from a run that did not end cleanly"; break;
    default: miner.sentence = "not running"; break;
    }
    // An api file that is there but cannot be used is worth its own words.
    if (!hasApi && api.error().code() != ErrorCode::NotRunning) miner.sentence += "; " + api.error().message();
    switch (miner.tokenFile) {
    case TokenFile::Readable:
        if (miner.othersCanReadToken) miner.sentence += "; others can read its token ('chmod 600 " + (miner.repo / "token").string() + "')";
        break;
    case TokenFile::Missing: miner.sentence += "; it has no token file"; break;
    case TokenFile::NotReadable: miner.sentence += "; this user may not read its token, which belongs to " + miner.owner; break;
    case TokenFile::Damaged: miner.sentence += "; its token file does not hold a token"; break;
    }
}

} // namespace

std::string MinerPlace::text() const {
    switch (kind) {
    case Kind::Flag: return "--miner-repo";
    case Kind::MinerPath: return "LOTUS_MINER_PATH";
    case Kind::StoragePath: return "LOTUS_STORAGE_PATH";
    case Kind::HomeMiner: return "~/.lotusminer";
    case Kind::HomeStorage: return "~/.lotusstorage";
    case Kind::Process: return program + " (pid " + std::to_string(pid) + ", user " + user + ')';
    }
    return {};
}

std::vector<LocalMiner> findLocalMiners(const MinerSearch& search) {
    std::vector<LocalMiner> out;
    const auto add = [&out](const fs::path& repo, MinerPlace place) {
        const fs::path real = realPath(repo);
        const auto known = std::find_if(out.begin(), out.end(), [&](const LocalMiner& one) { return realPath(one.repo) == real; });
        if (known != out.end()) {
            known->places.push_back(std::move(place));
            return;
        }
        LocalMiner miner;
        miner.repo = repo;
        miner.places.push_back(std::move(place));
        look(miner);
        out.push_back(std::move(miner));
    };
    using Kind = MinerPlace::Kind;
    const auto variable = [&](const char* name) { return search.environment ? search.environment(name) : std::string(); };
    for (const auto& [kind, text] : std::initializer_list<std::pair<Kind, std::string>>{
             {Kind::Flag, search.repoFlag}, {Kind::MinerPath, variable("LOTUS_MINER_PATH")}, {Kind::StoragePath, variable("LOTUS_STORAGE_PATH")}})
        if (!trimmed(text).empty()) add(expandedRepo(std::string(trimmed(text)), search.home), {kind, 0, {}, {}});
    if (!search.home.empty()) {
        std::error_code ignored;
        for (const auto& [kind, name] : {std::pair{Kind::HomeMiner, ".lotusminer"}, std::pair{Kind::HomeStorage, ".lotusstorage"}})
            if (fs::exists(search.home / name, ignored)) add(search.home / name, {kind, 0, {}, {}});
    }
    for (const MinerProcess& process : minerProcesses(search.proc)) {
        MinerPlace place{Kind::Process, process.pid, process.program, process.user};
        if (!process.repo.empty() && !process.isElsewhere) {
            add(process.repo, std::move(place));
            continue;
        }
        LocalMiner miner;
        miner.repo = process.repo;
        miner.owner = process.user;
        miner.holder = process.pid;
        miner.state = process.isElsewhere ? MinerState::Elsewhere : MinerState::NotReadable;
        miner.sentence = process.isElsewhere ? "running in a container; its folder is not one of this machine: paste what 'lotus-miner auth api-info --perm admin' prints there"
                                             : "running as another user, so that its folder does not show: run this as " + process.user;
        miner.places.push_back(std::move(place));
        out.push_back(std::move(miner));
    }
    return out;
}

std::string_view nameOf(MinerState state) {
    switch (state) {
    case MinerState::Running: return "running";
    case MinerState::Starting: return "starting";
    case MinerState::Stopped: return "stopped";
    case MinerState::Stale: return "stale";
    case MinerState::NotReadable: return "not-readable";
    case MinerState::NoRepo: return "no-repo";
    case MinerState::Missing: return "missing";
    case MinerState::Elsewhere: return "elsewhere";
    }
    return {};
}

std::string_view nameOf(TokenFile file) {
    switch (file) {
    case TokenFile::Readable: return "readable";
    case TokenFile::Missing: return "missing";
    case TokenFile::NotReadable: return "not-readable";
    case TokenFile::Damaged: return "damaged";
    }
    return {};
}

} // namespace lsw::setup
