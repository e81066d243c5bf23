// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/gateways.h"

#include "base/text.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>

namespace lsw::params {
namespace {

constexpr std::string_view kAround = " \t\r\n\"'";

bool looksLikeCid(std::string_view part) {
    return (part.size() == 46 && part.starts_with("Qm")) || (part.size() > 50 && (part.starts_with("baf") || part.starts_with("bag")));
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

} // namespace

const std::vector<Gateway>& knownGateways() {
    static const std::vector<Gateway> all{
        {"chainsafe", "https://filecoin-proofs.chainsafe.dev/ipfs/", "first default of today's lotus"},
        {"ezpdpz", "https://vault.ezpdpz.net/ipfs/", "second default of today's lotus"},
        {"filecoin", "https://proofs.filecoin.io/ipfs/", "default of older lotus; leads to another mirror since 2026"},
        {"china", "https://proof-parameters.s3.cn-south-1.jdcloud-oss.com/ipfs/", "mirror in mainland China (jdcloud); has failed before: probe it"},
    };
    return all;
}

Expected<Gateway> parseGateway(std::string_view text) {
    const std::string_view plain = trimmed(text, kAround);
    for (const Gateway& known : knownGateways())
        if (plain == known.name) return known;
    std::string address(plain);
    const auto wrong = [&](const std::string& why) { return Error(ErrorCode::InvalidArgument, "the gateway \"" + address + "\" " + why); };
    const bool isWeb = address.starts_with("https://") || address.starts_with("http://");
    const auto host = isWeb ? address.find("//") + 2 : 0;
    if (!isWeb || host >= address.size() || address[host] == '/' || address.find_first_of(" \t\"<>\\?#@", host) != std::string::npos) {
        std::string names;
        for (const Gateway& known : knownGateways()) names += ", " + known.name;
        return wrong("is no address like https://example.org/ipfs/ and none of the known names (" + names.substr(2) + ")");
    }
    if (std::any_of(address.begin(), address.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
        std::replace_if(address.begin(), address.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
        return wrong("has control characters in it");
    }
    const std::string authority = address.substr(host, address.find('/', host) - host);
    const bool isV6 = authority.starts_with('['), isClosed = authority.find(']') != std::string::npos;
    if (isV6 ? !isClosed : isClosed || std::count(authority.begin(), authority.end(), ':') > 1)
        return wrong("has an IPv6 address that is not in brackets, as in http://[fd00::5]:8080/ipfs/");
    while (address.ends_with("//")) address.pop_back();
    if (!address.ends_with('/')) address += '/';
    const auto last = address.rfind('/', address.size() - 2);
    if (looksLikeCid(std::string_view(address).substr(last + 1, address.size() - last - 2)))
        return wrong("ends in the CID of a file: give the part before it");
    for (const Gateway& known : knownGateways())
        if (address == known.address) return known;
    return Gateway{address, address, "given by you"};
}

Expected<GatewayChoice> chosenGateways(const std::vector<std::string>& given, std::string_view environment, const std::vector<Gateway>& kept, bool inChina) {
    GatewayChoice out;
    std::string all;
    for (const std::string& one : given) all += one + ',';
    out.origin = "given";
    if (trimmed(all, kAround).empty()) {
        all = environment;
        out.origin = "from environment";
    }
    for (std::size_t begin = 0; begin < all.size();) {
        const std::size_t end = std::min(all.find_first_of(", ", begin), all.size());
        const std::string_view word = trimmed(std::string_view(all).substr(begin, end - begin), kAround);
        begin = end + 1;
        if (word.empty()) continue;
        auto gateway = parseGateway(word);
        if (!gateway) return std::move(gateway).error();
        out.gateways.push_back(std::move(*gateway));
    }
    if (!out.gateways.empty()) return out;
    if (!kept.empty()) return GatewayChoice{kept, "chosen"};
    out.origin = "automatic";
    out.gateways = knownGateways();
    if (inChina) std::rotate(out.gateways.begin(), out.gateways.end() - 1, out.gateways.end());
    return out;
}

bool seemsInChina() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const std::string value = variable(name);
        if (value.empty() || value.starts_with("C.") || value == "C" || value == "POSIX") continue;
        return value.starts_with("zh_CN");
    }
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    return ::localtime_r(&now, &local) && local.tm_gmtoff == 8 * 3600;
}

} // namespace lsw::params
