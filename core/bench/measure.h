// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <vector>

namespace lsw::bench {

/// What something took, in seconds: of all threads of this process together, and by the clock on the wall.
struct Cost {
    double cpu = 0, wall = 0;
};

class Stopwatch {
public:
    Stopwatch();
    Cost elapsed() const;

private:
    Cost m_begin;
};

struct Spread {
    double median = 0, least = 0, most = 0;
};
/// Of at least one value.
Spread spreadOf(std::vector<double> values);

} // namespace lsw::bench
