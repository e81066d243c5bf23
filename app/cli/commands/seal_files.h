// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"
#include "sector/piece_size.h"

#include <filesystem>
#include <memory>
#include <string_view>
#include <thread>

namespace lsw::cli {

/// The folder that `seal` fills: unsealed, sealed, cache/, pc1.json, c1.json, proof.
class SealFiles {
public:
    explicit SealFiles(const std::filesystem::path& folder);
    /// Makes the folder. What an earlier `seal` left there is replaced; anything else in it ends with AlreadyExists.
    /// The unsealed file is made with its whole size. StorageUnavailable when the folder cannot be written, NoSpace when that file does not fit.
    Expected<void> prepare(sector::PaddedBytes sectorSize) const;
    /// Removes what `seal` made, and the folder when that leaves it empty.
    void discard() const;
    Expected<void> write(std::string_view name, std::string_view content) const;

    const std::filesystem::path folder, unsealed, sealed, cache;
};

/// The bytes to seal, as a descriptor that the prover inherits.
class SealInput {
public:
    SealInput() = default; ///< zeros
    /// A file of at most `size` user bytes, followed by zeros; InvalidArgument when it is larger.
    static Expected<SealInput> userData(const std::filesystem::path& file, sector::UnpaddedBytes size);
    /// A file of exactly one sector; InvalidArgument otherwise.
    static Expected<SealInput> padded(const std::filesystem::path& file, sector::PaddedBytes size);
    SealInput(SealInput&& other) noexcept;
    ~SealInput();

    /// −1 for zeros.
    int descriptor() const { return m_descriptor; }
    /// Ends the input; the failure of reading the file, if there was one.
    Expected<void> finish();

private:
    int m_descriptor = -1;
    std::shared_ptr<Expected<void>> m_outcome;
    std::thread m_feeder; ///< writes file and zeros into a pipe
};

} // namespace lsw::cli
