// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/pasted_info.h"

#include "base/text.h"
#include "protocol/jwt.h"
#include "setup/masked_token.h"
#include "setup/pasted_text.h"

namespace lsw::setup {
namespace {

constexpr std::size_t kLongestText = 256 << 10; ///< a whole log may be pasted, a disk image not
constexpr std::size_t kLongestShown = 400;      ///< of what was pasted, in `before`

/// A token that is no JWT, which lotus 1.36 takes too: only in exactly the form that lotus reads.
bool readStrictly(const std::string& text, PastedInfo& out) {
    const std::string_view one = trimmed(text);
    if (one.find_first_of(" \t\r\n") != std::string_view::npos) return false;
    auto api = protocol::parseApiInfo(one);
    if (!api || api->token.empty() || api->token.find('/') != std::string::npos) return false;
    // HOST:PORT has a colon too, and so has ip4/…:…
    constexpr std::size_t kShortestToken = 16;
    if (api->token.size() < kShortestToken) return false;
    out.token = std::move(api->token);
    out.endpoint = std::move(api->endpoint);
    return true;
}

std::string shownBefore(std::string_view text) {
    std::string out = withoutTokens(trimmed(text));
    if (out.size() <= kLongestShown) return out;
    std::size_t end = kLongestShown;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) --end; // not inside a character
    return out.substr(0, end) + "…";
}

} // namespace

PastedInfo understandPasted(std::string_view text) {
    PastedInfo out;
    const auto fault = [&](PastedFault kind, std::string argument = {}) {
        out.fault = kind;
        out.argument = std::move(argument);
        return out;
    };
    if (text.size() > kLongestText) return fault(PastedFault::TooLong);
    out.before = shownBefore(text);
    std::string plain = pasted::plainCharacters(text, out.changes);
    if (trimmed(plain).empty()) return fault(PastedFault::Empty);
    pasted::Scope scope = pasted::chosenScope(plain, out.changes);
    if (!scope.otherProgram.empty()) return fault(PastedFault::OtherProgram, scope.otherProgram);

    pasted::TakenToken taken = pasted::takeToken(scope.text, out.changes);
    out.token = std::move(taken.token);
    if (const auto permissions = protocol::peekPermissions(out.token)) out.permissions.assign(permissions->begin(), permissions->end());
    if (taken.fault) return fault(*taken.fault, taken.fault == PastedFault::TokenCutOff ? std::to_string(out.token.size()) : std::string());
    if (out.token.empty() && readStrictly(scope.text, out)) {
        out.after = connectionText({maskedToken(out.token), *out.endpoint});
        return out;
    }
    pasted::FoundAddress found = pasted::findAddress(scope.text, out.changes);
    out.endpoint = found.endpoint;
    if (found.fault) return fault(*found.fault, std::move(found.argument));
    if (out.token.empty() && !out.endpoint) return fault(PastedFault::NothingFound);
    if (out.token.empty()) return fault(PastedFault::NoToken);
    if (!out.endpoint) return fault(PastedFault::NoAddress);
    out.after = connectionText({maskedToken(out.token), *out.endpoint});
    if (found.isBeforeToken) out.changes.push_back({PastedFix::Swapped, addressText(*out.endpoint) + ':' + maskedToken(out.token), out.after});
    return out;
}

Expected<protocol::ApiInfo> PastedInfo::apiInfo() const {
    if (fault) return Error(ErrorCode::InvalidArgument, sentenceOf(*fault, argument));
    return protocol::ApiInfo{token, *endpoint};
}

std::string addressText(const protocol::Endpoint& endpoint) {
    if (!endpoint.path.empty() || endpoint.scheme == "https") return endpoint.url({});
    return protocol::toMultiaddr(endpoint) + "/http";
}

std::string connectionText(const protocol::ApiInfo& api) {
    return (api.token.empty() ? std::string() : api.token + ':') + addressText(api.endpoint);
}

