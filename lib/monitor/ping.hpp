#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "file/fd.hpp"

namespace popkeep::monitor {

/// Tells a monitoring service that a run begins and how it ended, in the manner of healthchecks.io:
/// URL/start, then URL, or URL/fail with the error as the body.
///
/// A process of its own does it, so that nothing waits for the service, and so that a run that was killed is
/// told, too. It is a fork without exec (the address stands in no command line), which must happen before
/// this process uses libcurl or threads.
class Ping {
  public:
    /// For each of the two requests.
    static constexpr std::chrono::seconds patience{5};

    /// Sends URL/start. Throws SystemError if the system gives no process.
    explicit Ping(const std::string& url);
    Ping(Ping&&) noexcept;
    Ping& operator=(Ping&&) = delete;
    /// Without a verdict the run counts as lost, and that is told.
    ~Ping();

    /// The verdict, once.
    void succeeded();
    void failed(std::string_view error);

    /// After the verdict: waits until both requests are over, until `deadline` at most, and until a
    /// requested stop has to be over. What went wrong, empty if nothing did.
    std::string finish(Deadline deadline);

  private:
    void tell(std::string_view verdict);

    file::Fd line_;
    pid_t pid_ = -1;
};

}  // namespace popkeep::monitor
