// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/findings.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <netdb.h>

#include <QtCore/qglobal.h>

namespace lsw::setup {
namespace {

struct Row {
    Finding finding;
    std::string_view key;
    CheckState state;
    ErrorCode code; ///< of a failure
    std::string_view sentence;
    FixKind fix = FixKind::None;
    std::string_view fixSentence = {}, command = {};
};

constexpr auto kPass = CheckState::Pass, kWarn = CheckState::Warn, kFail = CheckState::Fail, kNotRun = CheckState::NotRun;
constexpr auto kNone = ErrorCode::Internal; ///< of what is no failure
constexpr auto kUnreachable = ErrorCode::MinerUnreachable;

// In the order of the enumeration.
constexpr std::array<Row, static_cast<std::size_t>(Finding::Count)> kRows{{
    {Finding::NotRunBecause, "not-run", kNotRun, kNone, QT_TRANSLATE_NOOP("findings", "Not run because of #%1.")},
    {Finding::Stopped, "stopped", kNotRun, ErrorCode::Cancelled, QT_TRANSLATE_NOOP("findings", "Not run: it was ended before.")},

    {Finding::InputUnderstood, "input-understood", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 gives the miner at %2.")},
    {Finding::MinerNotNamed, "miner-not-named", kFail, ErrorCode::NotConfigured, QT_TRANSLATE_NOOP("findings", "Nothing tells where the miner is."), FixKind::GiveConnection,
     QT_TRANSLATE_NOOP("findings", "Run this on the miner and put what it prints into the environment here."), "lotus-miner auth api-info --perm admin"},
    {Finding::InputMendable, "input-mendable", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "%1 is not as it must be: %2"), FixKind::GiveConnection,
     QT_TRANSLATE_NOOP("findings", "Write it as it is written here, with the whole token."), "%3"},
    {Finding::InputUnreadable, "input-unreadable", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "What tells where the miner is cannot be read: %1."),
     FixKind::GiveConnection, QT_TRANSLATE_NOOP("findings", "Run this on the miner and copy the whole line that it prints."), "lotus-miner auth api-info --perm admin"},
    {Finding::RepoMissing, "repo-missing", kFail, ErrorCode::NotFound, QT_TRANSLATE_NOOP("findings", "The miner's folder cannot be found: %1."), FixKind::GiveConnection,
     QT_TRANSLATE_NOOP("findings", "Give the folder of the miner on this PC, or the miner's address and token."), "lotus-miner auth api-info --perm admin"},
    {Finding::RepoForbidden, "repo-forbidden", kFail, ErrorCode::PermissionDenied, QT_TRANSLATE_NOOP("findings", "The miner's folder belongs to another user: %1."),
     FixKind::GiveConnection, QT_TRANSLATE_NOOP("findings", "Run this as the user of the miner and put what it prints into the environment here."), "lotus-miner auth api-info --perm admin"},
    {Finding::MinerNotRunning, "miner-not-running", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "The miner of this PC is not running: %1."), FixKind::StartMiner,
     QT_TRANSLATE_NOOP("findings", "Start the miner."), "lotus-miner run"},

