// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/miner_sector_index.h"

#include "protocol/lotus_json.h"

#include <condition_variable>
#include <mutex>

#include <QtCore/QThread>

namespace lsw::storage {
namespace json = boost::json;
namespace {

constexpr std::chrono::milliseconds kGrace{2000};
constexpr int kAnswerTimeoutMs = 60000;

/// Questions can be asked again; a change has to arrive.
enum class Sort { Question, Change };

/// One answer on its way between two threads. Filled when the call is answered, or when it is thrown away unanswered.
struct Answer {
    std::mutex mutex;
    std::condition_variable_any arrived;
    std::optional<Expected<json::value>> value;

    void fill(Expected<json::value> got) {
        {
            const std::lock_guard lock(mutex);
            if (value) return;
            value.emplace(std::move(got));
        }
        arrived.notify_all();
    }
};

struct AnswerHolder {
    explicit AnswerHolder(std::shared_ptr<Answer> into) : answer(std::move(into)) {}
    AnswerHolder(const AnswerHolder&) = delete;
    ~AnswerHolder() { answer->fill(Error(ErrorCode::Cancelled, "the connection to the miner is closed")); }
    std::shared_ptr<Answer> answer;
};

std::uint64_t mask(FileType types) { return static_cast<std::uint64_t>(types); }

} // namespace

class MinerSectorIndex::Private {
public:
    Private(protocol::RpcClient& client, std::chrono::milliseconds after) : miner(client), retryAfter(after) {}

    Expected<json::value> call(const char* method, const json::array& params, const std::stop_token& stop, Sort sort) {
        if (QThread::currentThread() == miner.thread())
            return Error(ErrorCode::Internal, std::string(method) + " was called on the thread that has to answer it");
        for (;;) {
            if (sort == Sort::Question && stop.stop_requested()) return Error(ErrorCode::Cancelled, std::string("stopped before ") + method);
            auto answer = once(method, params, stop, sort);
            if (answer) return answer;
            const ErrorCode code = answer.error().code();
            // The miner's own words go on to it in the task's error: which call of ours it was it can see there.
            if (code == ErrorCode::Remote) return Error(code, answer.error().detail(), answer.error().where());
            if (code != ErrorCode::MinerUnreachable && code != ErrorCode::Timeout) return answer;
            std::mutex mutex;
            std::unique_lock lock(mutex);
            std::condition_variable_any never;
            never.wait_for(lock, stop, retryAfter, [] { return false; });
            if (stop.stop_requested()) return answer;
        }
    }

    Expected<void> change(const char* method, const json::array& params, const std::stop_token& stop) {
        LSW_TRY(call(method, params, stop, Sort::Change));
        return {};
    }

    template <typename T>
    Expected<T> ask(const char* method, const json::array& params, const std::stop_token& stop) {
        auto answer = call(method, params, stop, Sort::Question);
        if (!answer) return std::move(answer).error();
        auto value = protocol::fromJson<T>(*answer);
        if (!value) return std::move(value).error().whileDoing(std::string("reading the answer of ") + method);
        return value;
    }

private:
    Expected<json::value> once(const char* method, const json::array& params, const std::stop_token& stop, Sort sort) {
        const auto answer = std::make_shared<Answer>();
        {
            auto holder = std::make_shared<AnswerHolder>(answer);
            protocol::RpcClient* client = &miner;
            QMetaObject::invokeMethod(
                client,
                [client, holder, name = std::string(method), params] {
                    client->call(
                        name, params, [holder](Expected<json::value> got) { holder->answer->fill(std::move(got)); }, protocol::RpcClient::Channel::Control,
                        kAnswerTimeoutMs);
                },
                Qt::QueuedConnection);
        }
        std::unique_lock lock(answer->mutex);
        const auto isHere = [&] { return answer->value.has_value(); };
        if (!answer->arrived.wait(lock, stop, isHere) && sort == Sort::Change) answer->arrived.wait_for(lock, kGrace, isHere);
        if (!isHere()) return Error(ErrorCode::Cancelled, std::string("stopped while waiting for the miner's answer to ") + method);
        return std::move(*answer->value);
    }

