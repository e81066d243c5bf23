// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/api_info.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Pasted connection text, understood generously and never silently: what was changed is told. (`run --api-info` and MINER_API_INFO are
/// read strictly, as lotus reads them.)
namespace lsw::setup {

/// What was done to the text so that it could be read.
enum class PastedFix {
    LineChosen,      ///< of other text the line with the connection
    NameRemoved,     ///< "export MINER_API_INFO=" and the like
    QuotesRemoved,   ///< also typographic ones
    WideCharacters,  ///< full-width "：" and the like
    HiddenCharacters, ///< zero-width characters, colours of a terminal
    PiecesJoined,    ///< a line break or spaces inside the token or the address
    Swapped,         ///< the address stood before the token
    AddressWritten,  ///< HOST:PORT, or an address without its first slash
    UrlShortened,    ///< "/rpc/v0" or "?token=" at the end of a URL
    FirstOfSeveral,  ///< several addresses: the first that belongs to the token
};

struct PastedChange {
    PastedFix fix;
    std::string before, after; ///< what stood there and what it was taken for; tokens masked; either may be empty
};

/// Why the text is not a whole connection.
enum class PastedFault {
    Empty,
    TooLong,
    OtherProgram,  ///< argument: the name, as FULLNODE_API_INFO
    NothingFound,
    NoToken,
    NoAddress,
    NoPort,        ///< argument: the host
    TokenCutOff,   ///< argument: how many characters there are
    TokenDamaged,
    SeveralTokens,
    AddressWrong,  ///< argument: an English reason
};

struct PastedInfo {
    std::string token;                           ///< what was found, also when the rest is missing
    std::vector<std::string> permissions;        ///< what the token says it allows, unproven
    std::optional<protocol::Endpoint> endpoint;
    std::vector<PastedChange> changes;           ///< empty: it was as lotus prints it
    std::optional<PastedFault> fault;            ///< empty: token and endpoint are there
    std::string argument;                        ///< of the fault
    std::string before, after;                   ///< the whole text, and the connection as lotus writes it; tokens masked

    /// InvalidArgument with one sentence of what is missing.
    Expected<protocol::ApiInfo> apiInfo() const;
};

/// Reads TOKEN:ADDRESS from whatever was copied around it.
PastedInfo understandPasted(std::string_view text);

/// "/ip4/10.0.0.5/tcp/2345/http"; a URL when there is a path or https, which older lotus do not read from a multiaddr.
std::string addressText(const protocol::Endpoint& endpoint);
/// TOKEN:ADDRESS as lotus reads it; without a token the address alone.
std::string connectionText(const protocol::ApiInfo& api);

/// The English sentence, for the command line.
std::string sentenceOf(const PastedChange& change);
std::string sentenceOf(PastedFault fault, const std::string& argument);
/// Names for `--json` ("line-chosen", "token-cut-off").
std::string_view nameOf(PastedFix fix);
std::string_view nameOf(PastedFault fault);

} // namespace lsw::setup
