// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/miner_version.h"

#include "protocol/lotus_types.h"

#include <array>
#include <charconv>

namespace lsw::setup {
namespace {

constexpr std::uint32_t api(unsigned major, unsigned minor, unsigned patch = 0) { return major << 16U | minor << 8U | patch; }

/// The first three numbers of "1.36.2-rc1+mainnet"; zeros where there are none.
std::array<unsigned, 3> numbersOf(const std::string& version) {
    std::array<unsigned, 3> out{};
    const char* at = version.data();
    const char* const end = at + version.size();
    if (at != end && *at == 'v') ++at;
    for (unsigned& one : out) {
        const auto [rest, failed] = std::from_chars(at, end, one);
        if (failed != std::errc() || rest == end || *rest != '.') break;
        at = rest + 1;
    }
    return out;
}

/// Only what a version looks like goes on screens.
std::string shown(const std::string& version) {
    std::string out;
    for (const char c : version.substr(0, 60))
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '+' || c == '_') out += c;
    return out.empty() ? "?" : out;
}

} // namespace

std::string apiVersionText(std::uint32_t apiVersion) {
    return std::to_string(apiVersion >> 16U) + '.' + std::to_string(apiVersion >> 8U & 0xffU) + '.' + std::to_string(apiVersion & 0xffU);
}

Found judgeVersion(const std::string& version, std::uint32_t apiVersion) {
    const std::string name = shown(version), spoken = apiVersionText(apiVersion), ours = apiVersionText(protocol::kMinerApiVersion);
    const auto [major, minor, patch] = numbersOf(version);
    if (apiVersion < api(0, 2))
        return {Finding::MinerTooOld, {name, spoken, "a queue at the miner", "December 2019 to May 2020", "lotus-seal-worker of lotus v0.2.10 or older"}};
    if (apiVersion < api(0, 3)) return {Finding::MinerBetweenVersions, {name, spoken}};
    if (apiVersion < api(0, 17)) {
        const std::string program = major == 0 && minor < 5 ? "lotus-seal-worker" : "lotus-worker";
        const std::string release = program + " of lotus v" + name.substr(0, name.find('+'));
        return {Finding::MinerTooOld, {name, spoken, "calls that wait for their result", "May to November 2020", release}};
    }
    if (apiVersion > protocol::kMinerApiVersion) return {Finding::MinerTooNew, {name, spoken, ours}};
    // From v1.15.1 to v1.19 the miner's own API has today's number, and it wants workers with the API before ours.
    const bool wantsOlderWorker = major == 1 && minor >= 15 && minor < 20;
    if (apiVersion != protocol::kMinerApiVersion || wantsOlderWorker) return {Finding::MinerOtherApi, {name, spoken, ours}};
    return {Finding::VersionFits, {name, spoken}};
}

} // namespace lsw::setup
