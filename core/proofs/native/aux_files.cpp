// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/aux_files.h"

#include "base/file.h"
#include "sector/sector_files.h"

#include <string>

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;

void putNumber(Bytes& to, std::uint64_t value) {
    for (int i = 0; i < 8; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void putText(Bytes& to, const std::string& text) {
    putNumber(to, text.size());
    to.insert(to.end(), text.begin(), text.end());
}

Expected<void> writeFile(const fs::path& path, const Bytes& bytes) {
    auto file = File::create(path);
    if (!file) return std::move(file).error();
    LSW_TRY(file->writeAt(0, bytes));
    return file->sync();
}

} // namespace

Bytes temporaryAux(const sector::ProofInfo& proof, const fs::path& cache) {
    Bytes out;
    const auto store = [&](const std::string& id, std::uint64_t nodes, int dropped) {
        putText(out, cache.string());
        putText(out, id);
        out.push_back(1); // the size is given
        putNumber(out, nodes);
        putNumber(out, static_cast<std::uint64_t>(dropped));
    };
    const std::uint64_t baseTree = sector::baseTreeNodes(proof.nodes() / static_cast<std::uint64_t>(proof.baseTrees));
    putNumber(out, static_cast<std::uint64_t>(proof.layers));
    for (int layer = 1; layer <= proof.layers; ++layer) store("layer-" + std::to_string(layer), proof.nodes(), 0);
    store("tree-d", 2 * proof.nodes() - 1, 0);
    store("tree-r-last", baseTree, proof.rowsToDiscard);
    store("tree-c", baseTree, 0);
    return out;
}

Expected<void> writeAux(const fs::path& cache, const sector::Commitment& commC, const sector::Commitment& commRLast, const Bytes& temporary) {
    Bytes persistent(commC.begin(), commC.end());
    persistent.insert(persistent.end(), commRLast.begin(), commRLast.end());
    LSW_TRY(writeFile(cache / sector::kPAuxName, persistent));
    return writeFile(cache / sector::kTAuxName, temporary);
}

} // namespace lsw::proofs
