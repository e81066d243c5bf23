// SPDX-License-Identifier: MIT OR Apache-2.0
#include "protocol/jwt.h"

#include "protocol/go_json.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace lsw::protocol {
namespace {

Bytes32 hmacSha256(const Bytes& secret, std::string_view text) {
    Bytes32 out{};
    unsigned int size = 0;
    // An empty key is legal, but must not be a null pointer (OpenSSL would take that as "the key of the last call").
    static constexpr unsigned char kNoKey = 0;
    const void* key = secret.empty() ? static_cast<const void*>(&kNoKey) : secret.data();
    HMAC(EVP_sha256(), key, static_cast<int>(secret.size()), asBytes(text).data(), text.size(), out.data(), &size);
    return out;
}

struct Parts {
    std::string_view signedText; ///< header.payload
    Json header, payload;
    Bytes signature;
};

Error malformed(ErrorCode code) { return Error(code, "jwt: malformed token"); }

Expected<Json> jsonPart(std::string_view part) {
    const auto raw = fromBase64Url(part);
    if (!raw) return malformed(ErrorCode::Corrupt);
    auto json = parseGoJson(asText(*raw));
    if (!json || !json->is_object()) return malformed(ErrorCode::Corrupt);
    return json;
}

Expected<Parts> split(std::string_view token) {
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return malformed(ErrorCode::Corrupt);
    Parts out;
    out.signedText = token.substr(0, second);
    auto header = jsonPart(token.substr(0, first));
    auto payload = jsonPart(token.substr(first + 1, second - first - 1));
    auto signature = fromBase64Url(token.substr(second + 1));
    if (!header || !payload || !signature) return malformed(ErrorCode::Corrupt);
    out.header = std::move(*header);
    out.payload = std::move(*payload);
    out.signature = std::move(*signature);
    return out;
}

Expected<Permissions> allowed(const Json& payload) {
    const Json& allow = memberOf(payload.get_object(), "Allow");
    std::vector<std::string> list;
    GoReader reader;
    reader.list(allow, list, "[]auth.Permission", [&](const Json& json, std::string& out) { reader.read(json, out, "auth.Permission"); });
    if (!allow.is_array() || reader.failed()) return Error(ErrorCode::Corrupt, "jwt: the token does not say what it allows");
    return Permissions(list.begin(), list.end());
}

} // namespace

std::string signToken(const Bytes& secret, std::string_view header, std::string_view payload) {
    const std::string text = toBase64Url(asBytes(header)) + '.' + toBase64Url(asBytes(payload));
    return text + '.' + toBase64Url(hmacSha256(secret, text));
}

std::string makeToken(const Bytes& secret, const std::vector<std::string>& allow) {
    boost::json::array list;
    for (const std::string& permission : allow) list.emplace_back(permission);
    return signToken(secret, R"({"alg":"HS256","typ":"JWT"})", toGoJson(boost::json::object{{"Allow", std::move(list)}}));
}

Expected<Permissions> verifyToken(const Bytes& secret, std::string_view token) {
    const auto refused = [](std::string_view why) {
        return Error(ErrorCode::PermissionDenied, "JWT Verification failed: " + std::string(why));
    };
    const auto parts = split(token);
    if (!parts) return refused(parts.error().detail());
    // Lotus looks at the signature alone; the header's algorithm is asked for too, so that nothing else is ever taken as signed.
    const Bytes32 expected = hmacSha256(secret, parts->signedText);
    const bool same = parts->signature.size() == expected.size() && CRYPTO_memcmp(parts->signature.data(), expected.data(), expected.size()) == 0;
    if (!same) return refused("jwt: HMAC verification failed");
    const Json& algorithm = memberOf(parts->header.get_object(), "alg");
    if (!algorithm.is_string() || algorithm.get_string() != "HS256") return refused("jwt: the algorithm is not HS256");
    auto permissions = allowed(parts->payload);
    if (!permissions) return refused(permissions.error().detail());
    return permissions;
}

Expected<Permissions> peekPermissions(std::string_view token) {
    const auto parts = split(token);
    if (!parts) return parts.error();
    return allowed(parts->payload);
}

} // namespace lsw::protocol
