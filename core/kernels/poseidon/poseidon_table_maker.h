// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "kernels/poseidon/poseidon_plan.h"
#include "kernels/poseidon/poseidon_tables.h"

#include <array>
#include <vector>

namespace lsw::kernels::poseidon {

/// How an implementation writes the plan down.
template <typename Number>
struct Writing {
    Arithmetic arithmetic;
    Fr sumDivisor, rowDivisor; ///< by what its reductions divide sums of products, and rows of the small matrix
    std::array<Number, kLimbs> (*limbs)(const Fr&);   ///< of what is added
    std::array<Number, kPoints> (*points)(const Fr&); ///< of factors in sums of products
};

/// Owns the tables of one width.
template <typename Number>
class TableMaker {
public:
    TableMaker(const Constants& from, const Writing<Number>& writing) : m_writing(writing), m_plan(from, writing.arithmetic) {
        const std::size_t n = m_plan.inner, rounds = m_plan.partialRounds;
        m_small.assign(m_plan.small.begin(), m_plan.small.end());
        const Fr one = frFrom(1);
        putAll(m_input, m_plan.input, one);
        put(m_tag, m_plan.tag);
        for (const FrVector& line : m_plan.first) putAll(m_first, line, writing.rowDivisor);
        for (const FrVector& line : m_plan.last) putAll(m_last, line, writing.rowDivisor);
        putAll(m_constant, m_plan.constant, writing.sumDivisor);
        putAll(m_lastConstant, m_plan.lastConstant, writing.sumDivisor);
        for (const FrVector& line : m_plan.row) putPoints(m_row, line);

        FrVector list(n), ring(2 * n), wide(2 * (n + 1));
        for (std::size_t j = 0; j < n; ++j) {
            list[j] = m_plan.impulse[n - j];
            ring[j] = ring[n + j] = m_plan.fromX[n - j];
        }
        for (std::size_t j = 0; j <= n; ++j) wide[j] = wide[n + 1 + j] = m_plan.fromY[n + 1 - j];
        putPoints(m_impulse, list);
        putPoints(m_fromX, ring);
        putPoints(m_fromY, wide);
        for (std::size_t i = 0; i < n; ++i) {
            FrVector x(n), y(n + 1);
            for (std::size_t j = 0; j < n; ++j) {
                x[(rounds - n + 1 + j) % n] = m_plan.lastX[i][j];
                y[(rounds - n + j) % (n + 1)] = m_plan.lastY[i][j];
            }
            putPoints(m_lastX, x);
            putPoints(m_lastY, y);
        }
        putPoints(m_digest, m_plan.digest);
    }

    Tables<Number> tables() const {
        return {m_small.data(), m_input.data(),    m_tag.data(),   m_first.data(), m_row.data(),          m_impulse.data(), m_fromX.data(),
                m_fromY.data(), m_constant.data(), m_lastX.data(), m_lastY.data(), m_lastConstant.data(), m_last.data(),    m_digest.data()};
    }

private:
    using Numbers = std::vector<Number>;

    void put(Numbers& to, const Fr& value) const {
        const auto five = m_writing.limbs(value);
        to.insert(to.end(), five.begin(), five.end());
    }
    void putAll(Numbers& to, const FrVector& values, const Fr& times) const {
        for (const Fr& value : values) put(to, value * times);
    }
    /// What the reduction divides by is in the factors already.
    void putPoints(Numbers& to, const FrVector& values) const {
        const std::size_t begin = to.size(), count = values.size();
        to.resize(begin + kPoints * count);
        for (std::size_t j = 0; j < count; ++j) {
            const auto points = m_writing.points(values[j] * m_writing.sumDivisor);
            for (std::size_t p = 0; p < kPoints; ++p) to[begin + p * count + j] = points[p];
        }
    }

    Writing<Number> m_writing;
    Plan m_plan;
    Numbers m_small, m_input, m_tag, m_first, m_row, m_impulse, m_fromX, m_fromY, m_constant, m_lastX, m_lastY, m_lastConstant, m_last, m_digest;
};

} // namespace lsw::kernels::poseidon
