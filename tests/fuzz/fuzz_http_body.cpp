// SPDX-License-Identifier: MIT OR Apache-2.0
// The framing of a body: however the bytes come and however they are asked for, the same body and the same end.
#include "fuzz.h"

#include "protocol/body_reader.h"

using namespace lsw;
using namespace lsw::protocol;

namespace {

struct Outcome {
    std::string body, error;
    bool operator==(const Outcome&) const = default;
};

/// `first` bytes come with the head, the rest in pieces of `piece`, and `ask` bytes are asked for at a time.
Outcome readAll(BodyReader::Framing framing, std::string_view wire, std::size_t first, std::size_t piece, std::size_t ask) {
    first = std::min(first, wire.size());
    BodyReader reader(framing, std::string(wire.substr(0, first)));
    wire.remove_prefix(first);
    const BodyReader::Source source = [&](char* to, std::size_t room) -> Expected<std::size_t> {
        const std::size_t size = std::min({room, piece, wire.size()});
        std::copy_n(wire.data(), size, to);
        wire.remove_prefix(size);
        return size;
    };
    Outcome out;
    std::string buffer(ask, '\0');
    for (;;) {
        const auto got = reader.read(buffer.data(), buffer.size(), source);
        if (!got) {
            out.error = got.error().message();
            fuzz::require(!reader.read(buffer.data(), 1, source), "an error stays");
            return out;
        }
        fuzz::require(*got <= buffer.size(), "no more than asked");
        if (*got == 0) break;
        out.body.append(buffer, 0, *got);
    }
    fuzz::require(reader.atEnd(), "the end is known");
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const unsigned choice = input.byte();
    const std::size_t first = input.byte(), piece = input.byte() + 1, ask = input.byte() + 1;
    const auto framing = choice & 1 ? BodyReader::chunked() : BodyReader::sized(choice & 2 ? input.byte() : input.number());
    const Outcome whole = readAll(framing, input.rest(), size, 1 << 20, 1 << 17);
    fuzz::require(readAll(framing, input.rest(), first, piece, ask) == whole, "pieces do not matter");
    if (!framing.chunked) {
        fuzz::require(whole.body.size() <= framing.length, "no more than the length says");
        fuzz::require(whole.error.empty() == (input.rest().size() >= framing.length), "a short body is told");
    }
    return 0;
}
