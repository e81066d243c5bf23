// SPDX-License-Identifier: MIT OR Apache-2.0
#include "setup/network_interfaces.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace lsw;
using namespace lsw::setup;
namespace fs = std::filesystem;

class NetworkInterfacesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAddressIsOfAKind_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("kind");
        const auto row = [](const char* address, const char* kind) { QTest::newRow(address) << QString::fromLatin1(address) << QString::fromLatin1(kind); };
        row("127.0.0.1", "loopback");
        row("127.255.0.9", "loopback");
        row("10.0.0.1", "private");
        row("172.15.255.255", "public");
        row("172.16.0.0", "private");
        row("172.31.255.255", "private");
        row("172.32.0.0", "public");
        row("192.168.1.5", "private");
        row("192.169.0.0", "public");
        row("100.63.255.255", "public");
        row("100.64.0.1", "private");
        row("100.128.0.0", "public");
        row("169.254.3.4", "link-local");
        row("8.8.8.8", "public");
        row("0.0.0.0", "unspecified");
        row("::", "unspecified");
        row("::1", "loopback");
        row("fe80::1", "link-local");
        row("fe80::1%eth0", "link-local");
        row("fd00::5", "private");
        row("fc00::5", "private");
        row("2001:db8::1", "public");
        row("::ffff:10.0.0.1", "private");
        row("miner", "");
        row("", "");
        row("300.1.1.1", "");
    }
    void anAddressIsOfAKind() {
        QFETCH(QString, address);
        QFETCH(QString, kind);
        const auto found = addressKind(address.toStdString());
        QCOMPARE(found ? QString::fromStdString(std::string(nameOf(*found))) : QString(), kind);
    }

    void anInterfaceIsOfAKind() {
        QTemporaryDir dir;
        const std::string system = dir.path().toStdString();
        const auto make = [&](const std::string& name, const std::string& type, const std::string& uevent = {}) {
            fs::create_directory(fs::path(system) / name);
            std::ofstream(fs::path(system) / name / "type") << type << '\n';
            std::ofstream(fs::path(system) / name / "uevent") << uevent;
        };
        make("eth0", "1");
        make("office", "65534", "DEVTYPE=wireguard\nINTERFACE=office\n");
        make("lo", "772");
        make("bridge", "1");
        std::ofstream(fs::path(system) / "bridge" / "tun_flags") << "0x1002\n";
        const std::vector<InterfaceAddress> lan{{"192.168.1.5", 24, AddressKind::Private}}, open{{"192.168.1.5", 24, AddressKind::Private}, {"8.8.8.8", 24, AddressKind::Public}};
        QCOMPARE(interfaceKind("eth0", lan, system), InterfaceKind::Lan);
        QCOMPARE(interfaceKind("eth0", open, system), InterfaceKind::Public);
        QCOMPARE(interfaceKind("office", lan, system), InterfaceKind::Vpn);
        QCOMPARE(interfaceKind("bridge", open, system), InterfaceKind::Vpn);
        QCOMPARE(interfaceKind("lo", {{"127.0.0.1", 8, AddressKind::Loopback}}, system), InterfaceKind::Loopback);
        QCOMPARE(interfaceKind("docker0", {{"172.17.0.1", 16, AddressKind::Private}}, system), InterfaceKind::Container);
        QCOMPARE(interfaceKind("br-0123456789ab", {{"172.18.0.1", 16, AddressKind::Private}}, system), InterfaceKind::Container);
        QCOMPARE(interfaceKind("wg0", lan, system), InterfaceKind::Vpn);
        QCOMPARE(interfaceKind("unheard-of", lan, system), InterfaceKind::Lan);
    }

    void theInterfacesOfThisMachineAreListed() {
        const auto all = networkInterfaces(protocol::Endpoint{"http", "127.0.0.2", 2345, {}});
        const auto loopback = std::find_if(all.begin(), all.end(), [](const NetworkInterface& one) { return one.kind == InterfaceKind::Loopback; });
        QVERIFY(loopback != all.end());
        QVERIFY(loopback->isUp);
        int facing = 0;
        for (const NetworkInterface& one : all)
            for (const InterfaceAddress& address : one.addresses) {
                if (address.reachesMiner) ++facing;
                QVERIFY(addressKind(address.address).has_value());
                QVERIFY(address.prefix > 0 && address.prefix <= 128);
            }
        QCOMPARE(facing, 1);
        // A miner that nobody can find is faced by none.
        for (const NetworkInterface& one : networkInterfaces(protocol::Endpoint{"http", "no-such-name.invalid", 2345, {}}))
            for (const InterfaceAddress& address : one.addresses) QVERIFY(!address.reachesMiner);
    }
};

QTEST_GUILESS_MAIN(NetworkInterfacesTest)
#include "tst_network_interfaces.moc"
