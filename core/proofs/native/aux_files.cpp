// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/aux_files.h"

#include "base/file.h"
#include "proofs/sector_folder.h"
#include "sector/sector_files.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

/// What t_aux says of a store, but its path.
struct Store {
    std::string id;
    std::uint64_t nodes = 0, dropped = 0;
    bool operator==(const Store&) const = default;
};

/// Reads t_aux from its beginning to its end; anything else has no value.
class AuxReader {
public:
    explicit AuxReader(const Bytes& bytes) : m_rest(bytes) {}

    std::optional<std::vector<Store>> stores() {
        std::vector<Store> out;
        const auto layers = number();
        if (!layers || *layers > 11) return std::nullopt;
        for (std::uint64_t i = 0; i < *layers + 3; ++i) {
            const auto path = text(), id = text();
            const auto isGiven = take(1);
            const auto nodes = number(), dropped = number();
            if (!path || !id || !isGiven || (*isGiven)[0] != 1 || !nodes || !dropped) return std::nullopt;
            out.push_back({*id, *nodes, *dropped});
        }
        if (!m_rest.empty()) return std::nullopt;
        return out;
    }

private:
    std::optional<std::span<const std::uint8_t>> take(std::uint64_t size) {
        if (size > m_rest.size()) return std::nullopt;
        const auto out = m_rest.first(static_cast<std::size_t>(size));
        m_rest = m_rest.subspan(static_cast<std::size_t>(size));
        return out;
    }
    std::optional<std::uint64_t> number() {
        const auto bytes = take(8);
        if (!bytes) return std::nullopt;
        std::uint64_t out = 0;
        for (std::size_t i = 8; i-- > 0;) out = out << 8 | (*bytes)[i];
        return out;
    }
    std::optional<std::string> text() {
        const auto size = number();
        const auto bytes = size ? take(*size) : std::nullopt;
        if (!bytes) return std::nullopt;
        return std::string(asText(*bytes));
    }

    std::span<const std::uint8_t> m_rest;
};

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

Expected<Bytes> carriedAux(const sector::ProofInfo& proof, const fs::path& cache) {
    const fs::path path = cache / sector::kTAuxName;
    LSW_TRY(requireFile(path, 0, "t_aux of the cache", true));
    const auto file = File::openToRead(path);
    if (!file) return file.error();
    const auto size = file->size();
    if (!size) return size.error();
    Bytes bytes(static_cast<std::size_t>(std::min<std::uint64_t>(*size, 1U << 20)));
    LSW_TRY(file->readAt(0, bytes));
    Bytes out = temporaryAux(proof, cache);
    auto have = AuxReader(bytes).stores();
    const auto usual = AuxReader(out).stores();
    if (have == usual) return out;
    // Only what the other files of this sector are read by may differ, and then they are not as we read them.
    if (have && have->size() == usual->size()) {
        const std::size_t treeR = have->size() - 2;
        const std::uint64_t dropped = std::exchange((*have)[treeR].dropped, (*usual)[treeR].dropped);
        if (have == usual)
            return Error(ErrorCode::Unsupported, path.string() + " says that tree R last was written without its lowest " + std::to_string(dropped) +
                                                     " rows; this program knows only sectors without " + std::to_string(proof.rowsToDiscard));
    }
    return Error(ErrorCode::Corrupt, path.string() + " does not describe a sector of " + sector::sizeName(proof.sectorSize.value));
}

Expected<void> writeAux(const fs::path& cache, const sector::Commitment& commC, const sector::Commitment& commRLast, const Bytes& temporary) {
    Bytes persistent(commC.begin(), commC.end());
    persistent.insert(persistent.end(), commRLast.begin(), commRLast.end());
    LSW_TRY(writeFile(cache / sector::kPAuxName, persistent));
    return writeFile(cache / sector::kTAuxName, temporary);
}

} // namespace lsw::proofs
