// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/large_bytes.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <random>

#include <fcntl.h>
#include <unistd.h>

namespace lsw::protocol {

namespace {

thread_local const SpooledStrings* t_current = nullptr;

} // namespace

template <typename Out>
Expected<Out> LargeBytes::loadAs() const {
    if (!m_file) return Out(m_bytes.begin(), m_bytes.end());
    const std::string path = m_file->path().string();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return Error(ErrorCode::Io, "opening " + path + ": " + std::strerror(errno));
    Out out;
    out.resize(m_file->size());
    std::size_t at = 0;
    ssize_t got = 0;
    while (at < out.size()) {
        got = ::read(descriptor, out.data() + at, out.size() - at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        at += static_cast<std::size_t>(got);
    }
    const int why = errno;
    ::close(descriptor);
    if (got < 0) return Error(ErrorCode::Io, "reading " + path + ": " + std::strerror(why));
    if (at < out.size()) return Error(ErrorCode::Corrupt, path + " is shorter than it was");
    return out;
}

Expected<Bytes> LargeBytes::load() const { return loadAs<Bytes>(); }
Expected<std::string> LargeBytes::text() const { return loadAs<std::string>(); }

SpooledStrings::Scope::Scope(const SpooledStrings* strings) : m_before(std::exchange(t_current, strings)) {}
SpooledStrings::Scope::~Scope() { t_current = m_before; }

SpooledStrings::SpooledStrings() {
    std::random_device random;
    Bytes secret(16);
    for (std::uint8_t& byte : secret) byte = static_cast<std::uint8_t>(random());
    m_prefix = "spooled " + toHex(secret) + ' ';
}

std::string SpooledStrings::nextPlaceholder() const { return m_prefix + std::to_string(m_strings.size()); }

const Expected<LargeBytes>* SpooledStrings::find(std::string_view text) {
    if (!t_current || !text.starts_with(t_current->m_prefix)) return nullptr;
    std::size_t number = 0;
    const char* digits = text.data() + t_current->m_prefix.size();
    const auto [stop, error] = std::from_chars(digits, text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size() || number >= t_current->m_strings.size()) return nullptr;
    return &t_current->m_strings[number];
}

} // namespace lsw::protocol
