// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

namespace lsw::test {

/// Another address of this machine that leads to a port of 127.0.0.1: a miner that is reached over the network.
///
/// thread  that of the caller, whose event loop must run
class Forwarder : public QTcpServer {
public:
    Forwarder(const QHostAddress& address, quint16 to) {
        listen(address);
        connect(this, &QTcpServer::newConnection, this, [this, to] {
            while (QTcpSocket* caller = nextPendingConnection()) {
                auto* miner = new QTcpSocket(caller);
                miner->connectToHost(QHostAddress::LocalHost, to);
                connect(caller, &QTcpSocket::readyRead, miner, [caller, miner] { miner->write(caller->readAll()); }); // written once it is connected
                connect(miner, &QTcpSocket::readyRead, caller, [caller, miner] { caller->write(miner->readAll()); });
                connect(miner, &QTcpSocket::disconnected, caller, &QTcpSocket::disconnectFromHost);
                connect(miner, &QTcpSocket::errorOccurred, caller, &QTcpSocket::disconnectFromHost);
                connect(caller, &QTcpSocket::disconnected, caller, &QObject::deleteLater);
            }
        });
    }
};

} // namespace lsw::test
