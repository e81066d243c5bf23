// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/parameter_supply.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include <QtCore/QLoggingCategory>

#include "params/kept_gateways.h"
#include "params/parameter_fetcher.h"

namespace lsw::worker {

Q_DECLARE_LOGGING_CATEGORY(lcWorker)

namespace {

using params::Circuit;

constexpr std::chrono::milliseconds kTellEvery{1000};

std::optional<Circuit> circuitOf(std::string_view taskType) {
    if (taskType == "seal/v0/commit/2") return Circuit::PoRep;
    if (taskType == "seal/v0/provereplicaupdate/2") return Circuit::SnapUpdate;
    if (taskType == "post/v0/windowproof") return Circuit::WindowPost;
    if (taskType == "post/v0/winningproof") return Circuit::WinningPost;
    return std::nullopt;
}

std::vector<params::Gateway> gatewaysFor(const std::filesystem::path& folder) {
    const char* environment = std::getenv("IPFS_GATEWAY");
    const auto kept = params::keptGateways(folder);
    const auto choice = params::chosenGateways({}, environment ? environment : "", kept ? *kept : std::vector<params::Gateway>(), params::seemsInChina());
    return choice ? choice->gateways : params::knownGateways();
}

/// "3.1 of 44.0 GiB"
std::string amountText(std::uint64_t done, std::uint64_t total) {
    constexpr double kGiB = 1 << 30;
    char text[64];
    std::snprintf(text, sizeof text, "%.1f of %.1f GiB", static_cast<double>(done) / kGiB, static_cast<double>(total) / kGiB);
    return text;
}

bool isThere(const params::ParameterFolder& folder, const params::ParameterFile& file) {
    const params::FileState state = folder.status(file).state;
    return state == params::FileState::Right || state == params::FileState::Unchecked;
}

void waitFor(std::stop_token stop, std::chrono::milliseconds time) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, std::move(stop), time, [] { return false; });
}

} // namespace

std::vector<Circuit> circuitsOf(const std::vector<std::string>& taskTypes) {
    std::vector<Circuit> out;
    for (const std::string& type : taskTypes)
        if (const auto circuit = circuitOf(type)) out.push_back(*circuit);
    std::ranges::sort(out);
    return out;
}

ParameterSupply::ParameterSupply(Settings settings, QObject* parent) : QObject(parent), m_settings(std::move(settings)) {
    m_settings.folder = params::parameterFolder(m_settings.folder);
}

ParameterSupply::~ParameterSupply() {
    for (std::jthread& thread : m_threads) thread.request_stop();
    m_threads.clear();
}

void ParameterSupply::need(sector::PaddedBytes sectorSize, std::vector<Circuit> circuits) {
    if (sectorSize == m_sectorSize && circuits == m_circuits) return;
    m_sectorSize = sectorSize;
    m_circuits = circuits;
    m_missing.clear();
    for (const Circuit circuit : circuits) m_missing[circuit] = "the folder " + m_settings.folder.string() + " is looked at";
    ++m_round;
    for (std::jthread& thread : m_threads) thread.request_stop();
    m_threads.emplace_back([this, round = m_round, sectorSize, circuits = std::move(circuits)](std::stop_token stop) { supply(std::move(stop), round, sectorSize, circuits); });
    Q_EMIT changed();
}

std::optional<tasks::WaitReason> ParameterSupply::whyNot(std::string_view taskType) const {
    const auto circuit = circuitOf(taskType);
    const auto missing = circuit ? m_missing.find(*circuit) : m_missing.end();
    if (missing == m_missing.end()) return std::nullopt;
    return tasks::WaitReason{"params", "proof parameters: " + missing->second};
}

/// From the thread of the supply to the service's.
void ParameterSupply::tell(std::uint64_t round, std::map<Circuit, std::string> missing) {
    QMetaObject::invokeMethod(this, [this, round, missing = std::move(missing)]() mutable {
        if (round != m_round) return;
        m_missing = std::move(missing);
        Q_EMIT changed();
    }, Qt::QueuedConnection);
}

/// On the thread of its own, until everything is there.
void ParameterSupply::supply(std::stop_token stop, std::uint64_t round, sector::PaddedBytes sectorSize, const std::vector<Circuit>& circuits) {
    params::ParameterFolder folder(m_settings.folder);
    while (!stop.stop_requested()) {
        std::map<Circuit, std::string> missing;
        std::vector<std::pair<Circuit, std::vector<params::ParameterFile>>> wanted;
        for (const Circuit circuit : circuits) {
            auto files = params::neededFiles(m_settings.manifest, sectorSize, {circuit});
            if (std::ranges::all_of(files, [&](const auto& file) { return isThere(folder, file); })) continue;
            missing[circuit] = "they are fetched into " + m_settings.folder.string();
            wanted.emplace_back(circuit, std::move(files));
        }
        tell(round, missing);
        if (wanted.empty()) return;

        params::FetchSettings settings;
        settings.gateways = gatewaysFor(m_settings.folder);
        settings.note = [](const std::string& line) { qCInfo(lcWorker, "proof parameters: %s", line.c_str()); };
        params::GatewayWatch watch(m_settings.folder);
        params::PaceWatch pace(m_settings.folder);
        settings.pace = [&] { return pace.now(); };
        settings.otherGateways = [&]() -> std::optional<std::vector<params::Gateway>> {
            auto others = watch.changed();
            if (others && others->empty()) others = gatewaysFor(m_settings.folder);
            return others;
        };
        std::optional<Error> failed;
        for (const auto& [circuit, files] : wanted) {
            auto last = std::chrono::steady_clock::now() - kTellEvery;
            const TaskContext context{stop, [&, circuit = circuit](const Progress& progress) {
                                          const auto now = std::chrono::steady_clock::now();
                                          if (now - last < kTellEvery) return;
                                          last = now;
                                          missing[circuit] = amountText(progress.done, progress.total) + " are there" + (pace.now().isPaused ? "; the fetch is paused (params resume)" : "");
                                          tell(round, missing);
                                      }};
            params::ParameterFetcher fetcher(folder, settings);
            if (auto done = fetcher.fetch(files, context); !done) {
                failed = std::move(done).error();
                break;
            }
            missing.erase(circuit);
            tell(round, missing);
        }
        if (stop.stop_requested()) return;
        if (!failed) continue; // looked at once more, and then it is done
        qCWarning(lcWorker, "the proof parameters cannot be fetched now: %s", failed->message().c_str());
        for (auto& [circuit, text] : missing) text = "they cannot be fetched now (" + failed->message() + "); tried again soon";
        tell(round, missing);
        waitFor(stop, std::chrono::milliseconds(m_settings.retryMs));
    }
}

} // namespace lsw::worker
