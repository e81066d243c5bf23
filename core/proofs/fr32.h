// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "sector/piece_size.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

/// fr32: user bytes laid out as field elements. After each 254 data bits (least significant first) come two zero bits.
namespace lsw::proofs {

/// Pads 127 user bytes to 128: four elements, the top two bits of each zero.
void padGroup(std::span<const std::uint8_t, 127> user, std::span<std::uint8_t, 128> padded);
/// Takes the padding out again; the two top bits of each element are ignored.
void unpadGroup(std::span<const std::uint8_t, 128> padded, std::span<std::uint8_t, 127> user);

/// Byte offset of the first 32-byte word that is not below the order of the BLS12-381 scalar field. A rest of under 32 bytes is left out.
std::optional<std::uint64_t> firstNonFieldElement(std::span<const std::uint8_t> nodes);

/// Reads `size` bytes at `offset` of a file and checks that each word is a field element; InvalidArgument names the byte offset of the first that
/// is none, or says that the file ends early. The official crate panics on such a word in the middle of its work.
///
/// error   InvalidArgument; Cancelled; Io
Expected<void> checkFieldElements(int descriptor, std::uint64_t offset, sector::PaddedBytes size, std::stop_token stop = {});

} // namespace lsw::proofs
