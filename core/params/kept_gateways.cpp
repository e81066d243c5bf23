// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/kept_gateways.h"

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/sync_folder.h"
#include "base/text.h"

namespace lsw::params {
namespace {

namespace fs = std::filesystem;

fs::path fileIn(const fs::path& folder) { return folder / "lotus-seal-worker-gateways"; }

fs::path paceIn(const fs::path& folder) { return folder / "lotus-seal-worker-pace"; }

std::string stampOf(const fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return {};
    return std::to_string(status.st_ino) + ' ' + std::to_string(status.st_mtim.tv_sec) + ' ' + std::to_string(status.st_mtim.tv_nsec) + ' ' + std::to_string(status.st_size);
}

/// In place of what was there, whole or not at all; an empty text removes the file.
Expected<void> keepText(const fs::path& folder, const fs::path& place, const std::string& text) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return errnoError(failed.value(), "cannot make the folder of the parameters " + folder.string());
    if (text.empty()) {
        fs::remove(place, failed);
        return failed ? Expected<void>(errnoError(failed.value(), "cannot remove " + place.string())) : syncFolder(folder);
    }
    const fs::path made = place.string() + ".new-" + std::to_string(::getpid());
    const auto written = [&]() -> Expected<void> {
        const auto file = File::create(made);
        if (!file) return file.error();
        LSW_TRY(file->writeAt(0, asBytes(text)));
        LSW_TRY(file->sync());
        fs::rename(made, place, failed);
        if (failed) return errnoError(failed.value(), "cannot write " + place.string());
        return syncFolder(folder);
    };
    auto done = written();
    std::error_code ignored;
    if (!done) fs::remove(made, ignored);
    return done;
}

} // namespace

Expected<std::vector<Gateway>> keptGateways(const fs::path& folder) {
    std::vector<Gateway> out;
    std::ifstream in(fileIn(folder));
    std::string line;
    while (std::getline(in, line)) {
        if (trimmed(line, " \t\r").empty()) continue;
        auto gateway = parseGateway(line);
        if (!gateway) return std::move(gateway).error().whileDoing("reading " + fileIn(folder).string());
        out.push_back(std::move(*gateway));
    }
    if (in.bad()) return Error(ErrorCode::Io, "cannot read " + fileIn(folder).string());
    return out;
}

Expected<void> keepGateways(const fs::path& folder, const std::vector<Gateway>& gateways) {
    std::string text;
    for (const Gateway& one : gateways) text += one.address + '\n';
    return keepText(folder, fileIn(folder), text);
}

Pace keptPace(const fs::path& folder) {
    Pace pace;
    std::ifstream in(paceIn(folder));
    for (std::string word; in >> word;) {
        if (word == "paused") pace.isPaused = true;
        else if (word != "limit" || !(in >> pace.maxRate)) return {};
    }
    return pace;
}

Expected<void> keepPace(const fs::path& folder, const Pace& pace) {
    return keepText(folder, paceIn(folder), (pace.isPaused ? "paused\n" : "") + (pace.maxRate ? "limit " + std::to_string(pace.maxRate) + '\n' : std::string()));
}

PaceWatch::PaceWatch(fs::path folder) : m_folder(std::move(folder)), m_seen("none") {}

Pace PaceWatch::now() {
    if (std::string seen = stampOf(paceIn(m_folder)); seen != m_seen) {
        m_seen = std::move(seen);
        m_pace = keptPace(m_folder);
    }
    return m_pace;
}

GatewayWatch::GatewayWatch(fs::path folder) : m_folder(std::move(folder)), m_seen(stampOf(fileIn(m_folder))) {}

std::optional<std::vector<Gateway>> GatewayWatch::changed() {
    const std::string now = stampOf(fileIn(m_folder));
    if (now == m_seen) return std::nullopt;
    m_seen = now;
    auto kept = keptGateways(m_folder);
    return kept ? std::move(*kept) : std::vector<Gateway>();
}

} // namespace lsw::params
