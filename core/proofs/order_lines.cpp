// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/order_lines.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <type_traits>
#include <unistd.h>

#include <boost/json.hpp>

namespace lsw::proofs {
namespace {

namespace json = boost::json;

// ---- bulk texts -----------------------------------------------------------------------------------------------------

class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() { if (m_fd >= 0) ::close(m_fd); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }

private:
    int m_fd;
};

Expected<std::filesystem::path> writeBulk(std::string_view text, const std::filesystem::path& scratch) {
    if (scratch.empty())
        return Error(ErrorCode::Internal, "a text of " + std::to_string(text.size()) + " bytes needs a scratch folder, and there is none");
    std::string name = (scratch / "bulk-XXXXXX").string();
    const Descriptor fd(::mkostemp(name.data(), O_CLOEXEC)); // mode 0600
    if (fd.get() < 0) return errnoError(errno, "creating a file in " + scratch.string());
    while (!text.empty()) {
        const ssize_t n = ::write(fd.get(), text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            const int failed = errno;
            ::unlink(name.c_str());
            return errnoError(failed, "writing " + name);
        }
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return std::filesystem::path(name);
}

Expected<std::string> readBulk(const std::filesystem::path& file, const std::filesystem::path& scratch) {
    if (scratch.empty() || file.parent_path() != scratch || file.filename() == ".." || file.filename() == ".")
        return Error(ErrorCode::Corrupt, "the file " + file.string() + " is not in the scratch folder " + scratch.string());
    const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (fd.get() < 0) return errnoError(errno, "opening " + file.string());
    std::string out;
    std::array<char, 65536> block;
    for (;;) {
        const ssize_t n = ::read(fd.get(), block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errnoError(errno, "reading " + file.string());
        if (n == 0) return out;
        out.append(block.data(), static_cast<std::size_t>(n));
    }
}

// ---- fields: one list for each struct, walked by the writer and by the reader ----------------------------------------

/// A text that may be bulk.
template <typename Text>
struct Bulk {
    Text& text;
};
template <typename Text>
Bulk<Text> bulk(Text& text) { return {text}; }

template <typename V, typename O>
void walk(V& v, O& o) {
    using T = std::remove_const_t<O>;
    if constexpr (std::is_same_v<T, SectorId>) {
        v("miner", o.miner);
        v("number", o.number);
    } else if constexpr (std::is_same_v<T, PieceInfo>) {
        v("size", o.size.value);
        v("commitment", o.commitment);
    } else if constexpr (std::is_same_v<T, AddPieceOrder>) {
        v("proof", o.proof);
        v("unsealed", o.unsealed);
        v("offset", o.offset.value);
        v("size", o.size.value);
        v("source", o.source);
    } else if constexpr (std::is_same_v<T, PieceCommitmentOrder>) {
        v("size", o.size.value);
        v("source", o.source);
    } else if constexpr (std::is_same_v<T, PreCommit1Order>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        v("pieces", o.pieces);
        v("unsealed", o.unsealed);
        v("sealed", o.sealed);
        v("cache", o.cache);
    } else if constexpr (std::is_same_v<T, PreCommit2Order>) {
        v("phase1_output", bulk(o.phase1Output));
        v("sealed", o.sealed);
        v("cache", o.cache);
    } else if constexpr (std::is_same_v<T, PreCommit2Result>) {
        v("comm_r", o.commR);
        v("comm_d", o.commD);
    } else if constexpr (std::is_same_v<T, SyntheticProofsOrder> || std::is_same_v<T, Commit1Order>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        if constexpr (std::is_same_v<T, Commit1Order>) v("seed", o.seed);
        v("pieces", o.pieces);
        v("comm_r", o.commR);
        v("comm_d", o.commD);
        v("sealed", o.sealed);
        v("cache", o.cache);
    } else if constexpr (std::is_same_v<T, Commit2Order>) {
        v("commit1_output", bulk(o.commit1Output));
        v("sector", o.sector);
    } else if constexpr (std::is_same_v<T, VerifySealOrder>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        v("seed", o.seed);
        v("comm_r", o.commR);
        v("comm_d", o.commD);
        v("proof_bytes", o.proofBytes);
    } else if constexpr (std::is_same_v<T, ClearCacheOrder>) {
        v("cache", o.cache);
        v("synthetic_only", o.syntheticOnly);
    } else if constexpr (std::is_same_v<T, UnsealOrder>) {
        v("proof", o.proof);
        v("sector", o.sector);
        v("ticket", o.ticket);
        v("comm_d", o.commD);
        v("sealed", o.sealed);
        v("cache", o.cache);
        v("scratch", o.scratch);
        v("output", o.output);
        v("padded", o.padded);
        v("offset", o.offset.value);
        v("size", o.size.value);
    } else if constexpr (std::is_same_v<T, Progress>) {
        v("phase", o.phase);
        v("step", o.step);
        v("done", o.done);
        v("total", o.total);
        v("unit", o.unit);
    } else {
        static_assert(std::is_same_v<T, TestParametersOrder>, "a struct without its list of fields");
        v("sector_size", o.sectorSize.value);
    }
}

/// Builds an object; keeps the first failure (only bulk can fail).
class Writer {
public:
    explicit Writer(const std::filesystem::path& scratch) : m_scratch(scratch) {}

    void operator()(std::string_view name, std::uint64_t v) { m_object[name] = v; }
    void operator()(std::string_view name, bool v) { m_object[name] = v; }
    void operator()(std::string_view name, SealProof v) { m_object[name] = static_cast<std::int64_t>(v); }
    void operator()(std::string_view name, const std::string& v) { m_object[name] = v; }
    void operator()(std::string_view name, const std::filesystem::path& v) { m_object[name] = v.native(); }
    void operator()(std::string_view name, const Bytes32& v) { m_object[name] = toHex(v); }
    void operator()(std::string_view name, const Bytes& v) { m_object[name] = toHex(v); }
    void operator()(std::string_view name, const PieceSource& v) {
        m_object[name] = v.isZeros() ? json::object{{"zeros", true}} : json::object{{"fd", v.descriptor}, {"padded", v.isPadded}};
    }
    void operator()(std::string_view name, const SectorId& v) { m_object[name] = nested(v); }
    void operator()(std::string_view name, const std::vector<PieceInfo>& v) {
        json::array list;
        for (const PieceInfo& piece : v) list.push_back(nested(piece));
        m_object[name] = std::move(list);
    }
    void operator()(std::string_view name, Bulk<const std::string> v) {
        if (v.text.size() <= kInlineLimit) {
            m_object[name] = v.text;
            return;
        }
        auto file = writeBulk(v.text, m_scratch);
        if (file) m_object[name] = json::object{{"file", file->native()}};
        else if (!m_error) m_error = std::move(file).error().whileDoing("handing over '" + std::string(name) + "'");
    }

    json::object& object() { return m_object; }
    std::optional<Error>& error() { return m_error; }

private:
    template <typename T>
    json::object nested(const T& v) const {
        Writer inner(m_scratch);
        walk(inner, v);
        return std::move(inner.m_object);
    }

    const std::filesystem::path& m_scratch;
    json::object m_object;
    std::optional<Error> m_error;
};

/// Takes an object apart; keeps the first failure. finish() refuses what nobody asked for.
class Reader {
public:
    Reader(const json::object& object, std::string where, const std::filesystem::path& scratch)
        : m_object(object), m_where(std::move(where)), m_scratch(scratch) {}

    void operator()(std::string_view name, std::uint64_t& v) {
        const json::value* field = take(name);
        if (!field) return;
        if (field->is_uint64()) v = field->get_uint64();
        else if (field->is_int64() && field->get_int64() >= 0) v = static_cast<std::uint64_t>(field->get_int64());
        else wrong(name, "is no unsigned number");
    }
    void operator()(std::string_view name, bool& v) {
        const json::value* field = take(name);
        if (!field) return;
        if (field->is_bool()) v = field->get_bool();
        else wrong(name, "is neither true nor false");
    }
    void operator()(std::string_view name, SealProof& v) {
        std::uint64_t number = 0;
        (*this)(name, number);
        v = static_cast<SealProof>(number);
    }
    void operator()(std::string_view name, std::string& v) {
        if (const json::string* s = text(name)) v.assign(s->data(), s->size());
    }
    void operator()(std::string_view name, std::filesystem::path& v) {
        if (const json::string* s = text(name)) v = std::string(s->data(), s->size());
    }
    void operator()(std::string_view name, Bytes32& v) {
        const json::string* s = text(name);
        if (!s) return;
        auto bytes = fromHex(*s);
        if (bytes && bytes->size() == v.size()) std::copy(bytes->begin(), bytes->end(), v.begin());
        else wrong(name, "is not 64 hex digits");
    }
    void operator()(std::string_view name, Bytes& v) {
        const json::string* s = text(name);
        if (!s) return;
        auto bytes = fromHex(*s);
        if (bytes) v = std::move(*bytes);
        else wrong(name, "is no hex text");
    }
    void operator()(std::string_view name, PieceSource& v) {
        const json::value* field = take(name);
        if (!field) return;
        if (!field->is_object()) return wrong(name, "is no object");
        Reader inner(field->get_object(), path(name), m_scratch);
        if (field->get_object().contains("zeros")) {
            bool zeros = false;
            inner("zeros", zeros);
            if (!zeros) inner.wrong("zeros", "is not true");
        } else {
            std::uint64_t fd = 0;
            inner("fd", fd);
            inner("padded", v.isPadded);
            if (fd > 1U << 20) inner.wrong("fd", "is no descriptor");
            v.descriptor = static_cast<int>(fd & 0xfffffU);
        }
        if (auto done = inner.finish(); !done && !m_error) m_error = std::move(done).error();
    }
    void operator()(std::string_view name, SectorId& v) {
        if (const json::value* field = take(name)) nested(name, *field, v);
    }
    void operator()(std::string_view name, std::vector<PieceInfo>& v) {
        const json::value* field = take(name);
        if (!field) return;
        const json::array* list = field->if_array();
        if (!list) return wrong(name, "is no list");
        for (std::size_t i = 0; i < list->size(); ++i) {
            PieceInfo piece;
            nested(std::string(name) + '[' + std::to_string(i) + ']', (*list)[i], piece);
            v.push_back(piece);
        }
    }
    void operator()(std::string_view name, Bulk<std::string> v) {
        const json::value* field = take(name);
        if (!field) return;
        if (const json::string* s = field->if_string()) return v.text.assign(s->data(), s->size()), void();
        const json::object* reference = field->if_object();
        const json::value* file = reference && reference->size() == 1 ? reference->if_contains("file") : nullptr;
        if (!file || !file->is_string()) return wrong(name, "is neither a text nor {\"file\":path}");
        auto read = readBulk(std::string(file->get_string().c_str(), file->get_string().size()), m_scratch);
        if (read) v.text = std::move(*read);
        else if (!m_error) m_error = std::move(read).error().whileDoing("reading '" + path(name) + "'");
    }

    /// A field that is handled outside; null when it is missing and may be.
    const json::value* optional(std::string_view name) {
        m_asked.emplace(name);
        return m_object.if_contains(name);
    }

    Expected<void> finish() {
        for (const auto& member : m_object) {
            if (!m_error && !m_asked.contains(std::string(member.key()))) wrong(member.key(), "is unknown");
        }
        if (m_error) return std::move(*m_error);
        return {};
    }

private:
    std::string path(std::string_view name) const { return m_where.empty() ? std::string(name) : m_where + '.' + std::string(name); }
    void wrong(std::string_view name, const std::string& how) {
        if (!m_error) m_error = Error(ErrorCode::Corrupt, "the field '" + path(name) + "' " + how);
    }
    const json::value* take(std::string_view name) {
        const json::value* field = optional(name);
        if (!field) wrong(name, "is missing");
        return field;
    }
    const json::string* text(std::string_view name) {
        const json::value* field = take(name);
        if (field && !field->is_string()) wrong(name, "is no text");
        return field ? field->if_string() : nullptr;
    }
    template <typename T>
    void nested(std::string_view name, const json::value& value, T& v) {
        if (!value.is_object()) return wrong(name, "is no object");
        Reader inner(value.get_object(), path(name), m_scratch);
        walk(inner, v);
        if (auto done = inner.finish(); !done && !m_error) m_error = std::move(done).error();
    }

    const json::object& m_object;
    std::string m_where;
    const std::filesystem::path& m_scratch;
    std::set<std::string> m_asked;
    std::optional<Error> m_error;
};

// ---- lines ----------------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, std::variant_size_v<Order>> kOrderNames{
    "add_piece", "piece_commitment", "pc1",         "pc2",    "synthetic_proofs", "c1",
    "c2",        "verify_seal",      "clear_cache", "unseal", "test_parameters"};

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
    Reader reader(value.get_object(), std::string(where), scratch);
    walk(reader, out);
    LSW_TRY(reader.finish());
    return out;
}

/// Which alternative of OrderResult an order gives.
std::size_t resultIndex(const Order& order) {
    return std::visit(
        []<typename T>(const T&) -> std::size_t {
            if constexpr (std::is_same_v<T, AddPieceOrder> || std::is_same_v<T, PieceCommitmentOrder>) return 1;
            else if constexpr (std::is_same_v<T, PreCommit1Order> || std::is_same_v<T, Commit1Order>) return 2;
            else if constexpr (std::is_same_v<T, PreCommit2Order>) return 3;
            else if constexpr (std::is_same_v<T, Commit2Order>) return 4;
            else if constexpr (std::is_same_v<T, VerifySealOrder>) return 5;
            else return 0;
        },
        order);
}

Expected<OrderResult> readResult(const json::value& value, const OrderLine& order) {
    const auto wrong = [](const char* how) { return Error(ErrorCode::Corrupt, std::string("the field 'result' ") + how); };
    switch (resultIndex(order.order)) {
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
    const bool isText = resultIndex(order.order) == 2;
    if (!value.is_object()) return wrong("is no object");
    Reader reader(value.get_object(), "result", order.scratch);
    std::string text;
    Bytes proof;
    if (isText) reader("text", bulk(text));
    else reader("proof", proof);
    LSW_TRY(reader.finish());
    if (isText) return OrderResult(std::move(text));
    return OrderResult(std::move(proof));
}

} // namespace

std::string_view orderName(const Order& order) { return kOrderNames[order.index()]; }

Expected<std::string> encodeOrder(const OrderLine& line) {
    Writer writer(line.scratch);
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
    Reader reader(*object, {}, out.scratch);
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

std::string encodeProgress(const Progress& progress) {
    const std::filesystem::path none;
    Writer writer(none);
    walk(writer, progress);
    return json::serialize(json::object{{"progress", std::move(writer.object())}});
}

Expected<std::string> encodeResult(const OrderResult& result, const std::filesystem::path& scratch, std::uint64_t peakMemory) {
    json::value value;
    std::optional<Error> failed;
    std::visit(
        [&]<typename T>(const T& v) {
            if constexpr (std::is_same_v<T, bool>) value = v;
            else if constexpr (!std::is_same_v<T, std::monostate>) {
                Writer writer(scratch);
                if constexpr (std::is_same_v<T, std::string>) writer("text", bulk(v));
                else if constexpr (std::is_same_v<T, Bytes>) writer("proof", v);
                else walk(writer, v);
                failed = std::move(writer.error());
                value = std::move(writer.object());
            }
        },
        result);
    if (failed) return std::move(*failed);
    return json::serialize(json::object{{"result", std::move(value)}, {"peak_memory", peakMemory}});
}

std::string encodeError(const Error& error, std::uint64_t peakMemory) {
    return json::serialize(
        json::object{{"error", {{"code", errorCodeName(error.code())}, {"message", error.message()}}}, {"peak_memory", peakMemory}});
}

Expected<AnswerLine> decodeAnswer(std::string_view line, const OrderLine& order) {
    const auto object = parseObject(line);
    if (!object) return Error(object.error());
    Reader reader(*object, {}, order.scratch);
    AnswerLine out;
    const json::value* progress = reader.optional("progress");
    const json::value* result = reader.optional("result");
    const json::value* error = reader.optional("error");
    if ((progress != nullptr) + (result != nullptr) + (error != nullptr) != 1)
        return Error(ErrorCode::Corrupt, "it has not exactly one of the fields 'progress', 'result' and 'error'");
    if (!progress && object->contains("peak_memory")) reader("peak_memory", out.peakMemory);
    LSW_TRY(reader.finish());
    if (progress) {
        auto read = readObject<Progress>(*progress, "progress", order.scratch);
        if (!read) return std::move(read).error();
        out.content = std::move(*read);
    } else if (result) {
        auto read = readResult(*result, order);
        if (!read) return std::move(read).error();
        out.content = std::move(*read);
    } else {
        if (!error->is_object()) return Error(ErrorCode::Corrupt, "the field 'error' is no object");
        Reader fields(error->get_object(), "error", order.scratch);
        std::string code, message;
        fields("code", code);
        fields("message", message);
        LSW_TRY(fields.finish());
        out.content = Error(errorCodeFromName(code), std::move(message));
    }
    return out;
}

} // namespace lsw::proofs
