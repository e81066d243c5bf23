// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/file_digest.h"

#include "base/bytes.h"
#include "base/file.h"

#include <algorithm>
#include <memory>
#include <new>

#include <openssl/evp.h>

namespace lsw::setup {
namespace {

constexpr std::size_t kBlock = 4U << 20;

} // namespace

Expected<std::string> sha256OfFile(const std::filesystem::path& file, const std::stop_token& stop) {
    const auto opened = File::openToRead(file);
    if (!opened) return opened.error();
    opened->willBeReadInOrder();
    const auto size = opened->size();
    if (!size) return size.error();
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    // It fails for want of memory alone.
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
    Bytes block(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, *size)));
    for (std::uint64_t at = 0; at < *size;) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while reading " + file.string());
        const auto part = std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), *size - at)));
        LSW_TRY(opened->readAt(at, part));
        EVP_DigestUpdate(context.get(), part.data(), part.size());
        opened->forget(at, part.size()); // 56 GiB would push everything else out of memory
        at += part.size();
    }
    Bytes32 out{};
    EVP_DigestFinal_ex(context.get(), out.data(), nullptr);
    return toHex(out);
}

} // namespace lsw::setup
