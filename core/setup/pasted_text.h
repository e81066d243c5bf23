// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "setup/pasted_info.h"

/// The parts of understandPasted(): characters, lines, token, address.
namespace lsw::setup::pasted {

/// Stands in the text where the token was taken out.
inline constexpr char kTokenMark = '\x01';

/// Every character that a keyboard, a chat or a word processor puts in place of an ASCII one becomes that; quotes go.
std::string plainCharacters(std::string_view text, std::vector<PastedChange>& changes);

struct Scope {
    std::string text;           ///< what follows NAME=, or everything
    std::string otherProgram;   ///< the name, when only other programs' lines are there
};
/// Finds MINER_API_INFO= (or the old STORAGE_API_INFO=) among other lines.
Scope chosenScope(const std::string& text, std::vector<PastedChange>& changes);

struct TakenToken {
    std::string token;
    std::optional<PastedFault> fault; ///< TokenCutOff, TokenDamaged, SeveralTokens
};
/// Takes the token out of the text and leaves kTokenMark. An empty token without a fault: there is none.
TakenToken takeToken(std::string& text, std::vector<PastedChange>& changes);

struct FoundAddress {
    std::optional<protocol::Endpoint> endpoint;
    bool isBeforeToken = false;       ///< ADDRESS:TOKEN
    std::optional<PastedFault> fault; ///< NoPort, AddressWrong
    std::string argument;
};
FoundAddress findAddress(const std::string& text, std::vector<PastedChange>& changes);

} // namespace lsw::setup::pasted
