// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once


#include "support/test_paths.h"

#include <fstream>
#include <string>
#include <vector>

namespace lsw::test {

/// What one recorded step asked of the miner's storage index.
struct RecordedStep {
    std::string what; ///< "SealCommit1 [{…},…]", "DELETE /remote/sealed/s-t01000-1?keep=…"
    std::vector<std::string> calls;
};

/// The steps of one scenario of tests/data/storage/task-calls.txt.
inline std::vector<RecordedStep> recordedSteps(const std::string& scenario) {
    std::ifstream in(std::string(lsw::test::kTestData) + "/storage/task-calls.txt");
    std::vector<RecordedStep> out;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('[')) inside = line == '[' + scenario + ']';
        else if (inside && line.starts_with("> ")) out.push_back({line.substr(2), {}});
        else if (inside && !line.empty()) out.back().calls.push_back(line);
    }
    return out;
}

} // namespace lsw::test
