// SPDX-License-Identifier: MIT OR Apache-2.0
// Compiled for AVX2 and FMA.
#include "field_fma_probe.h"

#include "kernels/poseidon/field_fma.h"

namespace lsw::test::fma {
using namespace kernels::poseidon::fma;
namespace {

Element loaded(const double* limbs) {
    Element out;
    for (int k = 0; k < 5; ++k) out.limb[k] = _mm256_loadu_pd(limbs + 4 * k);
    return out;
}
void stored(const Elements<1>& value, double* out) {
    for (int k = 0; k < 5; ++k) _mm256_storeu_pd(out + 4 * k, value.limb[k].v[0]);
}

} // namespace

void multiplied(const double* a, const double* b, double* out) {
    const Element x = loaded(a), y = loaded(b);
    stored(kernels::poseidon::fma::multiplied(packed<1>(&x), packed<1>(&y)), out);
}

void squared(const double* a, double* out) {
    const Element x = loaded(a);
    stored(kernels::poseidon::fma::squared(packed<1>(&x)), out);
}

void sum(const double* constants, const double* operands, int terms, const double* added, double* out) {
    constexpr int kMost = 32;
    __m256d points[15][kMost];
    for (int j = 0; j < terms; ++j) evaluate(loaded(operands + 20 * j), &points[0][j], kMost);
    PointSums<1> sums;
    sumAtPoints<1, false>(sums, constants, terms, &points[0][0], kMost, terms);
    stored(reduced(sums, added), out);
}

} // namespace lsw::test::fma
