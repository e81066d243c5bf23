// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/field/fr.h"

#include "kernels/field/fr_scale.h"

#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace lsw::kernels {
namespace {

__extension__ using Wide = unsigned __int128;
using Words = std::array<std::uint64_t, 4>;

constexpr std::uint64_t kMinusInverse = 0xfffffffeffffffffULL; ///< -1/r modulo 2^64
constexpr Words kOne{0x00000001fffffffeULL, 0x5884b7fa00034802ULL, 0x998c4fefecbc4ff5ULL, 0x1824b159acc5056fULL};      ///< 2^256 mod r
constexpr Words kSquare{0xc999e990f3f29c6dULL, 0x2b6cedcb87925c23ULL, 0x05d314967254398fULL, 0x0748d9d99f59ff11ULL};   ///< 2^512 mod r

constexpr std::uint64_t low(Wide value) { return static_cast<std::uint64_t>(value); }
constexpr std::uint64_t high(Wide value) { return static_cast<std::uint64_t>(value >> 64); }

/// a - b and whether it went below zero.
std::pair<Words, bool> minus(const Words& a, const Words& b) {
    Words out;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const Wide difference = Wide{a[i]} - b[i] - borrow;
        out[i] = low(difference);
        borrow = high(difference) & 1U;
    }
    return {out, borrow != 0};
}

/// Takes the order off once when the value has it in it.
Words reducedOnce(const Words& value) {
    const auto [rest, isBelow] = minus(value, kFrOrder);
    return isBelow ? value : rest;
}

Words plus(const Words& a, const Words& b) {
    Words out;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const Wide sum = Wide{a[i]} + b[i] + carry;
        out[i] = low(sum);
        carry = high(sum);
    }
    return out;
}

/// a · b / 2^256. The top bit of the order is free, so each row needs one carry word only.
Words montgomery(const Words& a, const Words& b) {
    Words t{};
    for (std::size_t i = 0; i < 4; ++i) {
        Wide product = Wide{a[i]} * b[0] + t[0];
        const std::uint64_t quotient = low(product) * kMinusInverse;
        Wide reduction = Wide{quotient} * kFrOrder[0] + low(product);
        std::uint64_t fromProduct = high(product), fromReduction = high(reduction);
        for (std::size_t j = 1; j < 4; ++j) {
            product = Wide{a[i]} * b[j] + t[j] + fromProduct;
            fromProduct = high(product);
            reduction = Wide{quotient} * kFrOrder[j] + low(product) + fromReduction;
            fromReduction = high(reduction);
            t[j - 1] = low(reduction);
        }
        t[3] = fromProduct + fromReduction;
    }
    return reducedOnce(t);
}

} // namespace

Fr operator+(const Fr& a, const Fr& b) { return {reducedOnce(plus(a.words, b.words))}; }

Fr operator-(const Fr& a, const Fr& b) {
    const auto [difference, isBelow] = minus(a.words, b.words);
    return {isBelow ? plus(difference, kFrOrder) : difference};
}

Fr operator*(const Fr& a, const Fr& b) { return {montgomery(a.words, b.words)}; }

Fr frFrom(std::uint64_t number) { return {montgomery({number, 0, 0, 0}, kSquare)}; }

Fr frPowerOfTwo(int exponent) {
    Fr step = frFrom(2), out{kOne};
    if (exponent < 0) step = frInverse(step);
    for (auto left = static_cast<unsigned>(exponent < 0 ? -exponent : exponent); left > 0; left >>= 1U) {
        if (left & 1U) out *= step;
        step *= step;
    }
    return out;
}

Fr frFifthPower(const Fr& a) {
    const Fr square = a * a;
    return square * square * a;
}

Fr frInverse(const Fr& a) {
    Words exponent = kFrOrder;
    exponent[0] -= 2;
    Fr out{kOne};
    for (int bit = 254; bit >= 0; --bit) {
        out *= out;
        if (exponent[static_cast<std::size_t>(bit) / 64] >> (static_cast<unsigned>(bit) % 64) & 1U) out *= a;
    }
    return out;
}