std::string sentenceOf(const PastedChange& change) {
    switch (change.fix) {
    case PastedFix::LineChosen: return "Of several lines, the one with " + change.after + " is used.";
    case PastedFix::NameRemoved: return "\"" + change.before + "\" is left out.";
    case PastedFix::QuotesRemoved: return "Quotes are left out: " + change.before;
    case PastedFix::WideCharacters: return "Characters of another alphabet are taken for plain ones: " + change.before + " → " + change.after;
    case PastedFix::HiddenCharacters: return "Characters that cannot be seen are left out.";
    case PastedFix::PiecesJoined: return "A line break or spaces are taken out of " + change.after + ".";
    case PastedFix::Swapped: return "The address stood before the token: " + change.before + " → " + change.after;
    case PastedFix::AddressWritten: return "The address is written as lotus does: " + change.before + " → " + change.after;
    case PastedFix::UrlShortened: return "The end of the address is left out: " + change.before + " → " + change.after;
    case PastedFix::FirstOfSeveral: return "Of several addresses, " + change.after + " is used.";
    }
    return {};
}

std::string sentenceOf(PastedFault fault, const std::string& argument) {
    constexpr const char* kHow = "; copy the whole line that 'lotus-miner auth api-info --perm admin' prints";
    switch (fault) {
    case PastedFault::Empty: return std::string("there is no text") + kHow;
    case PastedFault::TooLong: return std::string("the text is far too long to be a connection") + kHow;
    case PastedFault::OtherProgram:
        return "this is " + argument + ", which belongs to another program than the miner" + kHow + " (MINER_API_INFO)";
    case PastedFault::NothingFound: return std::string("there is neither a token nor an address in this text") + kHow;
    case PastedFault::NoToken: return std::string("there is an address, but no token (it begins with eyJ)") + kHow;
    case PastedFault::NoAddress:
        return "there is a token, but no address: add the miner's, as in TOKEN:/ip4/192.168.1.5/tcp/2345/http or TOKEN:192.168.1.5:2345";
    case PastedFault::NoPort: return "the port of " + argument + " is missing: a miner has 2345 unless it was changed, as in " + argument + ":2345";
    case PastedFault::TokenCutOff: return "the token is cut off: only " + argument + " characters of it are here" + kHow;
    case PastedFault::TokenDamaged: return std::string("the token is damaged: characters are missing, changed or added") + kHow;
    case PastedFault::SeveralTokens: return "there are several tokens: leave the one that this worker shall use";
    case PastedFault::AddressWrong: return "the address cannot be used: " + argument;
    }
    return {};
}

std::string_view nameOf(PastedFix fix) {
    switch (fix) {
    case PastedFix::LineChosen: return "line-chosen";
    case PastedFix::NameRemoved: return "name-removed";
    case PastedFix::QuotesRemoved: return "quotes-removed";
    case PastedFix::WideCharacters: return "wide-characters";
    case PastedFix::HiddenCharacters: return "hidden-characters";
    case PastedFix::PiecesJoined: return "pieces-joined";
    case PastedFix::Swapped: return "swapped";
    case PastedFix::AddressWritten: return "address-written";
    case PastedFix::UrlShortened: return "url-shortened";
    case PastedFix::FirstOfSeveral: return "first-of-several";
    }
    return {};
}

std::string_view nameOf(PastedFault fault) {
    switch (fault) {
    case PastedFault::Empty: return "empty";
    case PastedFault::TooLong: return "too-long";
    case PastedFault::OtherProgram: return "other-program";
    case PastedFault::NothingFound: return "nothing-found";
    case PastedFault::NoToken: return "no-token";
    case PastedFault::NoAddress: return "no-address";
    case PastedFault::NoPort: return "no-port";
    case PastedFault::TokenCutOff: return "token-cut-off";
    case PastedFault::TokenDamaged: return "token-damaged";
    case PastedFault::SeveralTokens: return "several-tokens";
    case PastedFault::AddressWrong: return "address-wrong";
    }
    return {};
}

} // namespace lsw::setup
