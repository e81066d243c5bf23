// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/doctor_private.h"
#include "setup/miner_version.h"

#include "base/text.h"
#include "protocol/go_json.h"
#include "protocol/lotus_json.h"
#include "protocol/miner_client.h"

#include <array>
#include <cmath>

#include <unistd.h>

/// What the miner answers: #6 that it is one, #7 the token, #8 its version, #9 who it is, #12 its clock.
namespace lsw::setup::doctor {
namespace {

using boost::json::array;
using protocol::Endpoint;
using protocol::Json;
using protocol::memberOf;

constexpr std::size_t kMostPaths = 16;     ///< storage paths of the miner that are looked at
constexpr double kClockTolerance = 5;      ///< seconds; the Date of an answer has whole ones

std::string withScheme(Endpoint endpoint, const char* scheme) {
    endpoint.scheme = scheme;
    return protocol::toMultiaddr(endpoint) + (endpoint.scheme == "http" ? "/http" : "");
}

bool isPage(const HttpAnswer& answer) {
    const std::string_view body = trimmed(answer.body);
    return answer.contentType == "text/html" || body.starts_with("<!") || lowerCase(body.substr(0, 5)) == "<html";
}

template <typename T>
Expected<T> resultOf(const RpcAnswer& answer) {
    if (!answer.result) return Error(ErrorCode::Remote, whyNot(answer));
    return protocol::fromJson<T>(*answer.result);
}

/// The texts by which servers of Go and nginx tell that they expect TLS.
bool asksForTls(const HttpAnswer& answer) {
    const auto says = [&](std::string_view text) { return answer.body.find(text) != std::string::npos; };
    return says("HTTP request to an HTTPS server") || says("plain HTTP request was sent to HTTPS port");
}

/// Whether the other of http and https is spoken there.
bool isOtherScheme(Visit& visit) {
    if (visit.endpoint().scheme != "https") return speaksTls(visit.rpc(false), visit.stop);
    RpcQuestion plain = visit.rpc(false);
    plain.server.scheme = "http";
    return askRpc(plain, "Filecoin.Version", {}, visit.stop).http.outcome == HttpOutcome::Answered;
}

void findConnectionFailure(Visit& visit, const HttpAnswer& answer, CheckNotes& notes) {
    const std::string where = visit.where();
    const bool wantsTls = visit.endpoint().scheme == "https";
    notes.evidence(answer.words);
    if (answer.outcome == HttpOutcome::CertificateRefused) return notes.find(Finding::CertificateRefused, {where, answer.words});
    // A TLS server that is asked in plain text says nothing, or ends it; a plain one may wait for the rest of a line.
    if ((wantsTls || answer.outcome != HttpOutcome::TimedOut) && isOtherScheme(visit)) {
        notes.find(wantsTls ? Finding::NotTls : Finding::TlsPort, {where, withScheme(visit.endpoint(), wantsTls ? "http" : "https")});
        return;
    }
    if (answer.outcome == HttpOutcome::TimedOut) notes.find(Finding::SilentPort, {where, seconds(visit.question.httpLimit)});
    else if (answer.outcome == HttpOutcome::NotHttp) notes.find(Finding::NotHttp, {where});
    else notes.find(Finding::Dropped, {where, answer.words});
}

/// Whether the answer to `Version` is a miner's or a node's; else what it is instead.
bool isLotus(Visit& visit, const RpcAnswer& version, CheckNotes& notes) {
    const std::string where = visit.where();
    const HttpAnswer& http = version.http;
    if (http.outcome != HttpOutcome::Answered) {
        findConnectionFailure(visit, http, notes);
        return false;
    }
    if (version.result && version.result->is_object()) return true;
    // A worker's Version is its number alone, and needs admin; a miner's and a node's everybody may read.
    const bool isWorker = (version.result && version.result->is_number()) || (version.error && version.error->message.starts_with("missing permission to invoke 'Version'"));
    if (isWorker) notes.find(Finding::WorkerPort, {where});
    else if (version.error && version.error->code != kNoSuchMethod) return true; // asked again with the token
    else if (asksForTls(http)) notes.find(Finding::TlsPort, {where, withScheme(visit.endpoint(), "https")});
    else if (!version.isRpc() && http.status == 401 && !isPage(http)) return true;
    else if (isPage(http)) notes.find(Finding::PageInstead, {where, looksOf(http)});
    else notes.find(Finding::OtherService, {where, looksOf(http)});
    return false;
}

/// Takes version and verdict from an answer to `Version`.
void readVersion(Visit& visit, const RpcAnswer& answer) {
    const auto version = resultOf<protocol::MinerVersion>(answer);
    if (!version || version->apiVersion == 0) return;
    visit.view.emplace();
    visit.view->version = version->version;
    visit.view->apiVersion = version->apiVersion;
    visit.verdict = judgeVersion(version->version, version->apiVersion);
}

/// Hosts under which the miner tells others to fetch from its own storage paths, where that is a loopback address.
std::string loopbackUrl(Visit& visit) {
    const RpcAnswer paths = askRpc(visit.rpc(true), "Filecoin.StorageLocal", {}, visit.stop);
    const auto* list = paths.result ? paths.result->if_object() : nullptr;
    std::size_t asked = 0;
    if (list)
        for (const auto& [id, path] : *list) {
            if (++asked > kMostPaths || visit.stop.stop_requested()) break;
            const RpcAnswer info = askRpc(visit.rpc(true), "Filecoin.StorageInfo", array{Json(id)}, visit.stop);
            const auto known = resultOf<protocol::StorageInfo>(info);
            if (!known) continue;
            for (const std::string& url : known->urls)
                if (const auto endpoint = protocol::parseEndpoint(url); endpoint && (isLoopback(endpoint->host) || isUnspecified(endpoint->host))) return url;
        }
    return {};
}

std::optional<RpcQuestion> fullNode(const Visit& visit) {
    const std::string info = visit.variable("FULLNODE_API_INFO");
    const auto api = info.empty() ? Expected<protocol::ApiInfo>(Error(ErrorCode::NotConfigured, "")) : protocol::parseApiInfo(info);
    if (!api) return std::nullopt;
    return RpcQuestion{api->endpoint, api->token, protocol::proxyUrlFor(api->endpoint), visit.question.httpLimit};
}

} // namespace

Outcome checkRpc(Visit& visit, CheckNotes& notes) {
    visit.version = askRpc(visit.rpc(false), "Filecoin.Version", {}, visit.stop);
    if (visit.stop.stop_requested() || !isLotus(visit, *visit.version, notes)) return {};
    readVersion(visit, *visit.version);
    notes.find(Finding::SpeaksRpc, {visit.where()});
    // One of another protocol is asked nothing more. (A node has versions of its own: it is told by what it does not know.)
    if (!visit.verdict || visit.verdict->finding == Finding::MinerTooOld || visit.verdict->finding == Finding::MinerBetweenVersions) return {};
    const RpcAnswer address = askRpc(visit.rpc(false), "Filecoin.ActorAddress", {}, visit.stop);
    if (address.error && address.error->code == kNoSuchMethod) {
        notes.find(Finding::DaemonPort, {visit.where()});
        visit.view.reset();
        return {};
    }
    const long status = upgradeStatus(visit.rpc(false), visit.stop);
    if (status != 101 && !visit.stop.stop_requested()) {
        notes.find(Finding::UpgradeStripped, {visit.where()});
        notes.evidence("The wish for a WebSocket was answered with " + (status ? "http status " + std::to_string(status) : std::string("nothing")) + ", not 101.");
    }
    return {};
}

Outcome checkAuth(Visit& visit, CheckNotes& notes) {
    if (visit.verdict && visit.verdict->state() == CheckState::Fail) return CheckId::Version;
    const RpcAnswer version = askRpc(visit.rpc(true), "Filecoin.Version", {}, visit.stop);
    if (version.http.outcome == HttpOutcome::Answered && version.http.status == 401) {
        notes.find(Finding::TokenRefused);
        return {};
    }
    if (!visit.verdict) readVersion(visit, version);
    if (visit.verdict && visit.verdict->state() == CheckState::Fail) return CheckId::Version;
    const RpcAnswer verified = askRpc(visit.rpc(true), "Filecoin.AuthVerify", array{Json(visit.miner->api.token)}, visit.stop);
    if (verified.http.outcome == HttpOutcome::Answered && verified.http.status == 401) {
        notes.find(Finding::TokenRefused);
        return {};
    }
    const auto permissions = resultOf<std::vector<std::string>>(verified);
    if (!permissions) {
        notes.find(Finding::AuthUnclear, {whyNot(verified)});
        return {};
    }
    const std::set<std::string> allowed(permissions->begin(), permissions->end());
    notes.find(allowed.contains("read") && allowed.contains("admin") ? Finding::TokenAccepted : Finding::TokenWeak, {listed(allowed)});
    return {};
}

Outcome checkVersion(Visit& visit, CheckNotes& notes) {
    if (visit.verdict) notes.find(visit.verdict->finding, visit.verdict->arguments);
    else notes.find(Finding::VersionUnclear, {visit.version ? whyNot(*visit.version) : "it was not asked"});
    return {};
}

Outcome checkMiner(Visit& visit, CheckNotes& notes) {
    MinerView& view = *visit.view;
    const RpcAnswer address = askRpc(visit.rpc(true), "Filecoin.ActorAddress", {}, visit.stop);
    if (!address.result || !address.result->is_string()) {
        notes.find(Finding::MinerUnclear, {whyNot(address)});
        return {};
    }
    view.address = std::string(address.result->get_string()).substr(0, 100);
    view.isOnThisMachine = visit.minerIsHere;
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0) view.hostname = host.data();
    view.ourSession = ourSession(visit);

