// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lsw::setup {

/// "TOKEN(…DjQo)": enough to tell two tokens apart, never one to use. "" for none.
std::string maskedToken(std::string_view token);

/// The text with everything in it that may be a token, or a good part of one, masked. For texts of others that are shown.
std::string withoutTokens(std::string_view text);

} // namespace lsw::setup
