// SPDX-License-Identifier: MIT OR Apache-2.0
#include "storage/http_transfer.h"
#include "storage/local_store_private.h"

// What proofs of storage need: the files where they lie, else an answer of who has them.
namespace lsw::storage {
namespace {

/// A vanilla proof has tens of kilobytes; nobody may fill our memory with another.
constexpr std::size_t kAnswerLimit = 64U << 20;

Expected<Bytes> wholeBody(HttpTransfer& transfer) {
    Bytes out;
    const auto append = [&out](std::span<const std::uint8_t> piece) -> Expected<void> {
        if (out.size() + piece.size() > kAnswerLimit) return Error(ErrorCode::Remote, "the answer is longer than any proof");
        out.insert(out.end(), piece.begin(), piece.end());
        return {};
    };
    LSW_TRY(transfer.receive(append));
    return out;
}

/// Several errors as lotus lists them.
std::string listOf(const std::vector<std::string>& errors) {
    std::string out = std::to_string(errors.size()) + (errors.size() == 1 ? " error" : " errors") + " occurred:";
    for (const std::string& error : errors) out += "\n\t* " + error;
    return out + "\n\n";
}

} // namespace

Expected<SectorLease> LocalStore::acquireHere(const protocol::SectorRef& ref, FileType existing, std::stop_token stop) {
    const auto proof = sector::proofInfo(ref.proof);
    if (!proof) return proof.error();
    auto places = m_private->locate(ref.id, existing, FileType::None, PathType::Storage, (*proof)->sectorSize.value, stop);
    if (!places) return std::move(places).error();
    for (const FileType one : sector::kFileTypes)
        if (any(existing & one) && !places->contains(one)) return Error(ErrorCode::NotFound, "fsstat: path not found");
    SectorLease lease;
    lease.m_private = std::make_unique<SectorLease::Private>();
    lease.m_private->store = m_private;
    lease.m_private->sector = ref.id;
    lease.m_private->places = std::move(*places);
    lease.m_private->stop = std::move(stop);
    return lease;
}

Expected<Bytes> LocalStore::askHolders(SectorId sector, FileType types, const std::string& route, const std::string& body, std::stop_token stop) {
    const auto found = m_private->index.find(sector, types, 0, stop);
    if (!found) return Error(found.error()).whileDoing("finding sector " + std::to_string(sector.number) + " failed");
    std::vector<std::string> errors{"sector not found"};
    for (const SectorStorageInfo& info : *found) {
        if (m_private->stateOf(info.id)) continue; // ours were looked at
        for (const std::string& base : info.baseUrls) {
            const std::string url = base + '/' + route;
            HttpTransfer transfer({"POST", url, m_private->settings.token, {}, {}, {}, body}, stop);
            const auto head = transfer.head();
            if (!head) {
                if (head.error().code() == ErrorCode::Cancelled) return head.error();
                errors.push_back("do request: " + head.error().message());
                continue;
            }
            if (head->status == 404) continue;
            if (head->status != 200) {
                errors.push_back("non-200 code from " + url + ": '" + transfer.someText(1000) + '\'');
                continue;
            }
            auto answer = wholeBody(transfer);
            if (answer) return answer;
            if (answer.error().code() == ErrorCode::Cancelled) return answer;
            errors.push_back("resp.Body ReadAll: " + answer.error().message());
        }
    }
    if (errors.size() == 1) return Error(ErrorCode::NotFound, errors.front());
    return Error(ErrorCode::Remote, listOf(errors));
}

} // namespace lsw::storage
