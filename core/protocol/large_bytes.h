// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/spool_folder.h"

namespace lsw::protocol {

/// Bytes of a call that may be tens of megabytes: in memory, or a file of the spool that goes with the last copy.
class LargeBytes {
public:
    LargeBytes() = default;
    LargeBytes(Bytes bytes) : m_bytes(std::move(bytes)) {}                                 // NOLINT: implicit on purpose
    explicit LargeBytes(std::shared_ptr<SpoolFile> file) : m_file(std::move(file)) {}

    /// Null when they are in memory.
    const SpoolFile* file() const { return m_file.get(); }
    const Bytes& inMemory() const { return m_bytes; }
    std::uint64_t size() const { return m_file ? m_file->size() : m_bytes.size(); }

    /// Into memory. Io or Corrupt when the file is not what it was.
    Expected<Bytes> load() const;
    Expected<std::string> text() const;

private:
    template <typename Out>
    Expected<Out> loadAs() const;
    Bytes m_bytes;
    std::shared_ptr<SpoolFile> m_file;
};

/// The strings of one request that went into files; what stands for them in the JSON nobody outside can guess.
class SpooledStrings {
public:
    /// Looked up by GoReader and by readValue(LargeBytes) while this lives, on this thread. Scopes nest.
    class Scope {
    public:
        explicit Scope(const SpooledStrings* strings);
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        const SpooledStrings* m_before;
    };

    SpooledStrings();
    /// The text that stands for the next string.
    std::string nextPlaceholder() const;
    /// Its bytes, or why they are none.
    void add(Expected<LargeBytes> bytes) { m_strings.push_back(std::move(bytes)); }
    bool empty() const { return m_strings.empty(); }

    /// What a string of the current scope stands for; null when it is just a string.
    static const Expected<LargeBytes>* find(std::string_view text);

private:
    std::string m_prefix;
    std::vector<Expected<LargeBytes>> m_strings;
};

} // namespace lsw::protocol
