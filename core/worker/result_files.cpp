// SPDX-License-Identifier: MIT OR Apache-2.0
#include "worker/call_life.h"

#include "protocol/go_json.h"
#include "protocol/lotus_json.h"

// Results that are too large for memory and journal: files, which the text of a return names.
namespace lsw::worker {

namespace {

constexpr std::size_t kLargeResult = 1 << 20;

std::string shortText(std::string_view method, const protocol::CallId& id, const protocol::TaskResult& result) { return returnText(method, id, result, std::nullopt); }

/// `[callId,null,null]` with `value` in the middle.
std::string withValue(const protocol::CallId& id, const std::string& value) { return '[' + protocol::toGoJson(protocol::toJson(id)) + ',' + value + ",null]"; }

Expected<std::string> stored(const Bytes& bytes, protocol::SpoolFolder& spool) { return spool.store(bytes); }

/// A list of proofs, each in a file of its own.
Expected<std::string> stored(const std::vector<Bytes>& list, protocol::SpoolFolder& spool) {
    std::string out = "[";
    for (const Bytes& one : list) {
        if (out.size() > 1) out += ',';
        auto mark = spool.store(one);
        if (!mark) {
            spool.removeFilesOf(out);
            return std::move(mark).error();
        }
        out += *mark;
    }
    return out + ']';
}

std::size_t bytesOf(const Bytes& bytes) { return bytes.size(); }
std::size_t bytesOf(const std::vector<Bytes>& list) {
    std::size_t size = 0;
    for (const Bytes& one : list) size += one.size();
    return size;
}

} // namespace

std::string resultText(std::string_view method, const protocol::CallId& id, const protocol::TaskResult& result, protocol::SpoolFolder& spool) {
    return std::visit(
        [&]<typename T>(const T& value) -> std::string {
            if constexpr (std::is_same_v<T, Bytes> || std::is_same_v<T, std::vector<Bytes>>) {
                if (bytesOf(value) > kLargeResult) {
                    auto text = stored(value, spool);
                    if (text) return withValue(id, *text);
                    // The journal will meet the same full disk, and goes on trying: there the result is safe.
                }
            }
            return shortText(method, id, result);
        },
        result);
}

void sortOutSpool(std::vector<tasks::CallRecord>& unfinished, protocol::SpoolFolder& spool, const std::string& workerName) {
    std::set<std::string> named;
    for (tasks::CallRecord& record : unfinished) {
        if (record.state == tasks::CallState::Finished && !spool.holdsAllOf(record.returnParams)) {
            const protocol::CallError lost{static_cast<int>(protocol::CallErrorCode::TempWorkerRestart), "worker [name: " + workerName + "] restarted"};
            record.returnParams = returnText("Return" + record.method, record.id, {}, lost);
            record.succeeded = false;
            record.error = "the file of the result is gone: the miner is told to ask again";
        }
        for (const auto& mark : protocol::spoolMarks(record.returnParams)) named.insert(mark.name);
    }
    spool.removeLeftovers(named);
}

} // namespace lsw::worker
