// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "base/file.h"
#include "base/task_context.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace lsw::params {

/// The digest of the manifest: the first 16 bytes of BLAKE2b-512 in hex. (Not BLAKE2b-128, which begins differently.)
class ParameterDigest {
public:
    ParameterDigest();
    ~ParameterDigest();
    ParameterDigest(const ParameterDigest&) = delete;
    ParameterDigest& operator=(const ParameterDigest&) = delete;
    void add(std::span<const std::uint8_t> bytes);
    /// Once, after all bytes: 32 hex digits.
    std::string finish();

private:
    struct Private;
    std::unique_ptr<Private> m_private;
};

/// Of bytes [begin, end) of an open file; `taken` gets them in their order, and how many are done with them. Io; Corrupt when the file ends before;
/// Cancelled.
Expected<std::string> digestOf(const File& file, std::uint64_t begin, std::uint64_t end, std::stop_token stop,
                               const std::function<void(std::uint64_t done, std::span<const std::uint8_t> bytes)>& taken = {});

} // namespace lsw::params
