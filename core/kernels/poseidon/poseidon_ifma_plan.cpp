// SPDX-License-Identifier: MIT OR Apache-2.0
#include "kernels/poseidon/poseidon.h"
#include "kernels/poseidon/poseidon_ifma.h"
#include "kernels/poseidon/poseidon_plan.h"

#include <array>
#include <vector>

namespace lsw::kernels::poseidon {
namespace {

using ifma::kLimbs;
using ifma::kPoints;

constexpr int kSumBits = 6 * 51, kSmallBits = 51; ///< by what the reductions divide
constexpr std::uint64_t kMask = (1ULL << 51) - 1;

std::array<std::uint64_t, kLimbs> limbs(const Fr& value) {
    const auto w = frPlain(value);
    return {w[0] & kMask, (w[0] >> 51 | w[1] << 13) & kMask, (w[1] >> 38 | w[2] << 26) & kMask, (w[2] >> 25 | w[3] << 39) & kMask, w[3] >> 12};
}

/// The numbers of one width, in one piece each, as the computing object wants them.
class IfmaPlan {
public:
    explicit IfmaPlan(const poseidon::Constants& from)
        // x² is divided once, x⁴ by the square of that and once more, x⁵ again: 2^-(306·4)
        : m_plan(from, {frPowerOfTwo(-4 * kSumBits), frPowerOfTwo(-kSmallBits)}) {
        const std::size_t n = m_plan.inner, rounds = m_plan.partialRounds;
        for (const Fr& one : m_plan.input) put(m_input, one);
        put(m_tag, m_plan.tag);
        for (const FrVector& line : m_plan.first)
            for (const Fr& one : line) put(m_first, one * frPowerOfTwo(kSmallBits));
        for (const FrVector& line : m_plan.last)
            for (const Fr& one : line) put(m_last, one * frPowerOfTwo(kSmallBits));
        for (const Fr& one : m_plan.constant) put(m_constant, one * frPowerOfTwo(kSumBits));
        for (const Fr& one : m_plan.lastConstant) put(m_lastConstant, one * frPowerOfTwo(kSumBits));
        for (const FrVector& line : m_plan.row) points(m_row, line);

        FrVector list(n), ring(2 * n), wide(2 * (n + 1));
        for (std::size_t j = 0; j < n; ++j) {
            list[j] = m_plan.impulse[n - j];
            ring[j] = ring[n + j] = m_plan.fromX[n - j];
        }
        for (std::size_t j = 0; j <= n; ++j) wide[j] = wide[n + 1 + j] = m_plan.fromY[n + 1 - j];
        points(m_impulse, list);
        points(m_fromX, ring);
        points(m_fromY, wide);
        for (std::size_t i = 0; i < n; ++i) {
            FrVector x(n), y(n + 1);
            for (std::size_t j = 0; j < n; ++j) {
                x[(rounds - n + 1 + j) % n] = m_plan.lastX[i][j];
                y[(rounds - n + j) % (n + 1)] = m_plan.lastY[i][j];
            }
            points(m_lastX, x);
            points(m_lastY, y);
        }
        points(m_digest, m_plan.digest);
        m_view = {m_plan.small.data(), m_input.data(), m_tag.data(),  m_first.data(), m_row.data(),          m_impulse.data(), m_fromX.data(),
                  m_fromY.data(),      m_constant.data(), m_lastX.data(), m_lastY.data(), m_lastConstant.data(), m_last.data(),    m_digest.data()};
    }

    const ifma::Constants& view() const { return m_view; }

private:
    using Numbers = std::vector<std::uint64_t>;

    static void put(Numbers& to, const Fr& value) {
        const auto five = limbs(value);
        to.insert(to.end(), five.begin(), five.end());
    }
    /// Factors of sums: what the reduction divides by is in them already.
    static void points(Numbers& to, const FrVector& values) {
        const std::size_t begin = to.size(), count = values.size();
        to.resize(begin + kPoints * count);
        for (std::size_t j = 0; j < count; ++j) {
            const auto five = limbs(values[j] * frPowerOfTwo(kSumBits));
            std::size_t point = 0;
            for (const std::uint64_t limb : five) to[begin + point++ * count + j] = limb;
            for (std::size_t a = 0; a < kLimbs; ++a)
                for (std::size_t b = a + 1; b < kLimbs; ++b) to[begin + point++ * count + j] = five[a] + five[b];
        }
    }

    Plan m_plan;
    Numbers m_input, m_tag, m_first, m_row, m_impulse, m_fromX, m_fromY, m_constant, m_lastX, m_lastY, m_lastConstant, m_last, m_digest;
    ifma::Constants m_view{};
};

template <std::size_t Arity>
const ifma::Constants& view() {
    static const IfmaPlan plan(constants(Arity));
    return plan.view();
}

} // namespace
} // namespace lsw::kernels::poseidon

namespace lsw::kernels::poseidon_sets {
using namespace poseidon;
const PoseidonSet kIfma{
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { ifma::hash2(view<2>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { ifma::hash4(view<4>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { ifma::hash8(view<8>(), nodes, stride, out, count); },
    [](const std::uint8_t* const* nodes, std::size_t stride, std::uint8_t* out, std::size_t count) { ifma::hash11(view<11>(), nodes, stride, out, count); },
};
}
