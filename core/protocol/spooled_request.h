// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/spool_folder.h"

#include <QtCore/QIODevice>

namespace lsw::protocol {

/// A request whose text names files of the spool, as it goes over the wire: each mark becomes the base64 of its file, read while it is sent.
///
/// May be read again from the start, as a repeated POST needs it.
class SpooledRequest final : public QIODevice {
    Q_OBJECT
public:
    /// NotFound or Corrupt when a file is not there as the text says.
    static Expected<std::unique_ptr<SpooledRequest>> open(std::string text, const SpoolFolder& folder);
    ~SpooledRequest() override;

    bool isSequential() const override { return false; }
    qint64 size() const override { return m_size; }

protected:
    qint64 readData(char* to, qint64 room) override;
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    /// A stretch of the request: a part of the text, or a file in base64 with its quotes.
    struct Part {
        qint64 begin = 0, size = 0;
        std::size_t text = 0;
        int descriptor = -1;
        std::uint64_t fileSize = 0;
    };
    SpooledRequest() = default;
    qint64 readFile(const Part& part, qint64 at, char* to, qint64 room);

    std::string m_text;
    std::vector<Part> m_parts;
    qint64 m_size = 0;
    std::string m_encoded; ///< of the stretch that was read last
    qint64 m_encodedAt = -1;
    const Part* m_encodedOf = nullptr;
};

} // namespace lsw::protocol
