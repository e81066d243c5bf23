// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/text.h"
#include "protocol/address_reason.h"
#include "setup/masked_token.h"
#include "setup/pasted_text.h"

#include <algorithm>
#include <array>

namespace lsw::setup::pasted {
namespace {

using protocol::Endpoint;

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isAddressCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-_.:/[]%").find(c) != std::string_view::npos;
}
bool isDigits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }
bool isIp4(std::string_view text) { return std::count(text.begin(), text.end(), '.') == 3 && protocol::parseMultiaddr("/ip4/" + std::string(text) + "/tcp/1"); }

struct Candidate {
    std::size_t begin = 0, end = 0;
    std::string text;       ///< as it stood there, joined
    std::string address;    ///< what it is taken for
    bool isJoined = false, isShortened = false, isRewritten = false;
    std::optional<Endpoint> endpoint;
    std::string reason;     ///< when there is no endpoint
};

std::string_view withoutTail(std::string_view text) {
    while (!text.empty() && std::string_view(":.,;/%").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    return text;
}

void read(Candidate& one) {
    auto endpoint = protocol::readEndpoint(one.address);
    if (const auto* reason = std::get_if<const char*>(&endpoint)) one.reason = *reason;
    else if (std::get<Endpoint>(endpoint).port == 0) one.reason = "port 0 cannot be connected to";
    else one.endpoint = std::get<Endpoint>(std::move(endpoint));
}

std::size_t endOfRun(const std::string& text, std::size_t begin) {
    while (begin < text.size() && isAddressCharacter(text[begin])) ++begin;
    return begin;
}

/// Whether a port that was broken in two is still to come: "/tcp/23", line break, "45/http".
bool isBrokenPort(std::string_view soFar, std::string_view next) {
    const auto port = soFar.rfind('/');
    if (port == std::string_view::npos || !isDigits(soFar.substr(port + 1))) return false;
    const auto slash = next.find('/');
    return slash != std::string_view::npos && isDigits(next.substr(0, slash)) && (next.substr(slash) == "/http" || next.substr(slash) == "/ws");
}

/// A multiaddr from `begin` on, over breaks when it becomes whole by that.
Candidate multiaddrAt(const std::string& text, std::size_t begin) {
    constexpr int kPieces = 8;
    Candidate one;
    one.begin = begin;
    one.end = endOfRun(text, begin);
    one.text = withoutTail(std::string_view(text).substr(begin, one.end - begin));
    one.isRewritten = !one.text.starts_with('/');
    const auto full = [&](const std::string& part) { return (one.isRewritten ? "/" : "") + part; };
    one.address = full(one.text);
    read(one);
    std::string joined = text.substr(begin, one.end - begin);
    std::size_t end = one.end;
    for (int piece = 1; piece < kPieces; ++piece) {
        std::size_t next = end;
        while (next < text.size() && isSpace(text[next])) ++next;
        if (next == end || next == text.size()) break;
        const std::string more = text.substr(next, endOfRun(text, next) - next);
        if (more.empty() || (one.endpoint && !isBrokenPort(joined, withoutTail(more)))) break;
        end = next + more.size();
        joined += more;
        Candidate longer = one;
        longer.endpoint.reset();
        longer.text = withoutTail(joined);
        longer.address = full(longer.text);
        read(longer);
        if (!longer.endpoint) continue;
        one = std::move(longer);
        one.end = end;
        one.isJoined = true;
    }
    return one;
}

Candidate urlAt(const std::string& text, std::size_t begin) {
    Candidate one;
    one.begin = begin;
    one.end = endOfRun(text, begin);
    std::string_view address = withoutTail(std::string_view(text).substr(begin, one.end - begin));
    one.text = address;
    for (const std::string_view tail : {"/rpc/v0", "/rpc/v1", "/rpc/streams", "/rpc", "/remote"})
        if (address.ends_with(tail)) {
            address.remove_suffix(tail.size());
            one.isShortened = true;
            break;
        }
    if (one.end < text.size() && (text[one.end] == '?' || text[one.end] == '#')) one.isShortened = true;
    const auto colon = address.find("://"); // missing when nothing stands behind it
    one.address = lowerCase(address.substr(0, colon)) + (colon == std::string_view::npos ? "://" : std::string(address.substr(colon)));
    read(one);
    return one;
}

/// What begins with a scheme or as a multiaddr does.
std::vector<Candidate> plainCandidates(const std::string& text) {
    constexpr std::array<std::string_view, 4> kSchemes{"http://", "https://", "ws://", "wss://"};
    constexpr std::array<std::string_view, 5> kKinds{"ip4/", "ip6/", "dns/", "dns4/", "dns6/"};
    const std::string lower = lowerCase(text);
    std::vector<Candidate> out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isWordStart = i == 0 || !isAddressCharacter(text[i - 1]) || text[i - 1] == ':';
        if (!isWordStart) continue;
        const std::string_view rest = std::string_view(lower).substr(i);
        const auto startsWithAny = [&](const auto& list, std::size_t skip) {
            return std::any_of(list.begin(), list.end(), [&](std::string_view one) { return rest.substr(skip).starts_with(one); });
        };
        if (startsWithAny(kSchemes, 0)) out.push_back(urlAt(text, i));
        else if (startsWithAny(kKinds, 0) || (rest.starts_with('/') && startsWithAny(kKinds, 1))) out.push_back(multiaddrAt(text, i));
        else continue;
        i = std::max(i, out.back().end - 1);
    }
    return out;
}

