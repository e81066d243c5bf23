// SPDX-License-Identifier: MIT OR Apache-2.0
#include "common/exit_code.h"
#include "common/process_limits.h"
#include "gui/language.h"
#include "gui/main_window.h"
#include "gui/window_session.h"

#include <QtWidgets/QApplication>

#include <csignal>
#include <cstdio>

int main(int argc, char** argv) {
    using namespace lsw;
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    // Qt would end with a page about plugins.
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        std::fputs("lotus-seal-worker-gui: there is no display for the window here; the same program without one is lotus-seal-worker.\n", stderr);
        return static_cast<int>(common::ExitCode::NotInstalled);
    }
    QApplication::setApplicationName(QStringLiteral("lotus-seal-worker"));
    QApplication::setApplicationVersion(QStringLiteral(LSW_VERSION));
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false); // the worker is taken down first
    common::raiseOpenFileLimit();
    gui::Language language;
    language.use(gui::Language::preferred(), false);
    gui::MainWindow window(language);
    gui::WindowSession session(window);
    QObject::connect(&session, &gui::WindowSession::ended, &application, &QApplication::quit);
    window.show();
    session.begin();
    return QApplication::exec();
}
