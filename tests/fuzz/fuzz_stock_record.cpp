// SPDX-License-Identifier: MIT OR Apache-2.0
// A record of lotus-worker's list of begun calls: CBOR from a folder that somebody else wrote.
#include "fuzz.h"

#include "worker/stock_record.h"

using namespace lsw;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto split = text.find('\n');
    if (split == std::string_view::npos) return 0;
    if (const auto call = worker::readStockCall(text.substr(0, split), text.substr(split + 1))) {
        fuzz::require(text.starts_with(worker::kStockCallPrefix) && call->id.uuid.size() == 36, "a call has its key and an id");
        fuzz::require(!call->method.empty() && !call->taskType.empty(), "a call is of a known kind");
        fuzz::require(call->state == tasks::CallState::Begun, "it has only begun");
    }
    return 0;
}
