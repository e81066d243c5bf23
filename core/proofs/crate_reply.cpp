// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/crate_reply.h"

#include <charconv>
#include <cstring>

namespace lsw::proofs {
namespace {

/// A panic carries its system error in words only: "… (os error 28)".
int osErrorIn(std::string_view text) {
    constexpr std::string_view mark = "(os error ";
    const auto at = text.find(mark);
    if (at == std::string_view::npos) return 0;
    int code = 0;
    std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), code);
    return code;
}

ErrorCode codeOf(std::string_view text) {
    struct Row {
        std::string_view words;
        ErrorCode code;
    };
    constexpr Row rows[]{
        {"No cached parameters found", ErrorCode::NotInstalled},
        {"No cached srs key found", ErrorCode::NotInstalled},
        {"Missing store file", ErrorCode::NotFound},
        {"Missing replica", ErrorCode::NotFound},
        {"Invalid formatted file", ErrorCode::Corrupt},
        {"is inconsistent", ErrorCode::Corrupt},
        {"is not what it should be", ErrorCode::InvalidArgument},
        {"is no registered", ErrorCode::Unsupported},
        {"is no test sector size", ErrorCode::Unsupported},
        {"do not match", ErrorCode::VerificationFailed},
        {"Invalid vanilla proof", ErrorCode::VerificationFailed},
        {"Merkle proof for c=", ErrorCode::VerificationFailed},
        {"Generated vanilla proof", ErrorCode::VerificationFailed},
        {"vanilla proofs failed to verify", ErrorCode::VerificationFailed},
        {"sanity check failed", ErrorCode::VerificationFailed},
    };
    for (const Row& row : rows)
        if (text.find(row.words) != std::string_view::npos) return row.code;
    return ErrorCode::Internal;
}

} // namespace

Expected<Bytes> taken(LswReply reply, std::string_view what) {
    Bytes data(reply.data, reply.data + reply.size);
    const auto kind = reply.kind;
    const int osError = reply.os_error;
    lsw_reply_free(reply);
    if (kind == LSW_REPLY_OK) return data;

    const std::string says(asText(data));
    const std::string sentence = std::string(what) + ": " + says;
    if (kind == LSW_REPLY_SOURCE_ENDED) return Error(ErrorCode::InvalidArgument, sentence);
    // The text of a system error is in the sentence already: only its code is wanted.
    if (const int code = osError != 0 ? osError : osErrorIn(says)) return Error(errnoError(code, {}).code(), sentence);
    if (kind == LSW_REPLY_PANIC) return Error(ErrorCode::Internal, std::string(what) + ": the official crate gave up: " + says);
    return Error(codeOf(says), sentence);
}

LswText text(std::string_view text) { return {text.data(), text.size()}; }
LswText pathText(const std::filesystem::path& path) { return {path.native().data(), path.native().size()}; }

std::vector<LswText> texts(const std::vector<Bytes>& proofs) {
    std::vector<LswText> out;
    for (const Bytes& proof : proofs) out.push_back({reinterpret_cast<const char*>(proof.data()), proof.size()});
    return out;
}

LswSector sector(SealProof proof, SectorId id, const Bytes32& ticket) {
    LswSector out{};
    out.proof = static_cast<std::int64_t>(proof);
    out.number = id.number;
    const Bytes32 prover = sector::proverId(id.miner);
    std::memcpy(out.prover_id, prover.data(), prover.size());
    std::memcpy(out.ticket, ticket.data(), ticket.size());
    return out;
}

std::vector<LswPiece> pieces(const std::vector<PieceInfo>& pieces) {
    std::vector<LswPiece> out(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        out[i].unpadded_size = pieces[i].size.unpadded().value;
        std::memcpy(out[i].commitment, pieces[i].commitment.data(), pieces[i].commitment.size());
    }
    return out;
}

} // namespace lsw::proofs
