// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/doctor_private.h"
#include "setup/miner_config.h"
#include "setup/miner_process.h"
#include "setup/repo_files.h"

#include "protocol/listen_address.h"
#include "protocol/miner_client.h"

#include <algorithm>

/// The way to the miner: #3 its name, #4 the route, #5 the port.
namespace lsw::setup::doctor {
namespace {

namespace fs = std::filesystem;
using protocol::hostPort;

/// What a running miner was told of where to listen that beats its config.toml.
std::string listenOverride(const fs::path& repo) {
    const MinerOverrides overrides = overridesOf(repo, {}, minerProcesses());
    if (!overrides.apiFlag.empty()) return "--miner-api " + overrides.apiFlag;
    const auto it = overrides.variables.find("LOTUS_API_LISTENADDRESS");
    return it == overrides.variables.end() ? std::string() : it->first + '=' + it->second;
}

/// A miner of this machine that does not listen where its config.toml says.
void compareWithConfig(const Visit& visit, CheckNotes& notes) {
    const fs::path& repo = visit.miner->repo;
    const auto config = repo.empty() ? Expected<MinerConfig>(Error(ErrorCode::NotFound, "")) : MinerConfig::read(repo);
    if (!config) return;
    const std::string inFile = config->listen({}).inFile;
    const auto wanted = protocol::parseEndpoint(inFile);
    if (!wanted || asDialledHere(*wanted) == visit.endpoint()) return;
    const std::string given = listenOverride(repo);
    if (given.empty()) notes.find(Finding::ConfigWaits, {inFile, visit.where()});
    else notes.find(Finding::ConfigBeaten, {inFile, visit.where(), given});
}

/// Why nobody listens at an address of this machine that a repo here, or a loopback address, names. What is known of it beats the mere refusal.
void findRefusal(Visit& visit, const SocketAddress& address, CheckNotes& notes) {
    const std::uint16_t port = visit.endpoint().port;
    const std::string where = visit.where(), portText = std::to_string(port);
    const bool isOurs = isOwnAddress(address.text);
    std::vector<std::string> listening = isOurs ? protocol::listeningAddresses(port) : std::vector<std::string>{};
    if (!listening.empty()) {
        std::sort(listening.begin(), listening.end());
        notes.find(Finding::LoopbackOnly, {where, address.text, portText, hostPort(listening.front(), port)});
        return;
    }
    const fs::path& repo = visit.miner->repo;
    if (repo.empty()) return notes.find(Finding::Refused, {where, address.text, portText});
    const auto holder = repoHolder(repo);
    const std::string given = listenOverride(repo);
    if (!holder) notes.find(Finding::StaleApi, {(repo / "api").string(), where});
    else if (!given.empty()) notes.find(Finding::ListenOverridden, {where, given});
    else notes.find(Finding::MinerNotListening, {where, repo.string()});
}

/// A repo is read where its program runs, so its address must be one of this machine.
bool isMoved(const Visit& visit) { return !visit.miner->repo.empty() && isIpAddress(visit.endpoint().host) && !isOwnAddress(visit.endpoint().host); }

void findFailure(Visit& visit, const SocketAddress& address, const ConnectAnswer& answer, CheckNotes& notes) {
    const std::string where = visit.where(), portText = std::to_string(visit.endpoint().port);
    if (isMoved(visit)) return notes.find(Finding::AddressMoved, {where, portText});
    switch (answer.outcome) {
    case ConnectOutcome::Refused: return findRefusal(visit, address, notes);
    case ConnectOutcome::TimedOut: return notes.find(Finding::ConnectTimedOut, {where, seconds(visit.question.tcpLimit), visit.facing, portText});
    case ConnectOutcome::Unreachable: return notes.find(Finding::HostUnreachable, {where, answer.words, address.text});
    case ConnectOutcome::Forbidden: return notes.find(Finding::ConnectForbidden, {where, address.text, portText});
    default: return notes.find(Finding::ConnectFailed, {where, answer.words});
    }
}

} // namespace

Outcome checkName(Visit& visit, CheckNotes& notes) {
    const std::string& host = visit.endpoint().host;
    NameAnswer answer = resolveName(host, visit.endpoint().port, visit.question.nameLimit, visit.stop);
    if (answer.addresses.empty()) {
        notes.find(answer.isUnknown ? Finding::NameUnknown : Finding::NameServerSilent, {host, answer.words});
        return {};
    }
    std::string all;
    for (const SocketAddress& one : answer.addresses) all += (all.empty() ? "" : ", ") + one.text;
    if (isIpAddress(host)) notes.find(Finding::NameIsAddress, {host});
    else notes.find(Finding::NameResolved, {host, all});
    visit.addresses = std::move(answer.addresses);
    return {};
}

Outcome checkRoute(Visit& visit, CheckNotes& notes) {
    const protocol::Endpoint& endpoint = visit.endpoint();
    const SocketAddress& address = visit.addresses.front();
    if (isUnspecified(address.text)) {
        notes.find(Finding::AddressUnspecified, {endpoint.host});
        return {};
    }
    visit.minerIsHere = isOwnAddress(address.text);
    if (isLoopback(address.text) && visit.miner->repo.empty() && protocol::listeningAddresses(endpoint.port).empty()) {
        notes.find(Finding::LoopbackNobody, {endpoint.host, std::to_string(endpoint.port)});
        return {};
    }
    visit.proxy = protocol::proxyUrlFor(endpoint);
    const auto facing = protocol::addressFacing(endpoint);
    if (facing) visit.facing = *facing;
    else if (visit.proxy.empty() && isMoved(visit)) notes.find(Finding::AddressMoved, {visit.where(), std::to_string(endpoint.port)});
    else if (visit.proxy.empty()) notes.find(Finding::NoRoute, {address.text, facing.error().detail()});
    if (notes.hasFailed()) return {};
    if (visit.minerIsHere) notes.find(Finding::MinerHere, {address.text});
    else if (facing) notes.find(Finding::RouteFound, {address.text, visit.facing});
    if (!visit.proxy.empty()) notes.find(Finding::ThroughProxy, {endpoint.host, visit.proxy});
    if (endpoint.scheme == "http" && !visit.minerIsHere && !protocol::isNearby(address.text)) notes.find(Finding::OpenOverInternet, {address.text});
    return {};
}

Outcome checkTcp(Visit& visit, CheckNotes& notes) {
    // Through a proxy it is the proxy that connects; what it says is heard in the next check.
    if (!visit.proxy.empty()) {
        notes.find(Finding::Connected, {visit.proxy, "0"});
        return {};
    }
    CheckNotes failures;
    for (const SocketAddress& one : visit.addresses) {
        const ConnectAnswer answer = tryConnect(one, visit.question.tcpLimit, visit.stop);
        if (answer.outcome == ConnectOutcome::Connected) {
            notes.find(Finding::Connected, {hostPort(one.text, visit.endpoint().port), std::to_string(answer.took.count())});
            for (const std::string& line : failures.evidence()) notes.evidence(line);
            compareWithConfig(visit, notes);
            return {};
        }
        if (answer.outcome == ConnectOutcome::Cancelled) return {};
        failures.evidence(one.text + ": " + answer.words);
        findFailure(visit, one, answer, failures);
    }
    notes = failures;
    return {};
}

} // namespace lsw::setup::doctor
