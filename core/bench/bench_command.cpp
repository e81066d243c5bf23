// SPDX-License-Identifier: MIT OR Apache-2.0
#include "bench/bench_command.h"

#include "base/thread_team.h"
#include "bench/kernel_bench.h"
#include "bench/machine.h"
#include "bench/other_process.h"
#include "bench/phase_bench.h"
#include "bench/self_test.h"
#include "kernels/kernel_registry.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <sched.h>

namespace lsw::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMulticore = "FIL_PROOFS_USE_MULTICORE_SDR"; ///< the crate's setting

struct Options {
    bool isSelfTest = false, isJson = false, isCompared = false;
    std::vector<std::string> names;
    sector::PaddedBytes shape{8U << 20};
    unsigned rounds = 3, threads = 0; ///< 0: all
    fs::path folder = fs::temp_directory_path();
    std::vector<std::string> forwarded; ///< all but the names
};

std::vector<std::string> knownNames() {
    std::vector<std::string> out{"kernel"};
    for (const PhaseInfo& phase : phases()) {
        if (phase.name == "pc1") out.emplace_back("tree-d");
        out.emplace_back(phase.name);
        if (phase.name == "pc2") out.emplace_back("pc2-11");
    }
    return out;
}

Error badArgument(const std::string& text) { return Error(ErrorCode::InvalidArgument, text); }

Expected<unsigned> countOf(const std::string& text, const std::string& option, unsigned most) {
    unsigned out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc() || end != text.data() + text.size() || out < 1 || out > most)
        return badArgument(option + " is a number from 1 to " + std::to_string(most) + ", not \"" + text + '"');
    return out;
}

Expected<void> takeOption(Options& options, const std::string& name, const std::string& value) {
    if (name == "--folder") {
        std::error_code ignored;
        if (!fs::is_directory(value, ignored)) return badArgument("--folder is an existing folder, not \"" + value + '"');
        options.folder = value;
        return {};
    }
    if (options.isSelfTest) return badArgument("selftest has no option " + name);
    if (name == "--against") {
        if (value != "official") return badArgument("--against is official, not \"" + value + '"');
        options.isCompared = true;
    } else if (name == "--shape") {
        const auto size = sector::parseSectorSize(value);
        if (!size) return size.error();
        options.shape = *size;
    } else if (name == "--rounds") {
        const auto count = countOf(value, name, 1000);
        if (!count) return count.error();
        options.rounds = *count;
    } else if (name == "--threads") {
        const auto count = countOf(value, name, usableProcessors());
        if (!count) return count.error();
        options.threads = *count;
    } else {
        return badArgument("bench has no option " + name);
    }
    return {};
}

Expected<Options> parse(const std::vector<std::string>& arguments) {
    Options options;
    options.isSelfTest = arguments.front() == "selftest";
    const auto known = knownNames();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& one = arguments[i];
        if (one == "--json") {
            options.isJson = true;
        } else if (one.starts_with("--")) {
            if (i + 1 == arguments.size()) return badArgument(one + " needs a value");
            LSW_TRY(takeOption(options, one, arguments[++i]));
            options.forwarded.insert(options.forwarded.end(), {one, arguments[i]});
        } else if (options.isSelfTest || std::ranges::find(known, one) == known.end()) {
            std::string text;
            for (const std::string& name : known) text += (text.empty() ? "" : ", ") + name;
            return badArgument(options.isSelfTest ? "selftest takes no names" : "there is no \"" + one + "\" to measure; there are: " + text);
        } else {
            options.names.push_back(one);
        }
    }
    if (options.names.empty())
        std::ranges::copy_if(known, std::back_inserter(options.names), [](const std::string& name) {
            // The disk and memory of sixteen sectors, and what is of interest to who changes it.
            return name != "pc1-multicore" && name != "pc1-x16" && name != "pc1-parts" && name != "pc1-small-pages";
        });
    return options;
}