    const RpcAnswer size = askRpc(visit.rpc(true), "Filecoin.ActorSectorSize", array{Json(view.address)}, visit.stop);
    const auto bytes = resultOf<std::uint64_t>(size);
    if (bytes) view.sectorSize = *bytes;
    else notes.find(Finding::FullNodeLost, {view.address, whyNot(size)});

    askMiner(view, visit.rpc(true), fullNode(visit), visit.stop);
    if (bytes) notes.find(Finding::MinerKnown, {view.address, byteText(*bytes), std::to_string(view.workers.size())});
    if (const std::string url = loopbackUrl(visit); !url.empty()) {
        const std::string own = protocol::hostPort(visit.endpoint().host, visit.endpoint().port);
        if (visit.minerIsHere) notes.evidence("The miner's files are fetched from " + url + ", which works only on this PC.");
        else notes.find(Finding::RemoteListenLoopback, {url, own});
    }
    return {};
}

Outcome checkClock(Visit& visit, CheckNotes& notes) {
    const HttpAnswer& answer = visit.version->http;
    const std::int64_t theirs = answer.time;
    if (theirs < 0) {
        notes.find(Finding::ClockNotTold);
        return {};
    }
    // Theirs was cut to a whole second at some time between the sending of the question and the coming of the answer.
    const auto secondsOf = [](std::chrono::system_clock::time_point time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); };
    const double early = secondsOf(answer.sent) - (static_cast<double>(theirs) + 1), late = secondsOf(answer.received) - static_cast<double>(theirs);
    notes.evidence("Date of the answer: " + answer.date);
    if (early > kClockTolerance) notes.find(Finding::ClockAhead, {std::to_string(std::lround(early))});
    else if (late < -kClockTolerance) notes.find(Finding::ClockBehind, {std::to_string(std::lround(-late))});
    else notes.find(Finding::ClocksAgree, {std::to_string(static_cast<int>(kClockTolerance))});
    return {};
}

const std::string& ourSession(Visit& visit) {
    if (visit.isOurWorkerAsked) return visit.ourSession;
    visit.isOurWorkerAsked = true;
    const auto own = readRepoEndpoint(visit.question.workerRepo);
    if (!own) return visit.ourSession;
    const auto limit = std::min(visit.question.httpLimit, std::chrono::milliseconds(2000));
    const RpcAnswer session = askRpc({own->endpoint, own->token, {}, limit}, "Filecoin.ProcessSession", {}, visit.stop);
    if (session.result && session.result->is_string()) visit.ourSession = std::string(session.result->get_string());
    return visit.ourSession;
}

} // namespace lsw::setup::doctor
