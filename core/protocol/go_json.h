// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/bytes.h"

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// JSON as Go's encoding/json writes and reads it, so that our bytes and our error texts are those a lotus process would send.
namespace lsw::protocol {

using Json = boost::json::value;

/// The text Go's encoder writes for a value: no spaces, members in their order, <, > and & as \u003c…, shortest numbers (1, not 1E0).
std::string toGoJson(const Json& json);
void appendGoJson(std::string& out, const Json& json);
void appendGoString(std::string& out, std::string_view text);

/// The first value of a text; what follows it is not looked at. Corrupt "Parse error" when there is none, or one nested deeper than 32.
Expected<Json> parseGoJson(std::string_view text);

/// The member of that name, in any case, the last of several; null when there is none: the two mean the same to Go.
const Json& memberOf(const boost::json::object& object, std::string_view name);

/// The same, moved out: for members that may be large.
Json takeMember(boost::json::object& object, std::string_view name);

/// Reads a value into C++ variables by the rules of Go's decoder: null and absent members leave a zero, unknown members are ignored,
/// anything of another kind is an error. Keeps the first error, worded as Go words it.
class GoReader {
public:
    bool failed() const { return !m_error.empty(); }
    const std::string& error() const { return m_error; }
    void fail(std::string message) {
        if (m_error.empty()) m_error = std::move(message);
    }
    /// "json: cannot unmarshal string into Go struct field SectorRef.ID.Miner of type abi.ActorID"
    void mismatch(const Json& json, std::string_view goType);

    void read(const Json& json, std::uint64_t& out, std::string_view goType);
    void read(const Json& json, std::int64_t& out, std::string_view goType);
    void read(const Json& json, bool& out, std::string_view goType);
    void read(const Json& json, std::string& out, std::string_view goType);
    void read(const Json& json, Bytes& out, std::string_view goType); ///< base64

    /// Calls `visit(object)` when the value is an object; null is an empty one.
    template <typename Visit>
    void object(const Json& json, std::string_view goType, Visit visit) {
        if (json.is_null()) return;
        if (!json.is_object()) return mismatch(json, goType);
        const std::string outer = m_struct;
        if (m_path.empty()) m_struct = goType.substr(goType.rfind('.') + 1);
        visit(json.get_object());
        m_struct = outer;
    }

    /// Reads one member of an object by `read` of that type, ours or the caller's.
    template <typename Read>
    void member(const boost::json::object& object, std::string_view name, Read read) {
        const std::size_t length = m_path.size();
        m_path += '.';
        m_path += name;
        read(memberOf(object, name));
        m_path.resize(length);
    }
    template <typename T>
    void field(const boost::json::object& object, std::string_view name, T& out, std::string_view goType) {
        member(object, name, [&](const Json& json) { read(json, out, goType); });
    }

    /// Reads each element of an array; null is an empty one.
    template <typename T, typename Read>
    void list(const Json& json, std::vector<T>& out, std::string_view goType, Read read) {
        if (json.is_null()) return;
        if (!json.is_array()) return mismatch(json, goType);
        const std::string path = std::exchange(m_path, {});
        for (const Json& element : json.get_array()) {
            read(element, out.emplace_back());
            if (failed()) break;
        }
        m_path = path;
    }

private:
    std::string m_error, m_struct, m_path;
};

} // namespace lsw::protocol
