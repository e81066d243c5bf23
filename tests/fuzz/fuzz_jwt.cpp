// SPDX-License-Identifier: MIT OR Apache-2.0
// Tokens: accepted only with the signature of the secret over exactly this header and payload.
#include "fuzz.h"

#include "protocol/jwt.h"

using namespace lsw;
using namespace lsw::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Bytes secret(32, 7);
    const std::string token(reinterpret_cast<const char*>(data), size);
    (void)peekPermissions(token).hasValue();
    if (verifyToken(secret, token)) {
        const auto first = token.find('.'), second = token.find('.', first + 1);
        const auto header = fromBase64Url(token.substr(0, first)), payload = fromBase64Url(token.substr(first + 1, second - first - 1));
        fuzz::require(header && payload, "an accepted token is base64");
        // The bytes of it: the last letter of base64 has bits that nobody reads, here and in lotus.
        const std::string right = signToken(secret, asText(*header), asText(*payload));
        const auto ours = fromBase64Url(right.substr(right.rfind('.') + 1)), given = fromBase64Url(token.substr(second + 1));
        fuzz::require(ours && given && *ours == *given, "an accepted token has our signature");
        Bytes other = secret;
        other[0] ^= 1;
        fuzz::require(!verifyToken(other, token), "another secret refuses it");
    }
    // Any header and payload under a right signature: only HS256 with a list of permissions passes.
    const auto split = token.find('\n');
    if (split != std::string::npos) (void)verifyToken(secret, signToken(secret, token.substr(0, split), token.substr(split + 1))).hasValue();
    return 0;
}
