// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/prover_orders.h"

#include <optional>
#include <string_view>

/// The lines between a worker and its prover child: one order line down, progress lines and one answer line up; the next order may follow
/// then, until the worker closes the child's standard input.
/// Of a batch each member has progress and answer lines of its own, which say of which one they are ("of", counted from 0); the answer of the order itself
/// follows when all have theirs. Meanwhile the worker may send drop lines: that member is to end, the others go on.
/// Each is one JSON object without line breaks; fields are named like the members of the structs, in snake_case; 32 bytes are
/// lower-case hex. Texts and lists of proofs over kInlineLimit travel as {"file":path} in the scratch folder of the order. Paths are
/// bytes: they need not be UTF-8.
namespace lsw::proofs {

/// Longer texts, and lists of proofs with more bytes, go through a file.
inline constexpr std::size_t kInlineLimit = 1U << 20;
/// A line that is longer is no line of ours.
inline constexpr std::size_t kLineLimit = 64U << 20;

/// An order and what the child needs to know besides.
struct OrderLine {
    Order order;
    std::filesystem::path scratch;   ///< an existing folder for bulk in both directions; may be empty when there is none
    std::string engine = "official"; ///< which engine computes
};

/// "add_piece", "pc1", "c2", …: the value of "order".
std::string_view orderName(const Order& order);

/// The line, without its end. Writes bulk into the scratch folder (mode 0600); Io/NoSpace when that fails.
Expected<std::string> encodeOrder(const OrderLine& line);
/// Corrupt names the field that is missing, unknown or of another kind. Bulk files are read (and stay).
Expected<OrderLine> decodeOrder(std::string_view line);

/// What an order gives: nothing, a piece, the JSON text of PC1 or C1, commitments, a proof, a verdict, or vanilla proofs.
using OrderResult = std::variant<std::monostate, PieceInfo, std::string, PreCommit2Result, Bytes, bool, std::vector<Bytes>>;

/// One line of the child.
struct AnswerLine {
    std::variant<Progress, OrderResult, Error> content;
    std::optional<std::uint64_t> of; ///< which member of a batch
    std::uint64_t peakMemory = 0; ///< of the child in bytes, with a result or an error; 0 when it is not known
    bool isProgress() const { return content.index() == 0; }
};

std::string encodeProgress(const Progress& progress, std::optional<std::uint64_t> of = {});
Expected<std::string> encodeResult(const OrderResult& result, const std::filesystem::path& scratch, std::uint64_t peakMemory, std::optional<std::uint64_t> of = {});
std::string encodeError(const Error& error, std::uint64_t peakMemory, std::optional<std::uint64_t> of = {});
/// The line with which a member of the batch that is being computed is dropped, and what it says; Corrupt for another line.
std::string encodeDrop(std::uint64_t member);
Expected<std::uint64_t> decodeDrop(std::string_view line);

/// Reads a line of the child that has got `order`. Corrupt names what is wrong: also a result that is none of that order, and a file
/// outside its scratch folder.
Expected<AnswerLine> decodeAnswer(std::string_view line, const OrderLine& order);

} // namespace lsw::proofs
