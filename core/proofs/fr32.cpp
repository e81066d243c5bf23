// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/fr32.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include <unistd.h>

#include "kernels/fr32/fr32_pad.h"

namespace lsw::proofs {
namespace {

/// The order r of the scalar field, most significant byte first.
constexpr std::array<std::uint8_t, 32> kOrder{0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8,
                                              0x08, 0x09, 0xa1, 0xd8, 0x05, 0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe,
                                              0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01};

/// Words are little endian: the last byte decides unless it equals the first of the order.
bool isFieldElement(const std::uint8_t* node) {
    for (std::size_t i = 0; i < kOrder.size(); ++i) {
        const std::uint8_t byte = node[31 - i];
        if (byte != kOrder[i]) return byte < kOrder[i];
    }
    return false;
}

} // namespace

void padGroup(std::span<const std::uint8_t, 127> user, std::span<std::uint8_t, 128> padded) {
    kernels::fr32Pad().chosen().function(user.data(), padded.data(), 1);
}

void unpadGroup(std::span<const std::uint8_t, 128> padded, std::span<std::uint8_t, 127> user) {
    kernels::fr32Unpad().chosen().function(padded.data(), user.data(), 1);
}

std::optional<std::uint64_t> firstNonFieldElement(std::span<const std::uint8_t> nodes) {
    for (std::size_t at = 0; at + 32 <= nodes.size(); at += 32)
        if (nodes[at + 31] >= kOrder[0] && !isFieldElement(nodes.data() + at)) return at;
    return std::nullopt;
}

Expected<void> checkFieldElements(int descriptor, std::uint64_t offset, sector::PaddedBytes size, std::stop_token stop) {
    std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size.value, 4U << 20)));
    for (std::uint64_t at = 0; at < size.value;) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while checking the data");
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size.value - at));
        std::size_t have = 0;
        while (have < wanted) {
            const ssize_t got = ::pread(descriptor, buffer.data() + have, wanted - have, static_cast<off_t>(offset + at + have));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return errnoError(errno, "cannot read the data");
            if (got == 0)
                return Error(ErrorCode::InvalidArgument, "the data end after " + std::to_string(at + have) + " of " +
                                                             std::to_string(size.value) + " bytes: padded data must fill the whole range");
            have += static_cast<std::size_t>(got);
        }
        if (const auto bad = firstNonFieldElement({buffer.data(), have}))
            return Error(ErrorCode::InvalidArgument, "the 32 bytes at offset " + std::to_string(offset + at + *bad) +
                                                         " are no field element: this is not fr32-padded data");
        at += have;
    }
    return {};
}

} // namespace lsw::proofs
