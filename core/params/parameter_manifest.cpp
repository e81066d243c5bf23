// SPDX-License-Identifier: MIT OR Apache-2.0
#include "params/parameter_manifest.h"

#include "base/small_file.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <boost/json.hpp>

namespace lsw::params {
namespace {

namespace json = boost::json;

struct Row {
    Circuit circuit;
    std::uint64_t sectorSize;
    const char *name, *digest, *cid;
    std::uint64_t about;
};

constexpr std::array kRows = std::to_array<Row>({
    {Circuit::PoRep, 2ULL << 10, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-0-0-sha256_hasher-032d3138d22506ec0082ed72b2dcba18df18477904e35bafee82b3793b06832f.params", "434fb1338ecfaf0f59256f30dde4968f", "QmWceMgnWYLopMuM4AoGMvGEau7tNe5UK83XFjH5V9B17h", 1073741824ULL},
    {Circuit::PoRep, 2ULL << 10, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-0-0-sha256_hasher-032d3138d22506ec0082ed72b2dcba18df18477904e35bafee82b3793b06832f.vk", "dc1ade9929ade1708238f155343044ac", "QmamahpFCstMUqHi2qGtVoDnRrsXhid86qsfvoyCTKJqHr", 33000ULL},
    {Circuit::WindowPost, 2ULL << 10, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-0170db1f394b35d995252228ee359194b13199d259380541dc529fb0099096b0.params", "7610b9f82bfc88405b7a832b651ce2f6", "QmVxjFRyhmyQaZEtCh7nk2abc7LhFkzhnRX4rcHqCCpikR", 11534336ULL},
    {Circuit::WindowPost, 2ULL << 10, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-0170db1f394b35d995252228ee359194b13199d259380541dc529fb0099096b0.vk", "0e0958009936b9d5e515ec97b8cb792d", "QmcS5JZs8X3TdtkEBpHAdUYjdNDqcL7fWQFtQz69mpnu2X", 3076ULL},
    {Circuit::WinningPost, 2ULL << 10, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-3ea05428c9d11689f23529cde32fd30aabd50f7d2c93657c1d3650bca3e8ea9e.params", "82c88066be968bb550a05e30ff6c2413", "QmcSTqDcFVLGGVYz1njhUZ7B6fkKtBumsLUwx4nkh22TzS", 47290777ULL},
    {Circuit::WinningPost, 2ULL << 10, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-3ea05428c9d11689f23529cde32fd30aabd50f7d2c93657c1d3650bca3e8ea9e.vk", "ffd79788d614d27919ae5bd2d94eacb6", "QmSTCXF2ipGA3f6muVo6kHc2URSx6PzZxGUqu7uykaH5KU", 13636ULL},
    {Circuit::SnapUpdate, 2ULL << 10, "v28-empty-sector-update-merkletree-poseidon_hasher-8-0-0-fb9e095bebdd77511c0269b967b4d87ba8b8a525edaa0e165de23ba454510194.params", "311f92a3e75036ced01b1c0025f1fa0c", "QmYM6Hg7mjmvA3ZHTsqkss1fkdyDju5dDmLiBZGJ5pz9y9", 655779430ULL},
    {Circuit::SnapUpdate, 2ULL << 10, "v28-empty-sector-update-merkletree-poseidon_hasher-8-0-0-fb9e095bebdd77511c0269b967b4d87ba8b8a525edaa0e165de23ba454510194.vk", "eadad9784969890d30f2749708c79771", "QmaQsTLL3nc5dw6wAvaioJSBfd1jhQrA2o6ucFf7XeV74P", 33000ULL},
    {Circuit::PoRep, 8ULL << 20, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-0-0-sha256_hasher-ecd683648512ab1765faa2a5f14bab48f676e633467f0aa8aad4b55dcb0652bb.params", "09e612e4eeb7a0eb95679a88404f960c", "QmPXAPPuQtuQz7Zz3MHMAMEtsYwqM1o9H1csPLeiMUQwZH", 1395864371ULL},
    {Circuit::PoRep, 8ULL << 20, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-0-0-sha256_hasher-ecd683648512ab1765faa2a5f14bab48f676e633467f0aa8aad4b55dcb0652bb.vk", "b687beb9adbd9dabe265a7e3620813e4", "QmYCuipFyvVW1GojdMrjK1JnMobXtT4zRCZs1CGxjizs99", 33000ULL},
    {Circuit::WindowPost, 8ULL << 20, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-5294475db5237a2e83c3e52fd6c2b03859a1831d45ed08c4f35dbf9a803165a9.params", "c49499bb76a0762884896f9683403f55", "QmdNEL2RtqL52GQNuj8uz6mVj5Z34NVnbaJ1yMyh1oXtBx", 30828134ULL},
    {Circuit::WindowPost, 8ULL << 20, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-5294475db5237a2e83c3e52fd6c2b03859a1831d45ed08c4f35dbf9a803165a9.vk", "34d4feeacd9abf788d69ef1bb4d8fd00", "QmUiVYCQUgr6Y13pZFr8acWpSM4xvTXUdcvGmxyuHbKhsc", 3076ULL},
    {Circuit::WinningPost, 8ULL << 20, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-50c7368dea9593ed0989e70974d28024efa9d156d585b7eea1be22b2e753f331.params", "700171ecf7334e3199437c930676af82", "QmU9SBzJNrcjRFDiFc4GcApqdApN6z9X7MpUr66mJ2kAJP", 113351065ULL},
    {Circuit::WinningPost, 8ULL << 20, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-50c7368dea9593ed0989e70974d28024efa9d156d585b7eea1be22b2e753f331.vk", "79ebb55f56fda427743e35053edad8fc", "QmbmUMa3TbbW3X5kFhExs6WgC4KeWT18YivaVmXDkB6ANG", 13636ULL},
    {Circuit::SnapUpdate, 8ULL << 20, "v28-empty-sector-update-merkletree-poseidon_hasher-8-0-0-92180959e1918d26350b8e6cfe217bbdd0a2d8de51ebec269078b364b715ad63.params", "5aedd2cf3e5c0a15623d56a1b43110ad", "QmQiT4qBGodrVNEgVTDXxBNDdPbaD8Ag7Sx3ZTq1zHX79S", 4294967296ULL},
    {Circuit::SnapUpdate, 8ULL << 20, "v28-empty-sector-update-merkletree-poseidon_hasher-8-0-0-92180959e1918d26350b8e6cfe217bbdd0a2d8de51ebec269078b364b715ad63.vk", "abd80269054d391a734febdac0d2e687", "QmdcpKUQvHM8RFRVKbk1yHfEqMcBzhtFWKRp9SNEmWq37i", 33000ULL},
    {Circuit::PoRep, 512ULL << 20, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-0-0-sha256_hasher-6babf46ce344ae495d558e7770a585b2382d54f225af8ed0397b8be7c3fcd472.params", "6c77597eb91ab936c1cef4cf19eba1b3", "QmYBpTt7LWNAWr1JXThV5VxX7wsQFLd1PHrGYVbrU1EZjC", 2040109465ULL},
    {Circuit::PoRep, 512ULL << 20, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-0-0-sha256_hasher-6babf46ce344ae495d558e7770a585b2382d54f225af8ed0397b8be7c3fcd472.vk", "065179da19fbe515507267677f02823e", "QmWionkqH2B6TXivzBSQeSyBxojaiAFbzhjtwYRrfwd8nH", 33000ULL},
    {Circuit::WindowPost, 512ULL << 20, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-0cfb4f178bbb71cf2ecfcd42accce558b27199ab4fb59cb78f2483fe21ef36d9.params", "1a7d4a9c8a502a497ed92a54366af33f", "QmUiRx71uxfmUE8V3H9sWAsAXoM88KR4eo1ByvvcFNeTLR", 45298483ULL},
    {Circuit::WindowPost, 512ULL << 20, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-0cfb4f178bbb71cf2ecfcd42accce558b27199ab4fb59cb78f2483fe21ef36d9.vk", "4dae975de4f011f101f5a2f86d1daaba", "QmfCeddjFpWtavzfEzZpJfzSajGNwfL4RjFXWAvA9TSnTV", 3076ULL},
    {Circuit::WinningPost, 512ULL << 20, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-7d739b8cf60f1b0709eeebee7730e297683552e4b69cab6984ec0285663c5781.params", "827359440349fe8f5a016e7598993b79", "QmVgCsJFRXKLuuUhT3aMYwKVGNA9rDeR6DCrs7cAe8riBT", 165255577ULL},
    {Circuit::WinningPost, 512ULL << 20, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-0-0-7d739b8cf60f1b0709eeebee7730e297683552e4b69cab6984ec0285663c5781.vk", "bd2cd62f65c1ab84f19ca27e97b7c731", "QmfA31fbCWojSmhSGvvfxmxaYCpMoXP95zEQ9sLvBGHNaN", 13636ULL},
    {Circuit::SnapUpdate, 512ULL << 20, "v28-empty-sector-update-merkletree-poseidon_hasher-8-0-0-61fa69f38b9cc771ba27b670124714b4ea77fbeae05e377fb859c4a43b73a30c.params", "c3ad7bb549470b82ad52ed070aebb4f4", "Qma5WL6abSqYg9uUQAZ3EHS286bsNsha7oAGsJBD48Bq2q", 21689584844ULL},
    {Circuit::SnapUpdate, 512ULL << 20, "v28-empty-sector-update-merkletree-poseidon_hasher-8-0-0-61fa69f38b9cc771ba27b670124714b4ea77fbeae05e377fb859c4a43b73a30c.vk", "994c5b7d450ca9da348c910689f2dc7f", "QmUa7f9JtJMsqJJ3s3ZXk6WyF4xJLE8FiqYskZGgk8GCDv", 33000ULL},
    {Circuit::PoRep, 32ULL << 30, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-8-0-sha256_hasher-82a357d2f2ca81dc61bb45f4a762807aedee1b0a53fd6c4e77b46a01bfef7820.params", "6a388072a518cf46ebd661f5cc46900a", "QmengpM684XLQfG8754ToonszgEg2bQeAGUan5uXTHUQzJ", 47352014438ULL},
    {Circuit::PoRep, 32ULL << 30, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-8-0-sha256_hasher-82a357d2f2ca81dc61bb45f4a762807aedee1b0a53fd6c4e77b46a01bfef7820.vk", "0c7b4aac1c40fdb7eb82bc355b41addf", "Qmf93EMrADXAK6CyiSfE8xx45fkMfR3uzKEPCvZC1n2kzb", 32356ULL},
    {Circuit::WindowPost, 32ULL << 30, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-0-0377ded656c6f524f1618760bffe4e0a1c51d5a70c4509eedae8a27555733edc.params", "2cf49eb26f1fee94c85781a390ddb4c8", "QmaUmfcJt6pozn8ndq1JVBzLRjRJdHMTPd4foa8iw5sjBZ", 60773787238ULL},
    {Circuit::WindowPost, 32ULL << 30, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-0-0377ded656c6f524f1618760bffe4e0a1c51d5a70c4509eedae8a27555733edc.vk", "0f8ec542485568fa3468c066e9fed82b", "QmR9i9KL3vhhAqTBGj1bPPC7LvkptxrH9RvxJxLN1vvsBE", 2481508ULL},
    {Circuit::WinningPost, 32ULL << 30, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-0-559e581f022bb4e4ec6e719e563bf0e026ad6de42e56c18714a2c692b1b88d7e.params", "d84f79a16fe40e9e25a36e2107bb1ba0", "Qmdtczp7p4wrbDofmHdGhiixn9irAcN77mV9AEHZBaTt1i", 192099123ULL},
    {Circuit::WinningPost, 32ULL << 30, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-0-559e581f022bb4e4ec6e719e563bf0e026ad6de42e56c18714a2c692b1b88d7e.vk", "fc02943678dd119e69e7fab8420e8819", "QmZCvxKcKP97vDAk8Nxs9R1fWtqpjQrAhhfXPoCi1nkDoF", 13636ULL},
    {Circuit::SnapUpdate, 32ULL << 30, "v28-empty-sector-update-merkletree-poseidon_hasher-8-8-0-3b7f44a9362e3985369454947bc94022e118211e49fd672d52bec1cbfd599d18.params", "1b3cfd761a961543f9eb273e435a06a2", "QmNPc75iEfcahCwNKdqnWLtxnjspUGGR4iscjiz3wP3RtS", 34467112550ULL},
    {Circuit::SnapUpdate, 32ULL << 30, "v28-empty-sector-update-merkletree-poseidon_hasher-8-8-0-3b7f44a9362e3985369454947bc94022e118211e49fd672d52bec1cbfd599d18.vk", "3a6941983754737fde880d29c7094905", "QmdFFUe1gcz9MMHc6YW8aoV48w4ckvcERjt7PkydQAMfCN", 33000ULL},
    {Circuit::PoRep, 64ULL << 30, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-8-2-sha256_hasher-96f1b4a04c5c51e4759bbf224bbc2ef5a42c7100f16ec0637123f16a845ddfb2.params", "1801f8a6e1b00bceb00cc27314bb5ce3", "QmS7ye6Ri2MfFzCkcUJ7FQ6zxDKuJ6J6B8k5PN7wzSR9sX", 47674136985ULL},
    {Circuit::PoRep, 64ULL << 30, "v28-stacked-proof-of-replication-merkletree-poseidon_hasher-8-8-2-sha256_hasher-96f1b4a04c5c51e4759bbf224bbc2ef5a42c7100f16ec0637123f16a845ddfb2.vk", "a89884252c04c298d0b3c81bfd884164", "QmehSmC6BhrgRZakPDta2ewoH9nosNzdjCqQRXsNFNUkLN", 32356ULL},
    {Circuit::WindowPost, 64ULL << 30, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-2-2627e4006b67f99cef990c0a47d5426cb7ab0a0ad58fc1061547bf2d28b09def.params", "3810b7780ac0e299b22ae70f1f94c9bc", "QmeAN4vuANhXsF8xP2Lx5j2L6yMSdogLzpcvqCJThRGK1V", 62599148339ULL},
    {Circuit::WindowPost, 64ULL << 30, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-2-2627e4006b67f99cef990c0a47d5426cb7ab0a0ad58fc1061547bf2d28b09def.vk", "59d2bf1857adc59a4f08fcf2afaa916b", "QmWV8rqZLxs1oQN9jxNWmnT1YdgLwCcscv94VARrhHf1T7", 2429764ULL},
    {Circuit::WinningPost, 64ULL << 30, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-2-b62098629d07946e9028127e70295ed996fe3ed25b0f9f88eb610a0ab4385a3c.params", "2170a91ad5bae22ea61f2ea766630322", "QmVkrXc1SLcpgcudK5J25HH93QvR9tNsVhVTYHm5UymXAz", 199963443ULL},
    {Circuit::WinningPost, 64ULL << 30, "v28-proof-of-spacetime-fallback-merkletree-poseidon_hasher-8-8-2-b62098629d07946e9028127e70295ed996fe3ed25b0f9f88eb610a0ab4385a3c.vk", "6d3789148fb6466d07ee1e24d6292fd6", "QmbfQjPD7EpzjhWGmvWAsyN2mAZ4PcYhsf3ujuhU9CSuBm", 13636ULL},
    {Circuit::SnapUpdate, 64ULL << 30, "v28-empty-sector-update-merkletree-poseidon_hasher-8-8-2-102e1444a7e9a97ebf1e3d6855dcc77e66c011ea66f936d9b2c508f87f2f83a7.params", "1a392e7b759fb18e036c7559b5ece816", "QmUB6xTVjzBQGuDNeyJMrrJ1byk58vhPm8eY2Lv9pgwanp", 35540854374ULL},
    {Circuit::SnapUpdate, 64ULL << 30, "v28-empty-sector-update-merkletree-poseidon_hasher-8-8-2-102e1444a7e9a97ebf1e3d6855dcc77e66c011ea66f936d9b2c508f87f2f83a7.vk", "80e366df2f1011953c2d01c7b7c9ee8e", "Qmd794Jty7k26XJ8Eg4NDEks65Qk8G4GVfGkwqvymv8HAg", 33000ULL},
});

bool isHexDigest(std::string_view text) { return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

/// A name and no way out of the folder; a CID that changes nothing of the address it is put behind.
bool isPlain(std::string_view text) {
    constexpr std::string_view kMore = "-_.";
    return !text.empty() && text.size() < 200 && text.front() != '.' && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMore.find(c) != std::string_view::npos;
    });
}

} // namespace

std::string_view circuitName(Circuit circuit) {
    switch (circuit) {
    case Circuit::PoRep: return "porep";
    case Circuit::WindowPost: return "windowpost";
    case Circuit::WinningPost: return "winningpost";
    case Circuit::SnapUpdate: return "update";
    }
    return "";
}

const std::vector<ParameterFile>& parameterManifest() {
    static const std::vector<ParameterFile> all = [] {
        std::vector<ParameterFile> out;
        for (const Row& row : kRows) out.push_back({row.name, row.cid, row.digest, {row.sectorSize}, row.circuit, row.about});
        return out;
    }();
    return all;
}

Expected<std::vector<ParameterFile>> readManifest(const std::filesystem::path& file) {
    const auto text = readSmallFile(file);
    if (!text) return Error(text.error()).whileDoing("reading the list of parameters");
    const auto wrong = [&](const std::string& what) { return Error(ErrorCode::Corrupt, "the list of parameters " + file.string() + ' ' + what); };
    json::error_code failed;
    const json::value parsed = json::parse(*text, failed);
    if (failed || !parsed.is_object()) return wrong("is no JSON object");
    std::vector<ParameterFile> out;
    for (const auto& [name, value] : parsed.get_object()) {
        const json::object* entry = value.if_object();
        const json::value* cid = entry ? entry->if_contains("cid") : nullptr;
        const json::value* digest = entry ? entry->if_contains("digest") : nullptr;
        const json::value* size = entry ? entry->if_contains("sector_size") : nullptr;
        json::error_code noNumber;
        const std::uint64_t sectorSize = size ? size->to_number<std::uint64_t>(noNumber) : 0;
        if (!isPlain(name) || !cid || !cid->is_string() || !isPlain(cid->get_string()) || !digest || !digest->is_string() ||
            !isHexDigest(digest->get_string()) || !size || noNumber)
            return wrong("has an entry that is not {\"cid\", \"digest\", \"sector_size\"}: " + std::string(name));
        ParameterFile one{name, std::string(cid->get_string()), std::string(digest->get_string()), {sectorSize}, {}, 0};
        for (const ParameterFile& known : parameterManifest())
            if (known.name == one.name) one.circuit = known.circuit, one.about = known.about;
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<ParameterFile> neededFiles(const std::vector<ParameterFile>& manifest, sector::PaddedBytes sectorSize, const std::vector<Circuit>& circuits) {
    std::vector<ParameterFile> out;
    std::copy_if(manifest.begin(), manifest.end(), std::back_inserter(out), [&](const ParameterFile& file) {
        return file.sectorSize == sectorSize && (circuits.empty() || !file.circuit || std::find(circuits.begin(), circuits.end(), *file.circuit) != circuits.end());
    });
    std::stable_sort(out.begin(), out.end(), [](const ParameterFile& a, const ParameterFile& b) {
        return a.isKey() != b.isKey() ? a.isKey() : a.about < b.about;
    });
    return out;
}

Expected<std::vector<Circuit>> circuitsFor(std::string_view words) {
    std::vector<Circuit> out;
    while (!words.empty()) {
        const std::string_view word = words.substr(0, words.find(','));
        words.remove_prefix(std::min(words.size(), word.size() + 1));
        if (word == "all") return std::vector<Circuit>();
        if (word == "c2" || word == "porep") out.push_back(Circuit::PoRep);
        else if (word == "windowpost") out.push_back(Circuit::WindowPost);
        else if (word == "winningpost") out.push_back(Circuit::WinningPost);
        else if (word == "update" || word == "prove-replica-update2") out.push_back(Circuit::SnapUpdate);
        else return Error(ErrorCode::InvalidArgument, "there are no parameters for \"" + std::string(word) + "\"; there are: c2, windowpost, winningpost, update, all");
    }
    return out;
}

} // namespace lsw::params
