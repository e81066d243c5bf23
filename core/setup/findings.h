// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "base/expected.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the checks of connection and machine can find: one list, from which sentences, states, exit codes and fixes come.
namespace lsw::setup {

enum class CheckState { Pass, Warn, Fail, NotRun };
/// "pass", "warn", "fail", "not-run"
std::string_view nameOf(CheckState state);

/// What a person is offered: the window puts a button on it, the command line the sentence.
enum class FixKind {
    None, GiveConnection, NewToken, StartMiner, MinerListens, UseAddress, OpenFirewall, CheckNetwork, MinerSettings, ChangeVersion,
    OtherPort, ChangeAdvertise, SetClock, RaiseLimit, AddStorage, FreeSpace, SetPermissions, SetEnvironment, StopOther, Install, Hardware,
};
std::string_view nameOf(FixKind fix);

/// One of each thing that can be found. Their texts are in findings.cpp.
enum class Finding {
    NotRunBecause, Stopped,
    // 1: what was given
    InputUnderstood, MinerNotNamed, InputMendable, InputUnreadable, RepoMissing, RepoForbidden, MinerNotRunning,
    // 2: token
    TokenGood, TokenMissing, TokenTruncated, TokenDamaged, TokenWeak, TokenOpaque, TokenFileOpen, KeystoreOpen,
    // 3: name
    NameIsAddress, NameResolved, NameUnknown, NameServerSilent,
    // 4: route
    RouteFound, MinerHere, AddressUnspecified, LoopbackNobody, NoRoute, ThroughProxy, OpenOverInternet,
    // 5: TCP
    Connected, Refused, LoopbackOnly, StaleApi, MinerNotListening, ListenOverridden, AddressMoved, ConnectTimedOut, HostUnreachable, ConnectForbidden,
    ConnectFailed, ConfigWaits, ConfigBeaten,
    // 6: HTTP and JSON-RPC
    SpeaksRpc, TlsPort, NotTls, CertificateRefused, PageInstead, OtherService, NotHttp, SilentPort, Dropped, DaemonPort, WorkerPort, UpgradeStripped,
    // 7: token at the miner
    TokenAccepted, TokenRefused, AuthUnclear,
    // 8: version
    VersionFits, MinerTooOld, MinerBetweenVersions, MinerOtherApi, MinerTooNew, VersionUnclear,
    // 9: which miner
    MinerKnown, FullNodeLost, RemoteListenLoopback, MinerUnclear,
    // 10, 11: our address
    PortFree, PortOurs, PortTaken, PortForbidden, ListenNotOurs, ListenUnreadable,
    AdvertiseGood, AdvertiseProved, AdvertiseLoopback, AdvertiseUnspecified, AdvertiseForeign,
    // 12: clocks
    ClocksAgree, ClockAhead, ClockBehind, ClockNotTold,
    // 13: limits
    LimitsGood, FilesLow, MemoryLimited, SleepsWhenIdle,
    // 14: storage paths
    StorageGood, StorageNew, NoSealPath, PathGone, PathUnwritable, PathTooSmall, StorageUnreadable, WorkerFolderHeld, FolderOfMiner,
    // the machine
    CpuFast, ShaMissing, CoresEnough, CoresFew, CacheGroups, MemoryEnough, MemoryTight, MemoryShort, SwapThere, HugePagesThere, HugePagesOff,
    GpusSeen, NoGpu, FilesEnough, LockedMemory, PathFit, PathInMemory, PathOnNetwork, PathTurns, ParametersFit, ParametersNoRoom, NoParameters, ParentsFit, ParentsNoRoom,
    TemporaryGood, TemporaryBad, BellmanLockForeign, BellmanLockGood, ClockKept, ClockUnkept, StaysAwake,
    DiskSpeedGood, DiskSlow, DiskUnmeasured, ParentsThere, ParentsUnchecked, ParentsRight, ParentsWrong, LinkSpeed,
    Count,
};

/// What was found, with what is put into its sentences. No argument holds a token.
struct Found {
    Finding finding = Finding::Stopped;
    std::vector<std::string> arguments;

    CheckState state() const;
    /// "port-taken": never changes, never translated.
    std::string_view key() const;
    /// What a failure of it means for an exit code.
    ErrorCode code() const;
    /// One English sentence; the template of it, with %1 … for the arguments, is what a translation translates.
    std::string sentence() const;
    std::string_view sentenceTemplate() const;
    FixKind fix() const;
    /// One English sentence that says what to do; empty when there is nothing to do.
    std::string fixSentence() const;
    std::string_view fixTemplate() const;
    /// What to type or to write, not translated; may be empty.
    std::string command() const;
};

/// What the system says of a call that failed ("Connection refused"), in words of our own, so that a window can say them in its language. English; for the
/// translator they stand in the same list as the sentences.
std::span<const std::string_view> plainWords();
/// `text` with what the system says at its end replaced; nothing when there is nothing of it.
std::optional<std::string> inPlainWords(std::string_view text);

/// `text` with %1 … %9 replaced by the arguments; what lacks one stays as it is.
std::string withArguments(std::string_view text, const std::vector<std::string>& arguments);

/// The worst of what one check found is what it says; the rest is evidence. So are the system's own words, where an argument had them.
class CheckNotes {
public:
    void find(Finding finding, std::vector<std::string> arguments = {});
    void evidence(std::string line) { m_evidence.push_back(std::move(line)); }
    bool hasFailed() const { return m_worst && m_worst->state() == CheckState::Fail; }
    bool isEmpty() const { return !m_worst; }
    /// What was found; Stopped when nothing was.
    Found worst() const { return m_worst.value_or(Found{}); }
    const std::vector<std::string>& evidence() const { return m_evidence; }

private:
    std::optional<Found> m_worst;
    std::vector<std::string> m_evidence;
};

} // namespace lsw::setup
