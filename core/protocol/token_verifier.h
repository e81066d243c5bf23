// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/http_server.h"
#include "protocol/miner_client.h"

namespace lsw::protocol {

/// Asks the miner (Filecoin.AuthVerify) what a token may do and keeps the positive answers: tokens neither expire nor change.
/// Refusals are kept for 5 s so that a wrong token cannot flood the miner. "" has the default permission `read`.
///
/// thread  lives on the service thread; the authorizer may be called from any thread
class TokenVerifier : public QObject {
    Q_OBJECT
public:
    explicit TokenVerifier(RpcClient& miner, QObject* parent = nullptr);
    ~TokenVerifier() override;
    HttpServer::Authorizer authorizer();
    void forgetAll();

private:
    class Private;
    std::shared_ptr<Private> m_private;
};

} // namespace lsw::protocol
