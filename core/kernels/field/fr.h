// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// The scalar field of BLS12-381, portably: what constants are made with and what the fast forms are held against.
namespace lsw::kernels {

/// An element in Montgomery form (times 2^256), four words, least significant first, always below the order.
struct Fr {
    std::array<std::uint64_t, 4> words{};
    bool operator==(const Fr&) const = default;
};

/// The order r = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001.
inline constexpr std::array<std::uint64_t, 4> kFrOrder{0xffffffff00000001ULL, 0x53bda402fffe5bfeULL, 0x3339d80809a1d805ULL, 0x73eda753299d7d48ULL};

Fr operator+(const Fr& a, const Fr& b);
Fr operator-(const Fr& a, const Fr& b);
Fr operator*(const Fr& a, const Fr& b);
inline Fr& operator+=(Fr& a, const Fr& b) { return a = a + b; }
inline Fr& operator-=(Fr& a, const Fr& b) { return a = a - b; }
inline Fr& operator*=(Fr& a, const Fr& b) { return a = a * b; }

Fr frFrom(std::uint64_t number);
/// 2^exponent; negative exponents too.
Fr frPowerOfTwo(int exponent);
/// a^5, the S-box of Poseidon.
Fr frFifthPower(const Fr& a);
/// 1 / a; zero for zero.
Fr frInverse(const Fr& a);

/// The integer below the order that the element stands for, and back. `plain` may be anything below 2^256: it is taken modulo the order.
std::array<std::uint64_t, 4> frPlain(const Fr& a);
Fr frFromPlain(const std::array<std::uint64_t, 4>& plain);

/// 32 bytes, little endian.
Fr frFromBytes(const std::uint8_t* bytes);
void frToBytes(const Fr& a, std::uint8_t* bytes);

/// out[i] = a[i] + b[i] of nodes of 32 bytes, all of them below the order. `out` may be `a` or `b`. (Encoding a replica.)
void frAddNodes(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t count);
/// out[i] = a[i] - b[i]. (Decoding.)
void frSubtractNodes(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t count);

/// Matrices of elements, as vectors of rows.
using FrVector = std::vector<Fr>;
using FrMatrix = std::vector<FrVector>;

Fr dot(std::span<const Fr> a, std::span<const Fr> b);
/// row · matrix
FrVector product(const FrVector& row, const FrMatrix& matrix);
FrMatrix product(const FrMatrix& a, const FrMatrix& b);
/// Of an invertible square matrix.
FrMatrix inverse(FrMatrix matrix);

} // namespace lsw::kernels
