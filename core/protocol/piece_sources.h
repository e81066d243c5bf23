// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/push_stream.h"

#include <cstdint>
#include <memory>
#include <string>

namespace lsw::protocol {

/// `count` zeros. open() works too, for those that do not ask isZeros().
std::shared_ptr<PieceData> zeroPiece(std::uint64_t count);

/// The body of a GET on this URL, asked for by open(); "unexpected http status N" unless it is 200.
std::shared_ptr<PieceData> urlPiece(std::string url);

} // namespace lsw::protocol
