// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/spooled_request.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lsw::protocol {

namespace {

constexpr std::uint64_t kBlock = 3 * 65536; ///< raw bytes that are encoded at once

} // namespace

Expected<std::unique_ptr<SpooledRequest>> SpooledRequest::open(std::string text, const SpoolFolder& folder) {
    std::unique_ptr<SpooledRequest> out(new SpooledRequest);
    out->m_text = std::move(text);
    const auto add = [&](Part part) {
        part.begin = out->m_size;
        out->m_size += part.size;
        out->m_parts.push_back(part);
    };
    std::size_t at = 0;
    for (const SpoolMark& mark : spoolMarks(out->m_text)) {
        add({0, static_cast<qint64>(mark.begin - at), at, -1, 0});
        at = mark.end;
        const std::string path = folder.pathOf(mark.name).string();
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0) return Error(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, "opening the result " + path + ": " + std::strerror(errno));
        add({0, static_cast<qint64>((mark.size + 2) / 3 * 4 + 2), 0, descriptor, mark.size});
        struct stat status {};
        if (::fstat(descriptor, &status) != 0 || static_cast<std::uint64_t>(status.st_size) != mark.size)
            return Error(ErrorCode::Corrupt, "the result " + path + " has not the size that was noted");
    }
    add({0, static_cast<qint64>(out->m_text.size() - at), at, -1, 0});
    out->QIODevice::open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    return out;
}

SpooledRequest::~SpooledRequest() {
    for (const Part& part : m_parts)
        if (part.descriptor >= 0) ::close(part.descriptor);
}

qint64 SpooledRequest::readData(char* to, qint64 room) {
    qint64 done = 0;
    while (done < room && pos() + done < m_size) {
        const qint64 at = pos() + done;
        const auto part = std::find_if(m_parts.begin(), m_parts.end(), [at](const Part& one) { return at >= one.begin && at < one.begin + one.size; });
        const qint64 wanted = std::min(room - done, part->begin + part->size - at);
        qint64 got = wanted;
        if (part->descriptor < 0) std::memcpy(to + done, m_text.data() + part->text + (at - part->begin), static_cast<std::size_t>(wanted));
        else got = readFile(*part, at - part->begin, to + done, wanted);
        if (got < 0) return -1;
        done += got;
    }
    return done == 0 && room > 0 ? -1 : done;
}

qint64 SpooledRequest::readFile(const Part& part, qint64 at, char* to, qint64 room) {
    if (at == 0 || at == part.size - 1) {
        *to = '"';
        return 1;
    }
    const auto digit = static_cast<std::uint64_t>(at - 1);
    const std::uint64_t raw = digit / 4 * 3 / kBlock * kBlock;
    const auto blockBegin = static_cast<qint64>(raw / 3 * 4);
    if (m_encodedOf != &part || m_encodedAt != blockBegin) {
        Bytes block(std::min(kBlock, part.fileSize - raw));
        std::size_t have = 0;
        while (have < block.size()) {
            const ssize_t got = ::pread(part.descriptor, block.data() + have, block.size() - have, static_cast<off_t>(raw + have));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) {
                setErrorString(QStringLiteral("a result cannot be read: %1").arg(got < 0 ? QString::fromUtf8(std::strerror(errno)) : QStringLiteral("it is too short")));
                return -1;
            }
            have += static_cast<std::size_t>(got);
        }
        m_encoded = toBase64(block);
        m_encodedAt = blockBegin;
        m_encodedOf = &part;
    }
    const qint64 offset = static_cast<qint64>(digit) - blockBegin;
    const qint64 size = std::min(room, static_cast<qint64>(m_encoded.size()) - offset);
    std::memcpy(to, m_encoded.data() + offset, static_cast<std::size_t>(size));
    return size;
}

} // namespace lsw::protocol
