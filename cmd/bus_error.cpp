#include "bus_error.hpp"

#include <unistd.h>

#include <csignal>
#include <string_view>

#include "base/error.hpp"

namespace popkeep::cmd {
namespace {

constexpr std::string_view bus_error_sentence =
    "popkeep: a file that is mapped into memory (the ledger's ledger.db-shm) can't be had: the disk is full "
    "or fails, or another program cut the file short; free some space or check the disk, then run again: "
    "nothing archived so far is lost\n";

extern "C" void on_bus_error(int) {
    [[maybe_unused]] const auto written =
        write(STDERR_FILENO, bus_error_sentence.data(), bus_error_sentence.size());
    _exit(static_cast<int>(Category::io));
}

}  // namespace

void end_on_bus_error() {
    struct sigaction action {};
    action.sa_handler = on_bus_error;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, nullptr);
}

}  // namespace popkeep::cmd