    {Finding::TokenGood, "token-good", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The token is whole and allows %1.")},
    {Finding::TokenMissing, "token-missing", kFail, ErrorCode::PermissionDenied, QT_TRANSLATE_NOOP("findings", "There is no token in %1, and no miner registers a worker without one."),
     FixKind::NewToken, QT_TRANSLATE_NOOP("findings", "Run this on the miner and copy the whole line that it prints."), "lotus-miner auth api-info --perm admin"},
    {Finding::TokenTruncated, "token-truncated", kFail, ErrorCode::PermissionDenied, QT_TRANSLATE_NOOP("findings", "The token was cut off: only its first %1 characters are there."),
     FixKind::NewToken, QT_TRANSLATE_NOOP("findings", "Copy it again, whole; this prints it on the miner."), "lotus-miner auth api-info --perm admin"},
    {Finding::TokenDamaged, "token-damaged", kFail, ErrorCode::PermissionDenied, QT_TRANSLATE_NOOP("findings", "The token is damaged: it cannot be decoded."), FixKind::NewToken,
     QT_TRANSLATE_NOOP("findings", "Copy it again; this prints it on the miner."), "lotus-miner auth api-info --perm admin"},
    {Finding::TokenWeak, "token-weak", kFail, ErrorCode::PermissionDenied, QT_TRANSLATE_NOOP("findings", "The token allows only %1, and a worker needs read and admin."),
     FixKind::NewToken, QT_TRANSLATE_NOOP("findings", "Make one that allows everything a worker does."), "lotus-miner auth api-info --perm admin"},
    {Finding::TokenOpaque, "token-opaque", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "The token has not the form that lotus gives tokens, so only the miner can say what it allows."),
     FixKind::NewToken, QT_TRANSLATE_NOOP("findings", "If the miner refuses it, make one there."), "lotus-miner auth api-info --perm admin"},
    {Finding::TokenFileOpen, "token-file-open", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "Other users of this PC can read the token in %1."), FixKind::SetPermissions,
     QT_TRANSLATE_NOOP("findings", "Keep it to its owner."), "chmod 600 '%1'"},
    {Finding::KeystoreOpen, "keystore-open", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "Others have rights on the miner's key %1; the miner will not start with it."),
     FixKind::SetPermissions, QT_TRANSLATE_NOOP("findings", "Keep the keys to their owner."), "chmod 600 '%1'"},

    {Finding::NameIsAddress, "name-is-address", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 is an address: there is no name to look up.")},
    {Finding::NameResolved, "name-resolved", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 is %2.")},
    {Finding::NameUnknown, "name-unknown", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "Nobody knows the name %1 (%2)."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "Check the spelling, or use the miner's IP address, which this prints there."), "hostname -I"},
    {Finding::NameServerSilent, "name-server-silent", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "The name %1 could not be looked up: no name server answers (%2)."),
     FixKind::UseAddress, QT_TRANSLATE_NOOP("findings", "Use the miner's IP address, which this prints there."), "hostname -I"},

    {Finding::RouteFound, "route-found", kPass, kNone, QT_TRANSLATE_NOOP("findings", "Packets to %1 leave this PC from %2.")},
    {Finding::MinerHere, "miner-here", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 is an address of this PC: the miner is here.")},
    {Finding::AddressUnspecified, "address-unspecified", kFail, ErrorCode::InvalidArgument,
     QT_TRANSLATE_NOOP("findings", "%1 stands for all addresses of the miner's PC; it is nobody's address."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "Put the miner's LAN address in its place, which this prints there."), "hostname -I"},
    {Finding::LoopbackNobody, "loopback-nobody", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "%1 always means this PC, and nobody listens on port %2 here."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "If the miner is another PC, use its LAN address, which this prints there; if it is this one, start it or correct the port."), "hostname -I"},
    {Finding::NoRoute, "no-route", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "No route leads from this PC to %1 (%2)."), FixKind::CheckNetwork,
     QT_TRANSLATE_NOOP("findings", "Check the cable, the VPN and the address."), "ip route get %1"},
    {Finding::ThroughProxy, "through-proxy", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "Calls to %1 go through the proxy %2, which the environment sets."), FixKind::SetEnvironment,
     QT_TRANSLATE_NOOP("findings", "Leave the miner out of it."), "export no_proxy=%1"},
    {Finding::OpenOverInternet, "open-over-internet", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "%1 is a public address, and the token goes there unencrypted."), FixKind::CheckNetwork,
     QT_TRANSLATE_NOOP("findings", "Reach the miner through a VPN, or through a proxy that speaks https.")},

    {Finding::Connected, "connected", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 accepts connections (after %2 ms).")},
    {Finding::Refused, "refused", kFail, kUnreachable,
     QT_TRANSLATE_NOOP("findings", "Nobody listens at %1: the miner is not running there, or it listens to its own PC alone, as it does unless told otherwise."), FixKind::MinerListens,
     QT_TRANSLATE_NOOP("findings", "On the miner set this in [API] of its config.toml and start it again."), "ListenAddress = \"/ip4/%2/tcp/%3/http\""},
    {Finding::LoopbackOnly, "loopback-only", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "The miner listens on %4 alone, so that nobody reaches it at %1."), FixKind::MinerListens,
     QT_TRANSLATE_NOOP("findings", "On the miner set this in [API] of its config.toml and start it again."), "ListenAddress = \"/ip4/%2/tcp/%3/http\""},
    {Finding::StaleApi, "stale-api", kFail, kUnreachable,
     QT_TRANSLATE_NOOP("findings", "No miner runs here: %1 was left by one that ended without warning, and nobody listens at %2."), FixKind::StartMiner, QT_TRANSLATE_NOOP("findings", "Start the miner."), "lotus-miner run"},
    {Finding::MinerNotListening, "miner-not-listening", kFail, kUnreachable,
     QT_TRANSLATE_NOOP("findings", "The miner runs (it holds %2), but does not listen at %1; perhaps it is still starting."), FixKind::StartMiner,
     QT_TRANSLATE_NOOP("findings", "Wait until this answers, then check again."), "lotus-miner info"},
    {Finding::ListenOverridden, "listen-overridden", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "The miner was started with %2, which beats its config.toml; nobody listens at %1."),
     FixKind::StartMiner, QT_TRANSLATE_NOOP("findings", "Start the miner again without that."), "lotus-miner run"},
    {Finding::AddressMoved, "address-moved", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "The miner's api file says %1, which is no longer an address of this PC."), FixKind::MinerListens,
     QT_TRANSLATE_NOOP("findings", "Give the PC that address again, or set the present one in [API] of the miner's config.toml and start it again."), "ListenAddress = \"/ip4/0.0.0.0/tcp/%2/http\""},
    {Finding::ConnectTimedOut, "connect-timed-out", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "Nothing comes back from %1 within %2 s: a firewall drops the packets, or the address is wrong."),
     FixKind::OpenFirewall, QT_TRANSLATE_NOOP("findings", "On the miner let this PC in (with ufw; other firewalls have the like)."), "sudo ufw allow from %3 to any port %4 proto tcp"},
    {Finding::HostUnreachable, "host-unreachable", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "%1 cannot be reached (%2): that PC is off, or the network between is down."),
     FixKind::CheckNetwork, QT_TRANSLATE_NOOP("findings", "Check that PC, the cable and the VPN."), "ping %3"},
    {Finding::ConnectForbidden, "connect-forbidden", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "This PC's own firewall forbids the connection to %1."), FixKind::OpenFirewall,
     QT_TRANSLATE_NOOP("findings", "Let this PC out to the miner (with ufw; other firewalls have the like)."), "sudo ufw allow out to %2 port %3 proto tcp"},
    {Finding::ConnectFailed, "connect-failed", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "The connection to %1 fails: %2."), FixKind::CheckNetwork, QT_TRANSLATE_NOOP("findings", "Check the address and the network.")},
    {Finding::ConfigWaits, "config-waits", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "The miner's config.toml says ListenAddress %1, and the miner listens at %2: it was not started again since that was written."),
     FixKind::StartMiner, QT_TRANSLATE_NOOP("findings", "Start the miner again."), "lotus-miner stop; lotus-miner run"},
    {Finding::ConfigBeaten, "config-beaten", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "The miner's config.toml says ListenAddress %1, and the miner listens at %2, because %3 beats the file."),
     FixKind::StartMiner, QT_TRANSLATE_NOOP("findings", "Start the miner again without that."), "lotus-miner stop; lotus-miner run"},

    {Finding::SpeaksRpc, "speaks-rpc", kPass, kNone, QT_TRANSLATE_NOOP("findings", "A lotus API answers at %1.")},
    {Finding::TlsPort, "tls-port", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "%1 speaks TLS (https), and the address says http."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "Use the address of the encrypted API."), "%2"},
    {Finding::NotTls, "not-tls", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "%1 does not speak TLS, though the address says https."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "Use the address of the plain API."), "%2"},
    {Finding::CertificateRefused, "certificate-refused", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "The certificate of %1 is not accepted: %2."), FixKind::MinerSettings,
     QT_TRANSLATE_NOOP("findings", "Give the server one for that name by an authority that this PC trusts, or reach the miner without TLS inside your own network.")},
    {Finding::PageInstead, "page-instead", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "A web page answers at %1, not a miner: a proxy or another server stands there (%2)."),
     FixKind::UseAddress, QT_TRANSLATE_NOOP("findings", "Use the address of the miner itself; on the miner this prints it."), "cat ~/.lotusminer/api"},
    {Finding::OtherService, "other-service", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "What answers at %1 is no lotus API (%2)."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "Check address and port; on the miner this prints them."), "cat ~/.lotusminer/api"},
    {Finding::NotHttp, "not-http", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "What listens at %1 does not speak HTTP, so it is no miner."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "Check the port; on the miner this prints it."), "cat ~/.lotusminer/api"},
    {Finding::SilentPort, "silent-port", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "%1 takes the connection, but does not answer within %2 s."), FixKind::StartMiner,
     QT_TRANSLATE_NOOP("findings", "See on the miner whether it still answers there; if not, start it again."), "lotus-miner info"},
    {Finding::Dropped, "dropped", kFail, kUnreachable, QT_TRANSLATE_NOOP("findings", "%1 takes the connection and ends it without an answer (%2)."), FixKind::StartMiner,
     QT_TRANSLATE_NOOP("findings", "See on the miner whether it answers there, and what stands between."), "lotus-miner info"},
    {Finding::DaemonPort, "daemon-port", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "%1 is the API of a full node (lotus daemon), not of a miner."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "Use the miner's port, 2345 unless it was changed; on the miner this prints address and token."), "lotus-miner auth api-info --perm admin"},
    {Finding::WorkerPort, "worker-port", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "%1 is the port of a worker, not of a miner."), FixKind::UseAddress,
     QT_TRANSLATE_NOOP("findings", "Use the miner's port, 2345 unless it was changed; on the miner this prints address and token."), "lotus-miner auth api-info --perm admin"},
    {Finding::UpgradeStripped, "upgrade-stripped", kWarn, kNone,
     QT_TRANSLATE_NOOP("findings", "Something between here and %1 lets no connection be upgraded (WebSocket): this worker needs none, other programs of lotus do."), FixKind::MinerSettings,
     QT_TRANSLATE_NOOP("findings", "In the proxy before the miner pass the headers Upgrade and Connection on."), "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"Upgrade\";"},

    {Finding::TokenAccepted, "token-accepted", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The miner accepts the token, for %1.")},
    {Finding::TokenRefused, "token-refused", kFail, ErrorCode::PermissionDenied,
     QT_TRANSLATE_NOOP("findings", "The miner refuses the token (401): it is another miner's, or this miner's keystore was made anew."), FixKind::NewToken,
     QT_TRANSLATE_NOOP("findings", "Run this on this miner and copy the whole line that it prints."), "lotus-miner auth api-info --perm admin"},
    {Finding::AuthUnclear, "auth-unclear", kFail, ErrorCode::Remote, QT_TRANSLATE_NOOP("findings", "The miner could not say what the token allows: %1."), FixKind::NewToken,
     QT_TRANSLATE_NOOP("findings", "Try one that the miner makes now."), "lotus-miner auth api-info --perm admin"},

    {Finding::VersionFits, "version-fits", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The miner is lotus-miner %1 with API %2, which this worker speaks.")},
    {Finding::MinerTooOld, "miner-too-old", kFail, ErrorCode::IncompatibleVersion,
     QT_TRANSLATE_NOOP("findings", "The miner is lotus %1 (API %2) and speaks the worker protocol of %3 (%4); this worker speaks that of lotus v1.20 and later."), FixKind::ChangeVersion,
     QT_TRANSLATE_NOOP("findings", "Bring the miner to the present lotus, or work for it with the program of its own release: %5.")},
    {Finding::MinerBetweenVersions, "miner-development-build", kFail, ErrorCode::IncompatibleVersion,
     QT_TRANSLATE_NOOP("findings", "The miner is a development build of early 2020 (%1, API %2) whose worker protocol was never released."), FixKind::ChangeVersion,
     QT_TRANSLATE_NOOP("findings", "Bring the miner to a release of lotus.")},
    {Finding::MinerOtherApi, "miner-other-api", kFail, ErrorCode::IncompatibleVersion,
     QT_TRANSLATE_NOOP("findings", "The miner is lotus-miner %1 with API %2; this worker speaks API %3, which miners have from lotus v1.20.0 on."), FixKind::ChangeVersion,
     QT_TRANSLATE_NOOP("findings", "Bring the miner to lotus v1.20.0 or later, or use the worker program of its own release."), "lotus-miner version"},
    {Finding::MinerTooNew, "miner-too-new", kFail, ErrorCode::IncompatibleVersion,
     QT_TRANSLATE_NOOP("findings", "The miner is lotus-miner %1 with API %2, which is newer than this worker; it speaks API %3."), FixKind::ChangeVersion,
     QT_TRANSLATE_NOOP("findings", "Bring this worker to its newest version."), "lotus-seal-worker version"},
    {Finding::VersionUnclear, "version-unclear", kFail, ErrorCode::IncompatibleVersion, QT_TRANSLATE_NOOP("findings", "The miner does not say its version: %1."), FixKind::ChangeVersion,
     QT_TRANSLATE_NOOP("findings", "See on the miner which program answers there."), "lotus-miner version"},

    {Finding::MinerKnown, "miner-known", kPass, kNone, QT_TRANSLATE_NOOP("findings", "It is the miner %1 with sectors of %2; registered workers: %3.")},
    {Finding::FullNodeLost, "full-node-lost", kFail, ErrorCode::Remote, QT_TRANSLATE_NOOP("findings", "The miner %1 does not reach its full node, so no sector goes on: %2."), FixKind::MinerSettings,
     QT_TRANSLATE_NOOP("findings", "On the miner see whether the node runs and is in step."), "lotus sync status"},
    {Finding::RemoteListenLoopback, "remote-listen-loopback", kFail, ErrorCode::Remote,
     QT_TRANSLATE_NOOP("findings", "The miner tells workers to fetch its files from %1, which on another PC is that PC itself."), FixKind::MinerSettings,
     QT_TRANSLATE_NOOP("findings", "On the miner set this in [API] of its config.toml and start it again."), "RemoteListenAddress = \"%2\""},
    {Finding::MinerUnclear, "miner-unclear", kFail, ErrorCode::Remote, QT_TRANSLATE_NOOP("findings", "The miner does not say who it is: %1."), FixKind::MinerSettings, QT_TRANSLATE_NOOP("findings", "See on the miner whether it answers."),
     "lotus-miner info"},

    {Finding::PortFree, "port-free", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 is free for this worker.")},
    {Finding::PortOurs, "port-ours", kPass, kNone, QT_TRANSLATE_NOOP("findings", "This worker runs and listens at %1.")},
    {Finding::PortTaken, "port-taken", kFail, ErrorCode::AlreadyExists, QT_TRANSLATE_NOOP("findings", "%1 is taken by %2."), FixKind::OtherPort, QT_TRANSLATE_NOOP("findings", "Stop that program, or take another port."),
     "lotus-seal-worker run --listen %3"},
    {Finding::PortForbidden, "port-forbidden", kFail, ErrorCode::PermissionDenied, QT_TRANSLATE_NOOP("findings", "This user may not listen at %1 (%2)."), FixKind::OtherPort,
     QT_TRANSLATE_NOOP("findings", "Take a port above 1023."), "lotus-seal-worker run --listen %3"},
    {Finding::ListenNotOurs, "listen-not-ours", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "%1 is no address of this PC, so nothing can listen there."), FixKind::OtherPort,
     QT_TRANSLATE_NOOP("findings", "Listen on the address that faces the miner, which 0.0.0.0 stands for."), "lotus-seal-worker run --listen 0.0.0.0:%2"},
    {Finding::ListenUnreadable, "listen-unreadable", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "The address to listen on or to advertise cannot be used: %1."), FixKind::OtherPort,
     QT_TRANSLATE_NOOP("findings", "Write it as HOST:PORT."), "lotus-seal-worker run --listen 0.0.0.0:3456"},

    {Finding::AdvertiseGood, "advertise-good", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The miner will be told to call this worker at %1.")},
    {Finding::AdvertiseProved, "advertise-proved", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The miner has called this worker at %1 and registered it.")},
    {Finding::AdvertiseLoopback, "advertise-loopback", kFail, ErrorCode::InvalidArgument,
     QT_TRANSLATE_NOOP("findings", "The miner is another PC, and would look for this worker at %1, which there is the miner itself."), FixKind::ChangeAdvertise,
     QT_TRANSLATE_NOOP("findings", "Listen on the address that faces the miner."), "lotus-seal-worker run --listen %2"},
    {Finding::AdvertiseUnspecified, "advertise-unspecified", kFail, ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("findings", "%1 stands for all addresses; no miner can call a worker there."),
     FixKind::ChangeAdvertise, QT_TRANSLATE_NOOP("findings", "Advertise the address that faces the miner."), "lotus-seal-worker run --advertise %2"},
    {Finding::AdvertiseForeign, "advertise-foreign", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "%1 is no address of this PC: it is right only if a router forwards that port to here."),
     FixKind::ChangeAdvertise, QT_TRANSLATE_NOOP("findings", "Without such a router, leave the advertising out."), "lotus-seal-worker run --listen %2"},

    {Finding::ClocksAgree, "clocks-agree", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The clocks of miner and worker agree within %1 s.")},
    {Finding::ClockAhead, "clock-ahead", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "This PC's clock is %1 s ahead of the miner's."), FixKind::SetClock, QT_TRANSLATE_NOOP("findings", "Let both set their clocks by the network."),
     "sudo timedatectl set-ntp true"},
    {Finding::ClockBehind, "clock-behind", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "This PC's clock is %1 s behind the miner's."), FixKind::SetClock, QT_TRANSLATE_NOOP("findings", "Let both set their clocks by the network."),
     "sudo timedatectl set-ntp true"},
    {Finding::ClockNotTold, "clock-not-told", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The miner's answers do not tell its time, so the clocks were not compared.")},

    {Finding::LimitsGood, "limits-good", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 files may be open at once, and %2 of memory may be used.")},
    {Finding::FilesLow, "files-low", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "Only %1 files may be open at once; large sectors want %2."), FixKind::RaiseLimit,
     QT_TRANSLATE_NOOP("findings", "Raise the limit in the unit of the service, or for this user."), "LimitNOFILE=1000000"},
    {Finding::MemoryLimited, "memory-limited", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "A limit of the service or container grants %1 of the %2 of memory that this PC has."), FixKind::RaiseLimit,
     QT_TRANSLATE_NOOP("findings", "Raise it in the unit of the service, or of the container."), "MemoryMax=infinity"},
    {Finding::SleepsWhenIdle, "sleeps-when-idle", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "This PC goes to sleep when nobody uses it (%1), and sealing stops then."), FixKind::RaiseLimit,
     QT_TRANSLATE_NOOP("findings", "Keep it awake."), "sudo systemctl mask sleep.target suspend.target hibernate.target"},

    {Finding::StorageGood, "storage-good", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 can seal and has %2 free: room for %3 sectors of %4 at once.")},
    {Finding::StorageNew, "storage-new", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The first start makes the folder %1, which then is a sealing path with %2 free.")},
    {Finding::NoSealPath, "no-seal-path", kFail, ErrorCode::StorageUnavailable,
     QT_TRANSLATE_NOOP("findings", "None of the storage paths of %1 can seal: the worker would be registered, but would never get work."), FixKind::AddStorage, QT_TRANSLATE_NOOP("findings", "Add one."),
     "lotus-seal-worker storage attach --init --seal /PATH"},
    {Finding::PathGone, "path-gone", kFail, ErrorCode::StorageUnavailable, QT_TRANSLATE_NOOP("findings", "The storage path %1 cannot be used: %2."), FixKind::AddStorage,
     QT_TRANSLATE_NOOP("findings", "Mount its disk, or take the path off the list."), "lotus-seal-worker storage detach %1"},
    {Finding::PathUnwritable, "path-unwritable", kFail, ErrorCode::StorageUnavailable, QT_TRANSLATE_NOOP("findings", "This user cannot write into %1 (%2)."), FixKind::SetPermissions,
     QT_TRANSLATE_NOOP("findings", "Give the folder to this user."), "sudo chown -R %3 '%1'"},
    {Finding::PathTooSmall, "path-too-small", kFail, ErrorCode::NoSpace, QT_TRANSLATE_NOOP("findings", "There is no room for one sector of %1 in work: that takes %2, and %3 has %4 free."),
     FixKind::FreeSpace, QT_TRANSLATE_NOOP("findings", "Make room, or add a path on a larger disk."), "lotus-seal-worker storage attach --init --seal /PATH"},
    {Finding::StorageUnreadable, "storage-unreadable", kFail, ErrorCode::StorageUnavailable, QT_TRANSLATE_NOOP("findings", "The list of storage paths cannot be read: %1."), FixKind::AddStorage,
     QT_TRANSLATE_NOOP("findings", "Mend the file or move it away.")},
    {Finding::WorkerFolderHeld, "worker-folder-held", kFail, ErrorCode::StorageUnavailable, QT_TRANSLATE_NOOP("findings", "The worker's folder %1 is in use by %2."), FixKind::StopOther,
     QT_TRANSLATE_NOOP("findings", "Stop that program, or give this worker a folder of its own."), "lotus-seal-worker run --worker-repo /FOLDER"},
    {Finding::FolderOfMiner, "folder-of-miner", kFail, ErrorCode::StorageUnavailable, QT_TRANSLATE_NOOP("findings", "%1 belongs to the miner; a worker in it would remove the miner's files."),
     FixKind::AddStorage, QT_TRANSLATE_NOOP("findings", "Give the worker a folder of its own."), "lotus-seal-worker run --worker-repo /FOLDER"},

    {Finding::CpuFast, "cpu-fast", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1, with %2.")},
    {Finding::ShaMissing, "sha-missing", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "%1 has no SHA instructions: PC1 takes many times as long as with them."), FixKind::Hardware,
     QT_TRANSLATE_NOOP("findings", "Label on a machine with AMD Zen or Intel Ice Lake and later, and let this one do other tasks."), "lotus-seal-worker run --precommit1=false"},
    {Finding::CoresEnough, "cores-enough", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 cores may be used.")},
    {Finding::CoresFew, "cores-few", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "Only %1 cores may be used; sealing wants %2 and more."), FixKind::Hardware,
     QT_TRANSLATE_NOOP("findings", "Expect long times, or offer fewer kinds of task."), "lotus-seal-worker run --no-default --precommit1"},
    {Finding::CacheGroups, "cache-groups", kPass, kNone, QT_TRANSLATE_NOOP("findings", "L3 caches, of %2 each: %1. As many PC1 do not disturb each other.")},
    {Finding::MemoryEnough, "memory-enough", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 of memory and %2 of swap: enough for every task that is offered (%3 wants most: %4).")},
    {Finding::MemoryTight, "memory-tight", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "%1 of memory and %2 of swap are less than %3 can take, %4; the miner will not give it while other tasks run."), FixKind::Hardware,
     QT_TRANSLATE_NOOP("findings", "Add swap on a fast disk, or offer other tasks here."), "sudo fallocate -l %5 /swapfile && sudo chmod 600 /swapfile && sudo mkswap /swapfile && sudo swapon /swapfile"},
    {Finding::MemoryShort, "memory-short", kFail, ErrorCode::NotInstalled, QT_TRANSLATE_NOOP("findings", "%1 of memory are too little for %3, which need up to %4 at least: the miner will never give them to this worker."), FixKind::Hardware,
     QT_TRANSLATE_NOOP("findings", "Offer the tasks that fit, or add memory."), "lotus-seal-worker run %5"},
    {Finding::SwapThere, "swap", kPass, kNone, QT_TRANSLATE_NOOP("findings", "Swap: %1.")},
    {Finding::HugePagesThere, "huge-pages", kPass, kNone, QT_TRANSLATE_NOOP("findings", "Transparent huge pages are used where they are asked for (%1); reserved ones, %2, are not needed.")},
    {Finding::HugePagesOff, "huge-pages-off", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "Transparent huge pages are switched off: reading layers at random costs about twice."), FixKind::SetEnvironment,
     QT_TRANSLATE_NOOP("findings", "Allow them where a program asks for them."), "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"},
    {Finding::GpusSeen, "gpus", kPass, kNone, QT_TRANSLATE_NOOP("findings", "GPU: %1 (%2). This worker computes on the processor and leaves it to others.")},
    {Finding::NoGpu, "no-gpu", kPass, kNone, QT_TRANSLATE_NOOP("findings", "No GPU is seen; none is needed, this worker computes on the processor.")},
    {Finding::FilesEnough, "files-enough", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 files may be open at once.")},
    {Finding::LockedMemory, "locked-memory", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 of memory may be locked; only the official engine with FIL_PROOFS_USE_MULTICORE_SDR=1 locks any, two sectors for each PC1.")},
    {Finding::PathFit, "path-fit", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1: %2 on %3, %4 free: room for %5 sectors of %6 in work, %7 each.")},
    {Finding::PathInMemory, "path-in-memory", kFail, ErrorCode::StorageUnavailable, QT_TRANSLATE_NOOP("findings", "%1 lies in memory (%2): sealing there takes the memory that sealing needs, and a restart loses everything."),
     FixKind::AddStorage, QT_TRANSLATE_NOOP("findings", "Take a folder on a disk."), "lotus-seal-worker storage attach --init --seal /PATH"},
    {Finding::PathOnNetwork, "path-on-network", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "%1 lies on a network file system (%2): sealing writes many times the sector there."), FixKind::AddStorage,
     QT_TRANSLATE_NOOP("findings", "Seal on a disk of this machine, and use that one to store."), "lotus-seal-worker storage attach --init --seal /PATH"},
    {Finding::PathTurns, "path-turns", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "%1 lies on a disk that turns (%2): PC1 reads at random, for which it is far too slow."), FixKind::AddStorage,
     QT_TRANSLATE_NOOP("findings", "Seal on NVMe, and use that one to store."), "lotus-seal-worker storage attach --init --seal /PATH"},
    {Finding::ParametersFit, "parameters-fit", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 of proof parameters are still to come into %2, which has %3 free.")},
    {Finding::ParametersNoRoom, "parameters-no-room", kFail, ErrorCode::NoSpace, QT_TRANSLATE_NOOP("findings", "%1 of proof parameters are still to come into %2, and %3 are free there."), FixKind::FreeSpace,
     QT_TRANSLATE_NOOP("findings", "Put them on another disk."), "export FIL_PROOFS_PARAMETER_CACHE=/PATH"},
    {Finding::NoParameters, "no-parameters", kPass, kNone, QT_TRANSLATE_NOOP("findings", "No proof parameters are missing for these tasks.")},
    {Finding::ParentsFit, "parents-fit", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The first PC1 writes %1 of parent graph into %2, which has %3 free.")},
    {Finding::ParentsNoRoom, "parents-no-room", kFail, ErrorCode::NoSpace, QT_TRANSLATE_NOOP("findings", "The first PC1 writes %1 of parent graph into %2, and %3 are free there."), FixKind::FreeSpace,
     QT_TRANSLATE_NOOP("findings", "Put it on another disk."), "export FIL_PROOFS_PARENT_CACHE=/PATH"},
    {Finding::TemporaryGood, "temporary-good", kPass, kNone, QT_TRANSLATE_NOOP("findings", "Temporary files go to %1, with %2 free.")},
    {Finding::TemporaryBad, "temporary-bad", kFail, ErrorCode::StorageUnavailable, QT_TRANSLATE_NOOP("findings", "Temporary files cannot be made in %1 (%2)."), FixKind::SetEnvironment,
     QT_TRANSLATE_NOOP("findings", "Name a folder that this user may write into."), "export TMPDIR=/PATH"},
    {Finding::BellmanLockForeign, "bellman-lock-foreign", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "%1 belongs to the user %2: other programs of lotus cannot prove on a GPU as this user."), FixKind::SetPermissions,
     QT_TRANSLATE_NOOP("findings", "When nothing proves there, remove it."), "sudo rm '%1'"},
    {Finding::BellmanLockGood, "bellman-lock-good", kPass, kNone, QT_TRANSLATE_NOOP("findings", "No lock of another user's prover is in the way.")},
    {Finding::ClockKept, "clock-kept", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The clock is kept by the network.")},
    {Finding::ClockUnkept, "clock-unkept", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "Nothing keeps the clock: the system says that it is not synchronised."), FixKind::SetClock, QT_TRANSLATE_NOOP("findings", "Let it be set by the network."),
     "sudo timedatectl set-ntp true"},
    {Finding::StaysAwake, "stays-awake", kPass, kNone, QT_TRANSLATE_NOOP("findings", "This PC does not go to sleep by itself.")},
    {Finding::DiskSpeedGood, "disk-speed", kPass, kNone, QT_TRANSLATE_NOOP("findings", "%1 takes %2 a second and gives %3 a second, in large files.")},
    {Finding::DiskSlow, "disk-slow", kWarn, kNone, QT_TRANSLATE_NOOP("findings", "%1 takes only %2 a second and gives %3 a second: to write the %4 of layers of one sector and to read them again takes %5."), FixKind::AddStorage,
     QT_TRANSLATE_NOOP("findings", "Seal on NVMe, and use that one to store."), "lotus-seal-worker storage attach --init --seal /PATH"},
    {Finding::DiskUnmeasured, "disk-unmeasured", kPass, kNone, QT_TRANSLATE_NOOP("findings", "How fast %1 is was not measured: %2.")},
    {Finding::ParentsThere, "parents-there", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The parent graph of PC1 is whole in %1 (%2).")},
    {Finding::ParentsUnchecked, "parents-unchecked", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The parent graph of PC1 in %1 has the right length, %2; the next PC1 checks it once.")},
    {Finding::ParentsRight, "parents-right", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The parent graph of PC1 in %1 (%2) is that of the official crate, byte for byte.")},
    {Finding::ParentsWrong, "parents-wrong", kFail, ErrorCode::VerificationFailed, QT_TRANSLATE_NOOP("findings", "The parent graph of PC1 in %1 is damaged: sectors that were labelled with it cannot be proven."), FixKind::FreeSpace,
     QT_TRANSLATE_NOOP("findings", "Remove it while no PC1 runs; the next one makes it again."), "rm '%1'"},
    {Finding::LinkSpeed, "link-speed", kPass, kNone, QT_TRANSLATE_NOOP("findings", "The network card %1 has %2 Mbit/s: a sealed sector of %3 and its cache, %4 before it is finalised, take %5 to another machine.")},
}};

constexpr bool isInOrder() {
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (kRows[i].finding != static_cast<Finding>(i) || kRows[i].sentence.empty()) return false;
    return true;
}
static_assert(isInOrder());

struct SystemWords {
    int code;
    std::string_view plain;
};
/// Of strerror().
constexpr std::array kCallWords{
    SystemWords{ECONNREFUSED, QT_TRANSLATE_NOOP("findings", "the connection was refused")},
    SystemWords{ETIMEDOUT, QT_TRANSLATE_NOOP("findings", "no answer in time")},
    SystemWords{EHOSTUNREACH, QT_TRANSLATE_NOOP("findings", "no route leads there")},
    SystemWords{ENETUNREACH, QT_TRANSLATE_NOOP("findings", "no network leads there")},
    SystemWords{EHOSTDOWN, QT_TRANSLATE_NOOP("findings", "that computer is off")},
    SystemWords{ECONNRESET, QT_TRANSLATE_NOOP("findings", "the other side ended the connection")},
    SystemWords{EACCES, QT_TRANSLATE_NOOP("findings", "this user may not do that")},
    SystemWords{EPERM, QT_TRANSLATE_NOOP("findings", "that is not permitted")},
    SystemWords{ENOENT, QT_TRANSLATE_NOOP("findings", "it is not there")},
    SystemWords{ENOTDIR, QT_TRANSLATE_NOOP("findings", "it is no folder")},
    SystemWords{EADDRINUSE, QT_TRANSLATE_NOOP("findings", "another program has the address")},
    SystemWords{EADDRNOTAVAIL, QT_TRANSLATE_NOOP("findings", "it is no address of this computer")},
    SystemWords{ENOSPC, QT_TRANSLATE_NOOP("findings", "the disk is full")},
    SystemWords{EROFS, QT_TRANSLATE_NOOP("findings", "the disk can only be read")},
    SystemWords{EIO, QT_TRANSLATE_NOOP("findings", "the disk has a fault")},
    SystemWords{EMFILE, QT_TRANSLATE_NOOP("findings", "too many files are open")},
    SystemWords{ENOMEM, QT_TRANSLATE_NOOP("findings", "there is too little memory")},
};
/// Of getaddrinfo().
constexpr std::array kNameWords{
    SystemWords{EAI_NONAME, QT_TRANSLATE_NOOP("findings", "the host is not known")},
    SystemWords{EAI_AGAIN, QT_TRANSLATE_NOOP("findings", "the name server does not answer")},
    SystemWords{EAI_FAIL, QT_TRANSLATE_NOOP("findings", "the name server failed")},
};
struct BeginningWords {
    std::string_view begin, plain;
};
/// Of libcurl, and of our own waiting, with figures behind them.
constexpr std::array kOtherWords{
    BeginningWords{"Operation timed out", "no answer in time"},
    BeginningWords{"Connection timed out", "no answer in time"},
    BeginningWords{"no answer within", "no answer in time"},
    BeginningWords{"Could not resolve", "the host is not known"},
    BeginningWords{"Empty reply from server", "the other side ended the connection"},
};

const Row& rowOf(Finding finding) { return kRows.at(static_cast<std::size_t>(finding)); }

int severity(CheckState state) { return state == CheckState::Fail ? 3 : state == CheckState::Warn ? 2 : state == CheckState::Pass ? 1 : 0; }

} // namespace

std::string_view nameOf(CheckState state) {
    switch (state) {
    case CheckState::Pass: return "pass";
    case CheckState::Warn: return "warn";
    case CheckState::Fail: return "fail";
    case CheckState::NotRun: return "not-run";
    }
    return "";
}

std::string_view nameOf(FixKind fix) {
    constexpr std::array<std::string_view, static_cast<std::size_t>(FixKind::Hardware) + 1> names{
        "none", "give-connection", "new-token", "start-miner", "miner-listens", "use-address", "open-firewall", "check-network", "miner-settings", "change-version",
        "other-port", "change-advertise", "set-clock", "raise-limit", "add-storage", "free-space", "set-permissions", "set-environment", "stop-other", "install", "hardware"};
    return names.at(static_cast<std::size_t>(fix));
}

std::span<const std::string_view> plainWords() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> out;
        for (const SystemWords& one : kCallWords) out.push_back(one.plain);
        for (const SystemWords& one : kNameWords) out.push_back(one.plain);
        return out;
    }();
    return all;
}

std::optional<std::string> inPlainWords(std::string_view text) {
    const auto replaced = [&](std::string_view words, std::string_view plain) -> std::optional<std::string> {
        if (text == words) return std::string(plain);
        if (words.empty() || !text.ends_with(words) || !text.substr(0, text.size() - words.size()).ends_with(": ")) return std::nullopt;
        return std::string(text.substr(0, text.size() - words.size())) + std::string(plain);
    };
    for (const SystemWords& one : kCallWords)
        if (auto out = replaced(std::strerror(one.code), one.plain)) return out;
    for (const SystemWords& one : kNameWords)
        if (auto out = replaced(::gai_strerror(one.code), one.plain)) return out;
    for (const BeginningWords& one : kOtherWords)
        if (text.starts_with(one.begin)) return std::string(one.plain);
    return std::nullopt;
}

std::string withArguments(std::string_view text, const std::vector<std::string>& arguments) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t place = text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9' ? static_cast<std::size_t>(text[i + 1] - '1') : arguments.size();
        if (place < arguments.size()) {
            out += arguments[place];
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

CheckState Found::state() const { return rowOf(finding).state; }
std::string_view Found::key() const { return rowOf(finding).key; }
ErrorCode Found::code() const { return rowOf(finding).code; }
std::string_view Found::sentenceTemplate() const { return rowOf(finding).sentence; }
std::string Found::sentence() const { return withArguments(rowOf(finding).sentence, arguments); }
FixKind Found::fix() const { return rowOf(finding).fix; }
std::string_view Found::fixTemplate() const { return rowOf(finding).fixSentence; }
std::string Found::fixSentence() const { return withArguments(rowOf(finding).fixSentence, arguments); }
std::string Found::command() const { return withArguments(rowOf(finding).command, arguments); }

void CheckNotes::find(Finding finding, std::vector<std::string> arguments) {
    for (std::string& argument : arguments)
        if (auto plain = inPlainWords(argument)) {
            m_evidence.push_back("The system says: " + argument + '.');
            argument = std::move(*plain);
        }
    Found found{finding, std::move(arguments)};
    if (!m_worst) {
        m_worst = std::move(found);
        return;
    }
    // The first of the worst speaks.
    if (severity(found.state()) > severity(m_worst->state())) std::swap(found, *m_worst);
    if (found.state() != CheckState::NotRun) m_evidence.push_back(found.sentence());
}

} // namespace lsw::setup
