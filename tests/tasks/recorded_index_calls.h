// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once


#include "support/test_paths.h"

#include <fstream>
#include <string>
#include <vector>

#include <QtTest/QtTest>

namespace lsw::tests {

/// A section of tests/data/tasks/index-calls.txt: what stock asks the miner's index in one task.
inline std::vector<std::string> recordedIndexCalls(const std::string& section) {
    std::ifstream in(std::string(lsw::test::kTestData) + "/tasks/index-calls.txt");
    std::vector<std::string> out;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('[')) inside = line == '[' + section + ']';
        else if (inside && !line.empty()) out.push_back(line);
    }
    if (out.empty()) qFatal("no recorded section %s", section.c_str());
    return out;
}

inline QByteArray joinedLines(const std::vector<std::string>& lines) {
    QByteArray out;
    for (const std::string& line : lines) out += QByteArray::fromStdString(line) + '\n';
    return out;
}

} // namespace lsw::tests
