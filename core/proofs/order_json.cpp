// SPDX-License-Identifier: MIT OR Apache-2.0
#include "proofs/order_json.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "proofs/order_lines.h"

namespace lsw::proofs {

namespace json = boost::json;

namespace {

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

/// A file of ours as one of the scratch folder: another name for it where both are on one disk, else a copy.
Expected<std::filesystem::path> giveFile(const std::filesystem::path& file, const std::filesystem::path& scratch) {
    if (scratch.empty()) return Error(ErrorCode::Internal, "a file needs a scratch folder, and there is none");
    const std::filesystem::path given = scratch / ("given-" + file.filename().string());
    if (::link(file.c_str(), given.c_str()) == 0) return given;
    std::error_code failed;
    std::filesystem::copy_file(file, given, failed);
    if (!failed) return given;
    std::error_code ignored;
    std::filesystem::remove(given, ignored);
    return errnoError(failed.value(), "copying " + file.string() + " to " + scratch.string());
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

/// Each proof with its size before it (LE u64).
std::string joined(const std::vector<Bytes>& proofs) {
    std::string out;
    for (const Bytes& proof : proofs) {
        for (unsigned shift = 0; shift < 64; shift += 8) out += static_cast<char>(proof.size() >> shift & 0xffU);
        out.append(reinterpret_cast<const char*>(proof.data()), proof.size());
    }
    return out;
}

/// Nothing when the text is none of joined().
std::optional<std::vector<Bytes>> taken(std::string_view text) {
    std::vector<Bytes> out;
    while (!text.empty()) {
        if (text.size() < 8) return std::nullopt;
        std::uint64_t size = 0;
        for (unsigned i = 0; i < 8; ++i) size |= std::uint64_t{static_cast<std::uint8_t>(text[i])} << (8 * i);
        text.remove_prefix(8);
        if (size > text.size()) return std::nullopt;
        const std::string_view proof = text.substr(0, static_cast<std::size_t>(size));
        out.emplace_back(proof.begin(), proof.end());
        text.remove_prefix(proof.size());
    }
    return out;
}

constexpr std::array<std::string_view, 4> kCircuits{"seal", "update", "winning_post", "window_post"};

} // namespace

// ---- writing --------------------------------------------------------------------------------------------------------

void OrderWriter::operator()(std::string_view name, std::uint64_t v) { m_object[name] = v; }
void OrderWriter::operator()(std::string_view name, bool v) { m_object[name] = v; }
void OrderWriter::operator()(std::string_view name, SealProof v) { m_object[name] = static_cast<std::int64_t>(v); }
void OrderWriter::operator()(std::string_view name, PostProof v) { m_object[name] = static_cast<std::int64_t>(v); }
void OrderWriter::operator()(std::string_view name, Circuit v) { m_object[name] = kCircuits[static_cast<std::size_t>(v)]; }
void OrderWriter::operator()(std::string_view name, const std::string& v) { m_object[name] = v; }
void OrderWriter::operator()(std::string_view name, const std::filesystem::path& v) { m_object[name] = v.native(); }
void OrderWriter::operator()(std::string_view name, const Bytes32& v) { m_object[name] = toHex(v); }
void OrderWriter::operator()(std::string_view name, const Bytes& v) { m_object[name] = toHex(v); }
void OrderWriter::operator()(std::string_view name, const PieceSource& v) {
    m_object[name] = v.isZeros() ? json::object{{"zeros", true}} : json::object{{"fd", v.descriptor}, {"padded", v.isPadded}};
}
void OrderWriter::operator()(std::string_view name, const SectorId& v) { m_object[name] = nested(v); }
void OrderWriter::operator()(std::string_view name, const std::vector<PieceInfo>& v) { list(name, v); }
void OrderWriter::operator()(std::string_view name, const std::vector<PostSector>& v) { list(name, v); }
void OrderWriter::operator()(std::string_view name, const std::vector<PreCommit1Order>& v) { list(name, v); }
void OrderWriter::operator()(std::string_view name, const std::vector<std::uint64_t>& v) { m_object[name] = json::array(v.begin(), v.end()); }
void OrderWriter::operator()(std::string_view name, Bulk<const std::string> v) {
    if (v.value.size() > kInlineLimit) return file(name, v.value);
    m_object[name] = v.value;
}
void OrderWriter::operator()(std::string_view name, BulkOrFile<const std::string> v) {
    if (v.file.empty()) return (*this)(name, Bulk<const std::string>{v.value});
    auto given = giveFile(v.file, m_scratch);
    if (given) m_object[name] = json::object{{"file", given->native()}};
    else if (!m_error) m_error = std::move(given).error().whileDoing("handing over '" + std::string(name) + "'");
}
void OrderWriter::operator()(std::string_view name, Bulk<const std::vector<Bytes>> v) {
    std::size_t size = 0;
    for (const Bytes& proof : v.value) size += proof.size();
    if (size > kInlineLimit) return file(name, joined(v.value));
    json::array out;
    for (const Bytes& proof : v.value) out.emplace_back(toHex(proof));
    m_object[name] = std::move(out);
}

template <typename T>
json::object OrderWriter::nested(const T& v) const {
    OrderWriter inner(m_scratch);
    walk(inner, v);
    return std::move(inner.m_object);
}

template <typename T>
void OrderWriter::list(std::string_view name, const std::vector<T>& v) {
    json::array out;
    for (const T& one : v) out.push_back(nested(one));
    m_object[name] = std::move(out);
}

void OrderWriter::file(std::string_view name, std::string_view content) {
    auto written = writeBulk(content, m_scratch);
    if (written) m_object[name] = json::object{{"file", written->native()}};
    else if (!m_error) m_error = std::move(written).error().whileDoing("handing over '" + std::string(name) + "'");
}

// ---- reading --------------------------------------------------------------------------------------------------------

void OrderReader::operator()(std::string_view name, std::uint64_t& v) {
    const json::value* field = take(name);
    if (!field) return;
    if (field->is_uint64()) v = field->get_uint64();
    else if (field->is_int64() && field->get_int64() >= 0) v = static_cast<std::uint64_t>(field->get_int64());
    else wrong(name, "is no unsigned number");
}
void OrderReader::operator()(std::string_view name, bool& v) {
    const json::value* field = take(name);
    if (!field) return;
    if (field->is_bool()) v = field->get_bool();
    else wrong(name, "is neither true nor false");
}
void OrderReader::operator()(std::string_view name, SealProof& v) {
    std::uint64_t number = 0;
    (*this)(name, number);
    v = static_cast<SealProof>(number);
}
void OrderReader::operator()(std::string_view name, PostProof& v) {
    std::uint64_t number = 0;
    (*this)(name, number);
    v = static_cast<PostProof>(number);
}
void OrderReader::operator()(std::string_view name, Circuit& v) {
    const json::string* s = text(name);
    if (!s) return;
    const auto known = std::find(kCircuits.begin(), kCircuits.end(), std::string_view(s->data(), s->size()));
    if (known == kCircuits.end()) return wrong(name, "is no circuit");
    v = static_cast<Circuit>(known - kCircuits.begin());
}
void OrderReader::operator()(std::string_view name, std::string& v) {
    if (const json::string* s = text(name)) v.assign(s->data(), s->size());
}
void OrderReader::operator()(std::string_view name, std::filesystem::path& v) {
    if (const json::string* s = text(name)) v = std::string(s->data(), s->size());
}
void OrderReader::operator()(std::string_view name, Bytes32& v) {
    const json::string* s = text(name);
    if (!s) return;
    auto bytes = fromHex(*s);
    if (bytes && bytes->size() == v.size()) std::copy(bytes->begin(), bytes->end(), v.begin());
    else wrong(name, "is not 64 hex digits");
}
void OrderReader::operator()(std::string_view name, Bytes& v) {
    const json::string* s = text(name);
    if (!s) return;
    auto bytes = fromHex(*s);
    if (bytes) v = std::move(*bytes);
    else wrong(name, "is no hex text");
}
void OrderReader::operator()(std::string_view name, PieceSource& v) {
    const json::value* field = take(name);
    if (!field) return;
    if (!field->is_object()) return wrong(name, "is no object");
    OrderReader inner(field->get_object(), path(name), m_scratch);
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
void OrderReader::operator()(std::string_view name, SectorId& v) {
    if (const json::value* field = take(name)) nested(name, *field, v);
}
void OrderReader::operator()(std::string_view name, std::vector<PieceInfo>& v) { list(name, v); }
void OrderReader::operator()(std::string_view name, std::vector<PostSector>& v) { list(name, v); }
void OrderReader::operator()(std::string_view name, std::vector<PreCommit1Order>& v) { list(name, v); }
void OrderReader::operator()(std::string_view name, std::vector<std::uint64_t>& v) {
    const json::value* field = take(name);
    if (!field) return;
    const json::array* items = field->if_array();
    if (!items) return wrong(name, "is no list");
    for (const json::value& item : *items) {
        boost::system::error_code failed;
        v.push_back(item.to_number<std::uint64_t>(failed));
        if (failed || item.is_double()) return wrong(name, "has an element that is no unsigned number");
    }
}
void OrderReader::operator()(std::string_view name, Bulk<std::string> v) {
    const json::value* field = take(name);
    if (!field) return;
    if (const json::string* s = field->if_string()) return v.value.assign(s->data(), s->size()), void();
    if (auto read = file(name, *field)) v.value = std::move(*read);
    else wrong(name, "is neither a text nor {\"file\":path}");
}
void OrderReader::operator()(std::string_view name, Bulk<std::vector<Bytes>> v) {
    const json::value* field = take(name);
    if (!field) return;
    if (const json::array* items = field->if_array()) {
        for (const json::value& item : *items) {
            auto bytes = fromHex(item.is_string() ? std::string_view(item.get_string()) : std::string_view("no hex"));
            if (!bytes) return wrong(name, "has an element that is no hex text");
            v.value.push_back(std::move(*bytes));
        }
        return;
    }
    const auto read = file(name, *field);
    if (!read) return wrong(name, "is neither a list nor {\"file\":path}");
    auto proofs = taken(*read);
    if (!proofs) return wrong(name, "refers to a file that is no list of proofs");
    v.value = std::move(*proofs);
}

const json::value* OrderReader::optional(std::string_view name) {
    m_asked.emplace(name);
    return m_object.if_contains(name);
}

Expected<void> OrderReader::finish() {
    for (const auto& member : m_object) {
        if (!m_error && !m_asked.contains(std::string(member.key()))) wrong(member.key(), "is unknown");
    }
    if (m_error) return std::move(*m_error);
    return {};
}

std::string OrderReader::path(std::string_view name) const {
    return m_where.empty() ? std::string(name) : m_where + '.' + std::string(name);
}

void OrderReader::wrong(std::string_view name, const std::string& how) {
    if (!m_error) m_error = Error(ErrorCode::Corrupt, "the field '" + path(name) + "' " + how);
}

const json::value* OrderReader::take(std::string_view name) {
    const json::value* field = optional(name);
    if (!field) wrong(name, "is missing");
    return field;
}

const json::string* OrderReader::text(std::string_view name) {
    const json::value* field = take(name);
    if (field && !field->is_string()) wrong(name, "is no text");
    return field ? field->if_string() : nullptr;
}

/// What the file that `field` refers to holds; nothing, and an error of its own where it is a reference, when it cannot be read.
std::optional<std::string> OrderReader::file(std::string_view name, const json::value& field) {
    const json::object* reference = field.if_object();
    const json::value* file = reference && reference->size() == 1 ? reference->if_contains("file") : nullptr;
    if (!file || !file->is_string()) return std::nullopt;
    auto read = readBulk(std::string(file->get_string().c_str(), file->get_string().size()), m_scratch);
    if (read) return std::move(*read);
    if (!m_error) m_error = std::move(read).error().whileDoing("reading '" + path(name) + "'");
    return std::nullopt;
}

template <typename T>
void OrderReader::nested(std::string_view name, const json::value& value, T& v) {
    if (!value.is_object()) return wrong(name, "is no object");
    OrderReader inner(value.get_object(), path(name), m_scratch);
    walk(inner, v);
    if (auto done = inner.finish(); !done && !m_error) m_error = std::move(done).error();
}

template <typename T>
void OrderReader::list(std::string_view name, std::vector<T>& v) {
    const json::value* field = take(name);
    if (!field) return;
    const json::array* items = field->if_array();
    if (!items) return wrong(name, "is no list");
    for (std::size_t i = 0; i < items->size(); ++i) {
        T one;
        nested(std::string(name) + '[' + std::to_string(i) + ']', (*items)[i], one);
        v.push_back(one);
    }
}

} // namespace lsw::proofs