    protocol::RpcClient& miner;
    std::chrono::milliseconds retryAfter;
};

MinerSectorIndex::MinerSectorIndex(protocol::RpcClient& miner, std::chrono::milliseconds retryAfter) : m_private(std::make_shared<Private>(miner, retryAfter)) {}
MinerSectorIndex::~MinerSectorIndex() = default;

Expected<void> MinerSectorIndex::attach(const StorageInfo& info, const FsStat& stat, std::stop_token stop) {
    return m_private->change("Filecoin.StorageAttach", {protocol::toJson(info), protocol::toJson(stat)}, stop);
}

Expected<void> MinerSectorIndex::detach(const std::string& id, const std::string& url, std::stop_token stop) {
    return m_private->change("Filecoin.StorageDetach", {json::value(id), json::value(url)}, stop);
}

Expected<StorageInfo> MinerSectorIndex::info(const std::string& id, std::stop_token stop) {
    return m_private->ask<StorageInfo>("Filecoin.StorageInfo", {json::value(id)}, stop);
}

Expected<void> MinerSectorIndex::reportHealth(const std::string& id, const HealthReport& report, std::stop_token stop) {
    LSW_TRY(m_private->call("Filecoin.StorageReportHealth", {json::value(id), protocol::toJson(report)}, stop, Sort::Question));
    return {};
}

Expected<void> MinerSectorIndex::declare(const std::string& id, SectorId sector, FileType types, bool primary, std::stop_token stop) {
    return m_private->change("Filecoin.StorageDeclareSector", {json::value(id), protocol::toJson(sector), mask(types), primary}, stop);
}

Expected<void> MinerSectorIndex::drop(const std::string& id, SectorId sector, FileType types, std::stop_token stop) {
    return m_private->change("Filecoin.StorageDropSector", {json::value(id), protocol::toJson(sector), mask(types)}, stop);
}

Expected<std::vector<SectorStorageInfo>> MinerSectorIndex::find(SectorId sector, FileType types, std::uint64_t sectorSize, std::stop_token stop) {
    return m_private->ask<std::vector<SectorStorageInfo>>("Filecoin.StorageFindSector", {protocol::toJson(sector), mask(types), sectorSize, false}, stop);
}

Expected<std::vector<StorageInfo>> MinerSectorIndex::bestAlloc(FileType types, std::uint64_t sectorSize, PathType kind, std::uint64_t miner,
                                                               std::stop_token stop) {
    const char* name = kind == PathType::Sealing ? "sealing" : "storage";
    return m_private->ask<std::vector<StorageInfo>>("Filecoin.StorageBestAlloc", {mask(types), sectorSize, name, miner}, stop);
}

Expected<std::map<std::string, std::vector<SectorDeclaration>>> MinerSectorIndex::list(std::stop_token stop) {
    const auto answer = m_private->call("Filecoin.StorageList", {}, stop, Sort::Question);
    if (!answer) return answer.error();
    std::map<std::string, std::vector<SectorDeclaration>> out;
    if (answer->is_null()) return out;
    const Error corrupt(ErrorCode::Corrupt, "the miner's answer of Filecoin.StorageList is not a list of sectors for each path");
    if (!answer->is_object()) return corrupt;
    for (const auto& [id, sectors] : answer->get_object()) {
        auto& declared = out[std::string(id)];
        if (sectors.is_null()) continue;
        if (!sectors.is_array()) return corrupt;
        for (const json::value& item : sectors.get_array()) {
            if (!item.is_object()) return corrupt;
            std::uint64_t numbers[3] = {};
            static constexpr const char* kKeys[3] = {"Miner", "Number", "SectorFileType"};
            for (int i = 0; i < 3; ++i) {
                const json::value* number = item.get_object().if_contains(kKeys[i]);
                std::error_code failed;
                if (number) numbers[i] = number->to_number<std::uint64_t>(failed);
                if (!number || failed) return corrupt;
            }
            declared.push_back({{numbers[0], numbers[1]}, static_cast<FileType>(numbers[2])});
        }
    }
    return out;
}

} // namespace lsw::storage
