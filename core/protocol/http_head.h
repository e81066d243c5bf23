// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lsw::protocol {

/// A request's head as the parser gives it.
struct RawHead {
    std::string_view method, target;
    unsigned version = 11; ///< 10 or 11; others are refused
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    std::optional<std::uint64_t> contentLength;
};

/// A head as plain values, or the status that refuses it.
struct RequestHead {
    HttpHead head;
    int refusedWith = 0;
    bool expectsContinue = false;
};

/// Decodes the target and refuses what leaves open where the body ends or whom it is for.
RequestHead readHead(const RawHead& raw, std::string peer);

/// The token as lotus' handler reads it: the Authorization header, else the query. Absent: an Authorization that is no bearer token.
std::optional<std::string> bearerToken(const HttpHead& head);

/// The route with the longest matching prefix; null when there is none.
const HttpRoute* findRoute(const std::vector<HttpRoute>& routes, std::string_view path);

} // namespace lsw::protocol