Words frPlain(const Fr& a) { return montgomery(a.words, {1, 0, 0, 0}); }

Fr frFromPlain(const Words& plain) {
    Words value = plain;
    for (int i = 0; i < 2; ++i) value = reducedOnce(value); // 2^256 is 2.2 times the order
    return {montgomery(value, kSquare)};
}

Fr frFromBytes(const std::uint8_t* bytes) {
    Words plain{};
    for (std::size_t i = 0; i < 32; ++i) plain[i / 8] |= std::uint64_t{bytes[i]} << (8 * (i % 8));
    return frFromPlain(plain);
}

void frToBytes(const Fr& a, std::uint8_t* bytes) {
    const Words plain = frPlain(a);
    for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>(plain[i / 8] >> (8 * (i % 8)));
}

namespace {

template <typename Operation>
void eachNode(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t count, Operation operation) {
    static_assert(std::endian::native == std::endian::little, "nodes are taken as they lie");
    for (std::size_t i = 0; i < count; ++i) {
        Fr x, y; // as integers: adding is the same in both forms
        std::memcpy(x.words.data(), a + 32 * i, 32);
        std::memcpy(y.words.data(), b + 32 * i, 32);
        const Fr result = operation(x, y);
        std::memcpy(out + 32 * i, result.words.data(), 32);
    }
}

} // namespace

void frAddNodes(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t count) {
    eachNode(a, b, out, count, [](const Fr& x, const Fr& y) { return x + y; });
}

void frSubtractNodes(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t count) {
    eachNode(a, b, out, count, [](const Fr& x, const Fr& y) { return x - y; });
}

// The product of a plain number and a factor in Montgomery form is plain.
constinit const FrScaleSet fr_scale::kPortable{
    [](const std::uint8_t* a, const Fr& factor, const std::uint8_t* b, std::uint8_t* out, std::size_t count) {
        eachNode(a, b, out, count, [&factor](const Fr& x, const Fr& y) { return x * factor + y; });
    },
    [](const std::uint8_t* a, const std::uint8_t* b, const Fr& factor, std::uint8_t* out, std::size_t count) {
        eachNode(a, b, out, count, [&factor](const Fr& x, const Fr& y) { return (x - y) * factor; });
    },
};

Fr dot(std::span<const Fr> a, std::span<const Fr> b) {
    Fr sum;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

FrVector product(const FrVector& row, const FrMatrix& matrix) {
    FrVector out(matrix.front().size());
    for (std::size_t i = 0; i < row.size(); ++i)
        for (std::size_t j = 0; j < out.size(); ++j) out[j] += row[i] * matrix[i][j];
    return out;
}

FrMatrix product(const FrMatrix& a, const FrMatrix& b) {
    FrMatrix out;
    out.reserve(a.size());
    for (const FrVector& row : a) out.push_back(product(row, b));
    return out;
}

FrMatrix inverse(FrMatrix matrix) {
    const std::size_t n = matrix.size();
    FrMatrix out(n, FrVector(n));
    for (std::size_t i = 0; i < n; ++i) out[i][i] = frFrom(1);
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t pivot = column;
        while (matrix[pivot][column] == Fr{}) ++pivot;
        std::swap(matrix[column], matrix[pivot]);
        std::swap(out[column], out[pivot]);
        const Fr scale = frInverse(matrix[column][column]);
        for (std::size_t j = 0; j < n; ++j) {
            matrix[column][j] *= scale;
            out[column][j] *= scale;
        }
        for (std::size_t row = 0; row < n; ++row) {
            if (row == column) continue;
            const Fr factor = matrix[row][column];
            for (std::size_t j = 0; j < n; ++j) {
                matrix[row][j] -= factor * matrix[column][j];
                out[row][j] -= factor * out[column][j];
            }
        }
    }
    return out;
}

} // namespace lsw::kernels
