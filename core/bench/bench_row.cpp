// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/bench_row.h"

#include "bench/machine.h"

#include <array>
#include <cstdio>

namespace lsw::bench {
namespace json = boost::json;

Row rowOf(std::string_view bench, std::string_view shape) { return {{"bench", bench}, {"shape", shape}, {"class", machineClass()}}; }

Row skippedRow(std::string_view bench, std::string_view shape, std::string reason) {
    Row row = rowOf(bench, shape);
    row["skipped"] = std::move(reason);
    return row;
}

namespace {

std::string jsonOf(const json::value& value) {
    if (!value.is_double()) return json::serialize(value);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", value.as_double());
    return text.data();
}

} // namespace

void addCosts(Row& row, const std::string& name, const std::vector<Cost>& costs) {
    std::vector<double> cpu, wall;
    for (const Cost& cost : costs) {
        cpu.push_back(cost.cpu);
        wall.push_back(cost.wall);
    }
    const Spread spread = spreadOf(std::move(cpu));
    row[name + "_cpu_s"] = spread.median;
    row[name + "_cpu_s_least"] = spread.least;
    row[name + "_cpu_s_most"] = spread.most;
    row[name + "_wall_s"] = spreadOf(std::move(wall)).median;
}

std::string textOf(const Row& row) {
    std::string out;
    for (const auto& member : row) {
        const json::value& value = member.value();
        const std::string text = value.is_string() ? std::string(value.as_string()) : jsonOf(value);
        if (member.key() == "bench" || member.key() == "selftest") out += text + ':';
        else out += ' ' + std::string(member.key()) + ' ' + text;
    }
    return out;
}

std::string jsonLineOf(const Row& row) {
    std::string out = R"({"schema":1)";
    for (const auto& member : row) out += ',' + json::serialize(json::value(member.key())) + ':' + jsonOf(member.value());
    return out + '}';
}

} // namespace lsw::bench
