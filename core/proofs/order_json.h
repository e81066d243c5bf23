// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "proofs/order_fields.h"

#include <optional>
#include <set>
#include <string_view>

#include <boost/json.hpp>

/// Structs of order_fields.h to JSON objects and back; what is large goes through private files of the scratch folder.
namespace lsw::proofs {

/// Builds an object; keeps the first failure (only bulk can fail).
class OrderWriter {
public:
    explicit OrderWriter(const std::filesystem::path& scratch) : m_scratch(scratch) {}

    void operator()(std::string_view name, std::uint64_t v);
    void operator()(std::string_view name, bool v);
    void operator()(std::string_view name, SealProof v);
    void operator()(std::string_view name, PostProof v);
    void operator()(std::string_view name, Circuit v);
    void operator()(std::string_view name, const std::string& v);
    void operator()(std::string_view name, const std::filesystem::path& v);
    void operator()(std::string_view name, const Bytes32& v);
    void operator()(std::string_view name, const Bytes& v);
    void operator()(std::string_view name, const PieceSource& v);
    void operator()(std::string_view name, const SectorId& v);
    void operator()(std::string_view name, const std::vector<PieceInfo>& v);
    void operator()(std::string_view name, const std::vector<PostSector>& v);
    void operator()(std::string_view name, const std::vector<PreCommit1Order>& v);
    void operator()(std::string_view name, const std::vector<std::uint64_t>& v);
    void operator()(std::string_view name, Bulk<const std::string> v);
    void operator()(std::string_view name, BulkOrFile<const std::string> v);
    void operator()(std::string_view name, Bulk<const std::vector<Bytes>> v);

    boost::json::object& object() { return m_object; }
    std::optional<Error>& error() { return m_error; }

private:
    template <typename T>
    boost::json::object nested(const T& v) const;
    template <typename T>
    void list(std::string_view name, const std::vector<T>& v);
    void file(std::string_view name, std::string_view content);

    const std::filesystem::path& m_scratch;
    boost::json::object m_object;
    std::optional<Error> m_error;
};

/// Takes an object apart; keeps the first failure. finish() refuses what nobody asked for.
class OrderReader {
public:
    OrderReader(const boost::json::object& object, std::string where, const std::filesystem::path& scratch)
        : m_object(object), m_where(std::move(where)), m_scratch(scratch) {}

    void operator()(std::string_view name, std::uint64_t& v);
    void operator()(std::string_view name, bool& v);
    void operator()(std::string_view name, SealProof& v);
    void operator()(std::string_view name, PostProof& v);
    void operator()(std::string_view name, Circuit& v);
    void operator()(std::string_view name, std::string& v);
    void operator()(std::string_view name, std::filesystem::path& v);
    void operator()(std::string_view name, Bytes32& v);
    void operator()(std::string_view name, Bytes& v);
    void operator()(std::string_view name, PieceSource& v);
    void operator()(std::string_view name, SectorId& v);
    void operator()(std::string_view name, std::vector<PieceInfo>& v);
    void operator()(std::string_view name, std::vector<PostSector>& v);
    void operator()(std::string_view name, std::vector<PreCommit1Order>& v);
    void operator()(std::string_view name, std::vector<std::uint64_t>& v);
    void operator()(std::string_view name, Bulk<std::string> v);
    void operator()(std::string_view name, BulkOrFile<std::string> v) { (*this)(name, Bulk<std::string>{v.value}); }
    void operator()(std::string_view name, Bulk<std::vector<Bytes>> v);

    /// A field that is handled outside; null when it is missing and may be.
    const boost::json::value* optional(std::string_view name);
    Expected<void> finish();

private:
    std::string path(std::string_view name) const;
    void wrong(std::string_view name, const std::string& how);
    const boost::json::value* take(std::string_view name);
    const boost::json::string* text(std::string_view name);
    std::optional<std::string> file(std::string_view name, const boost::json::value& field);
    template <typename T>
    void nested(std::string_view name, const boost::json::value& value, T& v);
    template <typename T>
    void list(std::string_view name, std::vector<T>& v);

    const boost::json::object& m_object;
    std::string m_where;
    const std::filesystem::path& m_scratch;
    std::set<std::string> m_asked;
    std::optional<Error> m_error;
};

} // namespace lsw::proofs
