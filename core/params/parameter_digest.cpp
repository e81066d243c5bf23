// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/parameter_digest.h"

#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <new>

#include <openssl/evp.h>

namespace lsw::params {
namespace {

constexpr std::size_t kBlock = 1U << 20, kDigestBytes = 16;

} // namespace

struct ParameterDigest::Private {
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

ParameterDigest::ParameterDigest() : m_private(std::make_unique<Private>()) {
    // It fails for want of memory alone.
    if (!m_private->context || EVP_DigestInit_ex(m_private->context.get(), EVP_blake2b512(), nullptr) != 1) throw std::bad_alloc();
}
ParameterDigest::~ParameterDigest() = default;

void ParameterDigest::add(std::span<const std::uint8_t> bytes) { EVP_DigestUpdate(m_private->context.get(), bytes.data(), bytes.size()); }

std::string ParameterDigest::finish() {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> whole{};
    EVP_DigestFinal_ex(m_private->context.get(), whole.data(), nullptr);
    return toHex(std::span(whole).first(kDigestBytes));
}

Expected<std::string> digestOf(const File& file, std::uint64_t begin, std::uint64_t end, std::stop_token stop,
                               const std::function<void(std::uint64_t, std::span<const std::uint8_t>)>& taken) {
    ParameterDigest digest;
    Bytes block(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, end - begin)));
    for (std::uint64_t at = begin; at < end;) {
        if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped while checking " + file.path().string());
        const auto part = std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), end - at)));
        LSW_TRY(file.readAt(at, part));
        digest.add(part);
        at += part.size();
        if (taken) taken(at - begin, part);
    }
    return digest.finish();
}

} // namespace lsw::params
