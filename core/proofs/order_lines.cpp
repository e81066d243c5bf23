// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/order_lines.h"

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>

#include <boost/json.hpp>

#include "proofs/order_json.h"

namespace lsw::proofs {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, std::variant_size_v<Order>> kOrderNames{
    "add_piece",     "piece_commitment", "pc1",                "pc1_batch",     "pc2",           "synthetic_proofs", "c1",           "c2",
    "verify_seal",   "clear_cache",      "unseal",             "replica_update", "decode_update", "regenerate_key", "regenerate_replica", "prove_update1",
    "prove_update2", "verify_update",    "vanilla_post",       "winning_post",  "window_post",   "verify_post",      "test_parameters"};

template <std::size_t I = 0>
Order emptyOrder(std::size_t index) {
    if constexpr (I + 1 < std::variant_size_v<Order>) {
        if (index != I) return emptyOrder<I + 1>(index);
    }
    return Order(std::in_place_index<I>);
}

Expected<json::object> parseObject(std::string_view line) {
    json::parse_options options;
    options.allow_invalid_utf8 = true; // paths are bytes
    json::error_code failed;
    json::value value = json::parse(json::string_view(line.data(), line.size()), failed, {}, options);
    if (failed) return Error(ErrorCode::Corrupt, "not JSON: " + failed.message());
    if (!value.is_object()) return Error(ErrorCode::Corrupt, "not a JSON object");
    return std::move(value.get_object());
}

ErrorCode errorCodeFromName(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
        if (errorCodeName(static_cast<ErrorCode>(i)) == name) return static_cast<ErrorCode>(i);
    }
    return ErrorCode::Internal;
}

template <typename T>
Expected<T> readObject(const json::value& value, std::string_view where, const std::filesystem::path& scratch) {
    T out{};
    if (!value.is_object()) return Error(ErrorCode::Corrupt, "the field '" + std::string(where) + "' is no object");
    OrderReader reader(value.get_object(), std::string(where), scratch);
    walk(reader, out);
    LSW_TRY(reader.finish());
    return out;
}

/// Which alternative of OrderResult an order gives.
std::size_t resultIndex(const Order& order) {
    return std::visit(
        []<typename T>(const T&) -> std::size_t {
            constexpr auto isOneOf = []<typename... Ts>(std::variant<Ts...>*) { return (std::is_same_v<T, Ts> || ...); };
            using Pieces = std::variant<AddPieceOrder, PieceCommitmentOrder>;
            using Texts = std::variant<PreCommit1Order, Commit1Order>;
            using Commitments = std::variant<PreCommit2Order, ReplicaUpdateOrder>;
            using Proofs = std::variant<Commit2Order, ProveUpdate2Order, VanillaPostOrder, WinningPostOrder, WindowPostOrder>;
            using Verdicts = std::variant<VerifySealOrder, VerifyUpdateOrder, VerifyPostOrder>;
            if constexpr (isOneOf(static_cast<Pieces*>(nullptr))) return 1;
            else if constexpr (isOneOf(static_cast<Texts*>(nullptr))) return 2;
            else if constexpr (isOneOf(static_cast<Commitments*>(nullptr))) return 3;
            else if constexpr (isOneOf(static_cast<Proofs*>(nullptr))) return 4;
            else if constexpr (isOneOf(static_cast<Verdicts*>(nullptr))) return 5;
            else if constexpr (std::is_same_v<T, ProveUpdate1Order>) return 6;
            else return 0;
        },
        order);
}

constexpr std::size_t kTextResult = 2; ///< what each member of a batch gives

Expected<OrderResult> readResult(const json::value& value, const OrderLine& order, bool isOfMember) {
    const auto wrong = [](const char* how) { return Error(ErrorCode::Corrupt, std::string("the field 'result' ") + how); };
    const std::size_t kind = isOfMember ? kTextResult : resultIndex(order.order);
    switch (kind) {
    case 0:
        if (!value.is_null()) return wrong("is not null");
        return OrderResult();
    case 1: {
        auto piece = readObject<PieceInfo>(value, "result", order.scratch);
        if (!piece) return std::move(piece).error();
        return OrderResult(*piece);
    }
    case 3: {
        auto commitments = readObject<PreCommit2Result>(value, "result", order.scratch);
        if (!commitments) return std::move(commitments).error();
        return OrderResult(*commitments);
    }
    case 5:
        if (!value.is_bool()) return wrong("is neither true nor false");
        return OrderResult(value.get_bool());
    default: break;
    }
    if (!value.is_object()) return wrong("is no object");
    OrderReader reader(value.get_object(), "result", order.scratch);
    std::string text;
    Bytes proof;
    std::vector<Bytes> proofs;
    if (kind == kTextResult) reader("text", bulk(text));
    else if (kind == 4) reader("proof", proof);
    else reader("proofs", bulk(proofs));
    LSW_TRY(reader.finish());
    if (kind == kTextResult) return OrderResult(std::move(text));
    if (kind == 4) return OrderResult(std::move(proof));
    return OrderResult(std::move(proofs));
}

std::string lineOf(json::object object, std::optional<std::uint64_t> of) {
    if (of) object["of"] = *of;
    return json::serialize(object);
}

} // namespace