/// HOST:PORT, HOST and PORT with a space between, HOST/tcp/PORT.
std::vector<Candidate> bareCandidates(const std::string& text, std::string& hostAlone) {
    std::vector<Candidate> words;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = endOfRun(text, i);
        if (end > i) {
            Candidate word;
            word.begin = i;
            word.end = end;
            std::string_view bare = withoutTail(std::string_view(text).substr(i, end - i));
            while (bare.starts_with(':') || bare.starts_with('/')) bare.remove_prefix(1);
            word.text = bare;
            if (!bare.empty()) words.push_back(std::move(word));
        }
        i = std::max(end, i + 1);
    }
    std::vector<Candidate> out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        Candidate& word = words[i];
        word.isRewritten = true;
        if (isIp4(word.text)) {
            if (i + 1 < words.size() && isDigits(words[i + 1].text)) word.text += ':' + words[i + 1].text;
            else hostAlone = word.text;
        }
        if (const auto tcp = word.text.find("/tcp/"); tcp != std::string::npos) {
            word.address = "/ip4/" + word.text;
            read(word);
            out.push_back(word);
            continue;
        }
        const bool isBracketed = word.text.starts_with('[');
        const auto colon = word.text.rfind(':');
        if (colon == std::string::npos || !isDigits(std::string_view(word.text).substr(colon + 1))) continue;
        const std::string host = word.text.substr(0, colon);
        // A bare name counts when nothing else is there: "INFO:1" of a log is none.
        const bool isHost = isBracketed || host.find('.') != std::string::npos || host == "localhost" || (words.size() == 1 && !isDigits(host));
        const bool isSourceFile = host.ends_with(".go"); // "main.go:12" of a log
        if (!isHost || isSourceFile || (host.find(':') != std::string::npos) != isBracketed) continue;
        word.address = "http://" + word.text;
        read(word);
        out.push_back(word);
    }
    return out;
}

bool followsToken(const std::string& text, const Candidate& one) {
    std::size_t i = one.begin;
    while (i > 0 && (text[i - 1] == ':' || isSpace(text[i - 1]))) --i;
    return i > 0 && text[i - 1] == kTokenMark;
}
bool precedesToken(const std::string& text, const Candidate& one) {
    std::size_t i = one.end;
    while (i < text.size() && (text[i] == ':' || isSpace(text[i]))) ++i;
    return i < text.size() && text[i] == kTokenMark;
}

} // namespace

FoundAddress findAddress(const std::string& text, std::vector<PastedChange>& changes) {
    std::string hostAlone;
    std::vector<Candidate> candidates = plainCandidates(text);
    if (candidates.empty()) candidates = bareCandidates(text, hostAlone);
    FoundAddress out;
    if (candidates.empty()) {
        if (hostAlone.empty()) return out;
        out.fault = PastedFault::NoPort;
        out.argument = hostAlone;
        return out;
    }
    // The one at the token, else the first that can be read, else the first.
    const auto first = [&](auto&& is) { return std::find_if(candidates.begin(), candidates.end(), is); };
    auto chosen = first([&](const Candidate& one) { return one.endpoint && followsToken(text, one); });
    if (chosen == candidates.end()) chosen = first([&](const Candidate& one) { return one.endpoint && precedesToken(text, one); });
    if (chosen == candidates.end()) chosen = first([&](const Candidate& one) { return one.endpoint.has_value(); });
    if (chosen == candidates.end()) chosen = candidates.begin();
    if (!chosen->endpoint) {
        out.fault = PastedFault::AddressWrong;
        out.argument = chosen->reason;
        return out;
    }
    out.endpoint = chosen->endpoint;
    out.isBeforeToken = !followsToken(text, *chosen) && precedesToken(text, *chosen);
    const std::string address = addressText(*out.endpoint);
    if (chosen->isJoined) changes.push_back({PastedFix::PiecesJoined, {}, address});
    if (chosen->isShortened) changes.push_back({PastedFix::UrlShortened, withoutTokens(chosen->text), address});
    if (chosen->isRewritten) changes.push_back({PastedFix::AddressWritten, withoutTokens(chosen->text), address});
    const bool others = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& one) { return one.endpoint && one.endpoint != out.endpoint; });
    if (others) changes.push_back({PastedFix::FirstOfSeveral, {}, address});
    return out;
}

} // namespace lsw::setup::pasted
