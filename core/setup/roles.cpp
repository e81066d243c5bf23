// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/roles.h"

#include <algorithm>
#include <array>

namespace lsw::setup {
namespace {

constexpr std::uint64_t kGiB = 1ULL << 30;

constexpr std::array<std::string_view, 3> kPreCommit1{"addpiece", "precommit1", "unseal"};
constexpr std::array<std::string_view, 5> kProving{"precommit2", "commit", "replica-update", "prove-replica-update2", "regen-sector-key"};
constexpr std::array<std::string_view, 8> kSealing{"addpiece", "precommit1", "unseal", "precommit2", "commit", "replica-update", "prove-replica-update2", "regen-sector-key"};
constexpr std::array<std::string_view, 1> kWindow{"windowpost"};
constexpr std::array<std::string_view, 1> kWinning{"winningpost"};

// PC2 and C2 use every core, so a second one beside the first only takes memory.
constexpr std::array<Role, 6> kRoles{{
    {"all", "All sealing tasks on one machine", kSealing, 0, 1, 1, 8 * kGiB, "c2,update"},
    {"pc1", "Adds pieces, labels and unseals: many cores, much memory and a fast disk, no parameters", kPreCommit1, 0, 0, 0, 4 * kGiB, ""},
    {"pc2c2", "Builds trees, proves and updates sectors", kProving, 0, 1, 1, 4 * kGiB, "c2,update"},
    {"windowpost", "Proves the storage of each deadline (window PoSt), and nothing else", kWindow, 0, 0, 0, 2 * kGiB, "windowpost"},
    {"winningpost", "Proves for blocks that are won (winning PoSt), and nothing else", kWinning, 0, 0, 0, 2 * kGiB, "winningpost"},
    {"practice", "All sealing tasks one at a time, on a machine that has other work", kSealing, 1, 1, 1, 1 * kGiB, "c2,update"},
}};

} // namespace

std::span<const Role> roles() { return kRoles; }

Expected<const Role*> roleNamed(std::string_view name) {
    const auto found = std::ranges::find(kRoles, name, &Role::name);
    if (found != kRoles.end()) return &*found;
    std::string known;
    for (const Role& role : kRoles) known += (known.empty() ? "" : ", ") + std::string(role.name);
    return Error(ErrorCode::InvalidArgument, "there is no role \"" + std::string(name) + "\"; there are " + known);
}

} // namespace lsw::setup
