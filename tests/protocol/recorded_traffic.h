// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

#include "protocol/go_json.h"
#include "support/test_paths.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QString>

#include <stdexcept>
#include <string>
#include <vector>

/// The exchanges of tests/data/rpc as values.
namespace lsw::test {

struct Exchange {
    std::string name;      ///< "life-data:17", for rows
    bool toWorker = false; ///< the miner (or the test driver) called the worker
    std::string line;      ///< "POST /rpc/v0 HTTP/1.1"
    std::string token;     ///< "<TOKEN>", empty without
    std::string method;    ///< "Filecoin.Version"
    std::string request;   ///< body
    bool hasRequest = false;
    int status = 0;
    std::string answer;    ///< body
    bool hasAnswer = false; ///< false when the body was too long to be recorded
};

inline std::string textOf(const boost::json::object& object, std::string_view name) {
    const protocol::Json& json = protocol::memberOf(object, name);
    return json.is_string() ? std::string(json.get_string()) : std::string();
}

/// The recorder's place holders without their brackets, which Go would have written as \u003c.
inline std::string withPlainPlaceholders(std::string text) {
    for (const std::string holder : {"<SPAN>", "<TOKEN>", "<TOKEN:admin>", "<TOKEN:read>"})
        for (std::size_t at = text.find(holder); at != std::string::npos; at = text.find(holder, at)) text.replace(at, holder.size(), holder.substr(1, holder.size() - 2));
    return text;
}

inline Exchange exchangeOf(const std::string& file, const boost::json::object& line) {
    Exchange out;
    out.name = file + ':' + std::to_string(protocol::memberOf(line, "seq").to_number<int>());
    out.toWorker = textOf(line, "dir") == "M>W";
    out.method = textOf(line, "rpc_method");
    if (const protocol::Json& req = protocol::memberOf(line, "req"); req.is_object()) {
        out.line = textOf(req.get_object(), "line");
        out.hasRequest = req.get_object().contains("body");
        out.request = withPlainPlaceholders(textOf(req.get_object(), "body"));
        if (const protocol::Json& headers = protocol::memberOf(req.get_object(), "headers"); headers.is_array()) {
            for (const protocol::Json& header : headers.get_array()) {
                const std::string text(header.get_string());
                if (text.starts_with("Authorization: Bearer ")) out.token = text.substr(22);
            }
        }
    }
    if (const protocol::Json& resp = protocol::memberOf(line, "resp"); resp.is_object()) {
        const std::string status = textOf(resp.get_object(), "line");
        if (status.size() > 12) out.status = std::stoi(status.substr(9, 3));
        out.hasAnswer = resp.get_object().contains("body");
        out.answer = textOf(resp.get_object(), "body");
    }
    return out;
}

/// All of them; throws when the files are missing or unreadable, so that no test passes for want of rows.
inline std::vector<Exchange> recordedExchanges() {
    std::vector<Exchange> out;
    const QDir folder(QString::fromUtf8(lsw::test::kTestData) + QStringLiteral("/rpc"));
    for (const QString& name : folder.entryList({QStringLiteral("*.jsonl")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly)) throw std::runtime_error("cannot read " + name.toStdString());
        while (!file.atEnd()) {
            const QByteArray line = file.readLine();
            const protocol::Json json = boost::json::parse(std::string_view(line.constData(), std::size_t(line.size())));
            out.push_back(exchangeOf(name.chopped(6).toStdString(), json.as_object()));
        }
    }
    if (out.empty()) throw std::runtime_error("no recorded traffic");
    return out;
}

} // namespace lsw::test