std::string_view orderName(const Order& order) { return kOrderNames[order.index()]; }

Expected<std::string> encodeOrder(const OrderLine& line) {
    OrderWriter writer(line.scratch);
    writer.object()["order"] = orderName(line.order);
    writer.object()["engine"] = line.engine;
    writer.object()["bulk_folder"] = line.scratch.native();
    std::visit([&](const auto& order) { walk(writer, order); }, line.order);
    if (writer.error()) return std::move(*writer.error());
    return json::serialize(writer.object());
}

Expected<OrderLine> decodeOrder(std::string_view line) {
    const auto object = parseObject(line);
    if (!object) return Error(object.error()).whileDoing("reading an order");
    OrderLine out;
    std::string name;
    OrderReader reader(*object, {}, out.scratch);
    reader("order", name);
    reader("engine", out.engine);
    reader("bulk_folder", out.scratch);
    const auto known = std::find(kOrderNames.begin(), kOrderNames.end(), name);
    if (known == kOrderNames.end()) {
        if (!object->contains("order")) return Error(ErrorCode::Corrupt, "the field 'order' is missing").whileDoing("reading an order");
        return Error(ErrorCode::Unsupported, "this prover knows no order '" + name + "'");
    }
    out.order = emptyOrder(static_cast<std::size_t>(known - kOrderNames.begin()));
    std::visit([&](auto& order) { walk(reader, order); }, out.order);
    if (auto done = reader.finish(); !done) return std::move(done).error().whileDoing("reading the order '" + name + "'");
    return out;
}

std::string encodeProgress(const Progress& progress, std::optional<std::uint64_t> of) {
    const std::filesystem::path none;
    OrderWriter writer(none);
    walk(writer, progress);
    return lineOf({{"progress", std::move(writer.object())}}, of);
}

Expected<std::string> encodeResult(const OrderResult& result, const std::filesystem::path& scratch, std::uint64_t peakMemory, std::optional<std::uint64_t> of) {
    json::value value;
    std::optional<Error> failed;
    std::visit(
        [&]<typename T>(const T& v) {
            if constexpr (std::is_same_v<T, bool>) value = v;
            else if constexpr (!std::is_same_v<T, std::monostate>) {
                OrderWriter writer(scratch);
                if constexpr (std::is_same_v<T, std::string>) writer("text", bulk(v));
                else if constexpr (std::is_same_v<T, Bytes>) writer("proof", v);
                else if constexpr (std::is_same_v<T, std::vector<Bytes>>) writer("proofs", bulk(v));
                else walk(writer, v);
                failed = std::move(writer.error());
                value = std::move(writer.object());
            }
        },
        result);
    if (failed) return std::move(*failed);
    return lineOf({{"result", std::move(value)}, {"peak_memory", peakMemory}}, of);
}

std::string encodeError(const Error& error, std::uint64_t peakMemory, std::optional<std::uint64_t> of) {
    return lineOf({{"error", {{"code", errorCodeName(error.code())}, {"message", error.message()}}}, {"peak_memory", peakMemory}}, of);
}

std::string encodeDrop(std::uint64_t member) { return json::serialize(json::object{{"drop", member}}); }

Expected<std::uint64_t> decodeDrop(std::string_view line) {
    const auto object = parseObject(line);
    if (!object) return object.error();
    const std::filesystem::path none;
    OrderReader reader(*object, {}, none);
    std::uint64_t member = 0;
    reader("drop", member);
    LSW_TRY(reader.finish());
    return member;
}

Expected<AnswerLine> decodeAnswer(std::string_view line, const OrderLine& order) {
    const auto object = parseObject(line);
    if (!object) return Error(object.error());
    OrderReader reader(*object, {}, order.scratch);
    AnswerLine out;
    const json::value* progress = reader.optional("progress");
    const json::value* result = reader.optional("result");
    const json::value* error = reader.optional("error");
    if ((progress != nullptr) + (result != nullptr) + (error != nullptr) != 1)
        return Error(ErrorCode::Corrupt, "it has not exactly one of the fields 'progress', 'result' and 'error'");
    if (!progress && object->contains("peak_memory")) reader("peak_memory", out.peakMemory);
    if (object->contains("of")) reader("of", out.of.emplace());
    LSW_TRY(reader.finish());
    if (out.of) {
        const auto* batch = std::get_if<PreCommit1BatchOrder>(&order.order);
        if (!batch || *out.of >= batch->orders.size()) return Error(ErrorCode::Corrupt, "the field 'of' names no member of the order");
    }
    if (progress) {
        auto read = readObject<Progress>(*progress, "progress", order.scratch);
        if (!read) return std::move(read).error();
        out.content = std::move(*read);
    } else if (result) {
        auto read = readResult(*result, order, out.of.has_value());
        if (!read) return std::move(read).error();
        out.content = std::move(*read);
    } else {
        if (!error->is_object()) return Error(ErrorCode::Corrupt, "the field 'error' is no object");
        OrderReader fields(error->get_object(), "error", order.scratch);
        std::string code, message;
        fields("code", code);
        fields("message", message);
        LSW_TRY(fields.finish());
        out.content = Error(errorCodeFromName(code), std::move(message));
    }
    return out;
}

} // namespace lsw::proofs
