// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

/// The field arithmetic of field_fma.h, which can be included only by objects for AVX2 and FMA, as plain functions. Four elements each: [5][4].
namespace lsw::test::fma {

void multiplied(const double* a, const double* b, double* out);
void squared(const double* a, double* out);
/// Σ constant · operand + added: constants are [15][terms], operands [terms][5][4].
void sum(const double* constants, const double* operands, int terms, const double* added, double* out);

} // namespace lsw::test::fma
