// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/api_info.h"

#include "protocol/address_reason.h"

#include <algorithm>

namespace lsw::protocol {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpaces = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

Error refusal(const std::string& reason) {
    return Error(ErrorCode::InvalidArgument, "the API info is not TOKEN:ADDRESS (as in TOKEN:/ip4/127.0.0.1/tcp/2345/http): " + reason);
}

} // namespace

Expected<ApiInfo> parseApiInfo(std::string_view text) {
    const std::string_view first = trimmed(text.substr(0, text.find(',')));
    if (first.empty()) return refusal("it is empty");
    ApiInfo out;
    std::string_view address = first;
    if (!first.starts_with('/')) {
        const auto colon = first.find(':');
        if (colon != std::string_view::npos && colon > 0 && !first.substr(colon + 1).starts_with("//")) {
            out.token = first.substr(0, colon);
            address = first.substr(colon + 1);
        } else if (colon == std::string_view::npos) {
            return refusal("there is no colon between a token and an address");
        }
    }
    // The token becomes part of a header line.
    const auto odd = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f; };
    if (std::any_of(out.token.begin(), out.token.end(), odd)) return refusal("the token holds a space or another character that no token has");
    auto read = readEndpoint(address);
    if (const auto* reason = std::get_if<const char*>(&read)) {
        const bool swapped = first.find("eyJ") != std::string_view::npos && !first.starts_with("eyJ");
        return refusal(swapped ? "the token must come first, then a colon and the address" : "of the address: " + std::string(*reason));
    }
    out.endpoint = std::get<Endpoint>(std::move(read));
    if (out.endpoint.port == 0) return refusal("of the address: port 0 cannot be connected to");
    return out;
}

} // namespace lsw::protocol
