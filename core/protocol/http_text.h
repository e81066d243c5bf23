// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

/// The text side of HTTP/1.1 that server and bulk connections share: no sockets, no Beast.
namespace lsw::protocol {

/// "Not Found" for 404; "Unknown" for a status without a name here.
std::string_view httpStatusText(int status);

/// The reply Go's http.Error gives: text/plain, nosniff, a line feed at the end.
HttpReply plainTextReply(int status, std::string_view text);

/// A reply without a body.
HttpReply emptyReply(int status);
/// What Go's server says to what is no request: "400 Bad Request" as text.
HttpReply refusalReply(int status);

/// Decodes %XX, and '+' to a space where `plusIsSpace`. Absent when an escape is malformed.
std::optional<std::string> percentDecode(std::string_view text, bool plusIsSpace);

/// "a=1&b=2"; the first of a name wins, malformed pairs are skipped.
std::map<std::string, std::string> parseQuery(std::string_view text);

/// How the body of a reply is framed.
struct ReplyFraming {
    bool answersHead = false;            ///< no length and no body, as Go does it
    std::optional<std::uint64_t> length; ///< absent: chunked
    bool closes = false;                 ///< "Connection: close"
};

/// Status line, headers and the empty line. Line breaks inside values become spaces.
std::string replyHeadText(const HttpReply& reply, const ReplyFraming& framing);

/// Whether a reply of this status carries a body at all.
bool statusHasBody(int status);

} // namespace lsw::protocol
