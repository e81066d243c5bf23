// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/base64_stream.h"
#include "protocol/http_server.h"
#include "protocol/large_bytes.h"

namespace lsw::protocol {

/// Takes a JSON-RPC request of up to 100 MiB with little memory: its long strings are base64, and go decoded into files of the spool
/// while they arrive; the rest stays a text in which something else stands for them.
class RpcIntake final : public BodyIntake {
public:
    explicit RpcIntake(std::shared_ptr<SpoolFolder> folder) : m_folder(std::move(folder)) {}

    Expected<void> feed(std::string_view piece) override;
    Expected<void> finish() override;
    HttpReply refusal(const Error& error) const override;

    /// After finish().
    const std::string& text() const { return m_text; }
    const SpooledStrings& strings() const { return m_strings; }

private:
    void character(char c);
    void unescape(char c);
    Expected<void> endString();
    Expected<void> flush();

    std::shared_ptr<SpoolFolder> m_folder;
    SpooledStrings m_strings;
    std::string m_text;     ///< what is kept
    std::size_t m_start = 0; ///< where the current string begins in it, behind the quote
    bool m_inString = false, m_isSpooled = false;
    std::string m_escape;   ///< "\" and what of an escape has come
    std::string m_pending;  ///< characters of a spooled string that are not decoded yet
    std::optional<SpoolWriter> m_writer;
    Base64Decoder m_decoder;
    std::optional<Error> m_problem; ///< the current string is no base64
    bool m_isNoJson = false;        ///< nor is it a string of JSON
};

} // namespace lsw::protocol
