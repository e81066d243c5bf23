// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <thread>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace lsw::test {

/// A TLS server on loopback with a certificate that nobody trusts; it shakes hands and closes.
class TlsServer {
public:
    TlsServer() : m_context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free), m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0 || SSL_CTX_use_certificate(m_context.get(), certificate.get()) != 1 ||
            SSL_CTX_use_PrivateKey(m_context.get(), key.get()) != 1 || ::bind(m_listener, raw, size) != 0 || ::listen(m_listener, 16) != 0 ||
            ::getsockname(m_listener, raw, &size) != 0)
            std::abort();
        m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this] { serve(); });
    }
    ~TlsServer() {
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread = {};
        ::close(m_listener);
    }
    std::uint16_t port() const { return m_port; }

private:
    void serve() {
        for (;;) {
            const int peer = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0) return;
            const std::unique_ptr<SSL, void (*)(SSL*)> session(SSL_new(m_context.get()), SSL_free);
            SSL_set_fd(session.get(), peer);
            if (SSL_accept(session.get()) == 1) SSL_shutdown(session.get());
            ::close(peer);
        }
    }

    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> m_context;
    int m_listener;
    std::uint16_t m_port = 0;
    std::jthread m_thread;
};

} // namespace lsw::test
