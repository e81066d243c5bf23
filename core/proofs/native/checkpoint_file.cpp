// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/native/checkpoint_file.h"

#include "base/file.h"
#include "proofs/sector_folder.h"

#include <sstream>
#include <string_view>

#include <openssl/evp.h>

namespace lsw::proofs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFirstLine = "lotus-seal-worker checkpoint 1";
constexpr std::string_view kOwner = "of ", kDigest = "sha256 ";
constexpr std::uint64_t kMostBytes = 64U << 10;

std::string digestLine(std::string_view text) {
    Bytes32 digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return std::string(kDigest) + toHex(digest) + '\n';
}

/// Everything before the digest.
std::string bodyOf(const CheckpointFile& checkpoint) {
    std::string out = std::string(kFirstLine) + '\n' + std::string(kOwner) + toHex(checkpoint.owner) + '\n';
    for (const std::string& line : checkpoint.lines) out += line + '\n';
    return out;
}

} // namespace

std::optional<CheckpointFile> CheckpointFile::read(const fs::path& path, const Bytes32& owner) {
    const auto file = File::openToRead(path);
    if (!file) return std::nullopt;
    const auto size = file->size();
    if (!size || *size > kMostBytes) return std::nullopt;
    std::string text(static_cast<std::size_t>(*size), '\0');
    if (!file->readAt(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()})) return std::nullopt;
    const auto digest = text.rfind(std::string("\n") + std::string(kDigest));
    if (digest == std::string::npos) return std::nullopt;
    CheckpointFile out{owner, {}};
    std::istringstream lines(text.substr(0, digest + 1));
    std::string line;
    std::getline(lines, line); // the first line and the owner are compared below, with all the rest
    std::getline(lines, line);
    while (std::getline(lines, line)) out.lines.push_back(line);
    const std::string body = bodyOf(out);
    if (body + digestLine(body) != text) return std::nullopt;
    return out;
}

Expected<void> CheckpointFile::write(const fs::path& path) const {
    const fs::path fresh = path.string() + ".new";
    {
        auto file = File::create(fresh);
        if (!file) return std::move(file).error();
        const std::string body = bodyOf(*this), text = body + digestLine(body);
        LSW_TRY(file->writeAt(0, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
        LSW_TRY(file->sync());
    }
    std::error_code failed;
    fs::rename(fresh, path, failed);
    if (failed) return errnoError(failed.value(), "cannot name the checkpoint " + path.string());
    return syncFile(path.parent_path());
}

Expected<void> CheckpointFile::remove(const fs::path& path) {
    std::error_code failed;
    fs::remove(path, failed);
    if (failed) return errnoError(failed.value(), "cannot remove the checkpoint " + path.string());
    return syncFile(path.parent_path());
}

} // namespace lsw::proofs