/// Ours asks for the processors it may use, the crate reads a variable.
Expected<void> useThreads(unsigned count) {
    cpu_set_t all, some;
    CPU_ZERO(&some);
    if (::sched_getaffinity(0, sizeof all, &all) != 0) return errnoError(errno, "cannot ask for the processors");
    for (int processor = 0, left = static_cast<int>(count); processor < CPU_SETSIZE && left > 0; ++processor)
        if (CPU_ISSET(processor, &all)) CPU_SET(processor, &some), --left;
    if (::sched_setaffinity(0, sizeof some, &some) != 0) return errnoError(errno, "cannot keep to " + std::to_string(count) + " processors");
    ::setenv("RAYON_NUM_THREADS", std::to_string(count).c_str(), 1);
    return {};
}

Row machineRow(const Surroundings& surroundings) {
    return {{"bench", "machine"},
            {"processor", kernels::cpuName()},
            {"features", kernels::featureText(kernels::cpuFeatures())},
            {"class", machineClass()},
            {"kernels", kernelsInUse()},
            {"prover", surroundings.flavour},
            {"threads", usableProcessors()}};
}

class Bench {
public:
    Bench(const Options& options, const Surroundings& surroundings, RowSink sink) : m_options(options), m_surroundings(surroundings), m_sink(std::move(sink)) {}

    bool run() {
        bool isRight = true;
        for (const std::string& name : m_options.names) {
            const auto done = one(name);
            if (!done) m_sink(failedRow(name, done.error()));
            isRight = isRight && done && *done;
        }
        return isRight;
    }

private:
    std::string shape() const { return sector::sizeName(m_options.shape.value); }
    Row failedRow(const std::string& name, const Error& error) const {
        Row row = rowOf(name, shape());
        row["failed"] = error.message();
        return row;
    }

    Expected<bool> one(const std::string& name) {
        if (name == "kernel") return benchKernels(m_options.rounds, m_sink);
        const auto proof = sector::proofForSize(m_options.shape);
        if (!proof) return proof.error();
        PhaseSettings settings{*proof, m_options.folder, m_options.rounds, m_options.isCompared ? m_surroundings.official : nullptr};
        if (name == "tree-d") {
            LSW_TRY(benchTreeD(settings, m_sink));
            return true;
        }
        if (name == "pc2-11") return benchElevenLayers(settings, m_sink);
        const PhaseInfo& phase = *std::ranges::find(phases(), name, &PhaseInfo::name);
        if (m_options.isCompared && !settings.official) return skipped(name, "this prover was built without the official crate");
        if (!phase.isMulticore) return benchPhase(phase, settings, m_sink);
        if (!settings.official) return skipped(name, "it is the crate that labels with several cores: ask for --against official");
        if (const char* mode = std::getenv(kMulticore); mode && std::string_view(mode) == "1") return benchPhase(phase, settings, m_sink);
        return inOtherProcess(name);
    }

    bool skipped(const std::string& name, const std::string& reason) {
        m_sink(skippedRow(name, shape(), reason));
        return true;
    }

    /// Its rows as lines, the one about the machine left out.
    Expected<bool> inOtherProcess(const std::string& name) {
        std::vector<std::string> arguments{"bench", name, "--json"};
        arguments.insert(arguments.end(), m_options.forwarded.begin(), m_options.forwarded.end());
        const auto code = runAgain(arguments, kMulticore, "1", [&](const std::string& line) {
            boost::system::error_code failed;
            const auto row = boost::json::parse(line, failed);
            if (failed || !row.is_object() || row.at("bench") == "machine") return;
            Row one = row.as_object();
            one.stable_erase(one.find("schema"));
            m_sink(one);
        });
        if (!code) return code.error();
        return *code == 0;
    }

    const Options& m_options;
    const Surroundings& m_surroundings;
    RowSink m_sink;
};

} // namespace

Expected<bool> runCommand(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
    const auto options = parse(arguments);
    if (!options) return options.error();
    LSW_TRY(kernels::checkForcedKernels());
    if (options->threads > 0) LSW_TRY(useThreads(options->threads));
    const RowSink sink = [&](const Row& row) { surroundings.print(options->isJson ? jsonLineOf(row) : textOf(row)); };
    if (options->isSelfTest) return selfTest(options->folder, surroundings.official, sink);
    sink(machineRow(surroundings));
    return Bench(*options, surroundings, sink).run();
}

} // namespace lsw::bench
