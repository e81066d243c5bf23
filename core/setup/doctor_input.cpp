// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/doctor_private.h"
#include "setup/miner_process.h"
#include "setup/pasted_info.h"

#include "base/text.h"
#include "protocol/jwt.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include <sys/stat.h>

/// What was given: #1 where the miner is, #2 the token.
namespace lsw::setup::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSignature = 43; ///< characters of an HMAC-SHA256 in base64url

bool othersMay(const fs::path& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0;
}

/// The line that was given and cannot be read strictly, as a person may have meant it.
struct Given {
    std::string source;
    PastedInfo understood;
};
std::optional<Given> givenLine(const MinerQuery& query) {
    for (const char* name : {"--api-info", "MINER_API_INFO", "STORAGE_API_INFO"}) {
        const std::string text = name[0] == '-' ? query.apiInfoFlag : query.environment ? query.environment(name) : std::string();
        if (!trimmed(text).empty()) return Given{name, understandPasted(text)};
    }
    return std::nullopt;
}

void findUnreadable(const MinerQuery& query, const Error& error, CheckNotes& notes) {
    const auto given = givenLine(query);
    if (!given) return notes.find(Finding::InputUnreadable, {error.message()});
    const PastedInfo& understood = given->understood;
    if (understood.fault) {
        notes.find(Finding::InputUnreadable, {given->source + ": " + sentenceOf(*understood.fault, understood.argument)});
        notes.evidence(error.message());
        return;
    }
    std::string changes;
    for (const PastedChange& one : understood.changes) changes += (changes.empty() ? "" : " ") + sentenceOf(one);
    notes.find(Finding::InputMendable, {given->source, changes.empty() ? error.detail() + '.' : changes, understood.after});
}

/// A line can be read strictly and still be none: of "MINER_API_INFO=TOKEN:ADDRESS" inside quotes the name becomes a part of the token.
bool isMisread(const MinerQuery& query, const FoundMiner& found) {
    const auto given = found.repo.empty() ? givenLine(query) : std::nullopt;
    if (!given || given->source != found.source) return false;
    const PastedInfo& understood = given->understood;
    return understood.fault ? *understood.fault == PastedFault::OtherProgram : understood.token != found.api.token;
}

Finding ofFailure(ErrorCode code) {
    switch (code) {
    case ErrorCode::NotConfigured: return Finding::MinerNotNamed;
    case ErrorCode::NotFound: return Finding::RepoMissing;
    case ErrorCode::PermissionDenied: return Finding::RepoForbidden;
    case ErrorCode::MinerUnreachable: return Finding::MinerNotRunning;
    default: return Finding::InputUnreadable;
    }
}

void tellOfLock(const fs::path& repo, CheckNotes& notes) {
    const auto holder = repoHolder(repo);
    notes.evidence((repo / "repo.lock").string() + (holder ? " is held by " + programText(*holder) + '.' : " is held by nobody."));
}

} // namespace

std::string seconds(std::chrono::milliseconds time) {
    const auto whole = time.count() / 1000, tenths = time.count() % 1000 / 100;
    return std::to_string(whole) + (tenths ? '.' + std::to_string(tenths) : std::string());
}

std::string programText(pid_t pid) {
    std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(comm, name);
    if (pid <= 0) return "a program that is not visible from here";
    return (name.empty() ? "a program" : name) + " (pid " + std::to_string(pid) + ')';
}

std::string listed(const std::set<std::string>& words) {
    std::string out;
    std::size_t place = 0;
    for (const std::string& one : words) {
        if (place++) out += place == words.size() ? " and " : ", ";
        out += one;
    }
    return out.empty() ? "nothing" : out;
}

Outcome checkInput(Visit& visit, CheckNotes& notes) {
    auto found = findMiner(visit.question.miner);
    if (!found) {
        if (found.error().code() == ErrorCode::InvalidArgument) findUnreadable(visit.question.miner, found.error(), notes);
        else notes.find(ofFailure(found.error().code()), {found.error().message()});
        if (found.error().code() == ErrorCode::NotConfigured) notes.evidence(found.error().message());
        return {};
    }
    if (isMisread(visit.question.miner, *found)) {
        findUnreadable(visit.question.miner, Error(ErrorCode::InvalidArgument, "read as lotus reads it, it has more in the token than a token"), notes);
        return {};
    }
    const protocol::Endpoint& endpoint = found->api.endpoint;
    notes.find(Finding::InputUnderstood, {found->source, protocol::hostPort(endpoint.host, endpoint.port)});
    for (const std::string& note : found->notes) notes.evidence(note);
    if (!found->repo.empty()) tellOfLock(found->repo, notes);
    visit.miner = std::move(*found);
    return {};
}

Outcome checkToken(Visit& visit, CheckNotes& notes) {
    const std::string& token = visit.miner->api.token;
    const fs::path& repo = visit.miner->repo;
    if (token.empty()) {
        notes.find(Finding::TokenMissing, {repo.empty() ? visit.miner->source : repo.string()});
        return {};
    }
    const auto dots = std::count(token.begin(), token.end(), '.');
    const auto permissions = protocol::peekPermissions(token);
    const bool looksLikeJwt = token.starts_with("eyJ");
    if (looksLikeJwt && (dots < 2 || token.size() - token.rfind('.') - 1 < kSignature)) notes.find(Finding::TokenTruncated, {std::to_string(token.size())});
    else if (!permissions) notes.find(looksLikeJwt ? Finding::TokenDamaged : Finding::TokenOpaque);
    else if (!permissions->contains("read") || !permissions->contains("admin")) notes.find(Finding::TokenWeak, {listed(*permissions)});
    else notes.find(Finding::TokenGood, {listed(*permissions)});

    if (repo.empty()) return {};
    if (othersMay(repo / "token")) notes.find(Finding::TokenFileOpen, {(repo / "token").string()});
    std::error_code failed;
    for (fs::directory_iterator it(repo / "keystore", failed), end; !failed && it != end; it.increment(failed))
        if (othersMay(it->path())) notes.find(Finding::KeystoreOpen, {it->path().string()});
    return {};
}

} // namespace lsw::setup::doctor
