#pragma once

#include <poll.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "file/fd.hpp"

namespace popkeep::oauth {

/// Whether an address is on this machine, so that a Listener can wait there.
bool is_loopback(std::string_view url);

/// The target of an HTTP request for `path`; nothing if it is another request.
std::optional<std::string_view> target_of(std::string_view request, std::string_view path);

/// Waits on a loopback address for the browser that comes back (RFC 8252 section 7.3). Speaks as much HTTP as
/// that takes; several connections at once, since browsers open some in advance.
class Listener {
  public:
    /// `redirect_url`: http://127.0.0.1, http://[::1] or http://localhost, with a port or on a free one.
    /// Throws (temporary) if the port is taken.
    explicit Listener(const std::string& redirect_url);

    /// The address with its port, as the browser is to be sent there.
    const std::string& url() const noexcept { return url_; }

    /// Told the target of each request to the address's path; says whether that was it.
    using Take = std::function<bool(std::string_view target)>;

    /// To be polled, together with whatever else is waited for.
    void add_to(std::vector<pollfd>& waits) const;
    /// Reads and answers what came. True once `take` said so.
    bool serve(const Take& take);

  private:
    struct Visitor {
        file::Fd fd;
        std::string request;
        Deadline patience;
    };
    void accept_from(const file::Fd& listener);
    bool answer(Visitor& visitor, const Take& take) const;

    std::string url_, path_;
    std::vector<file::Fd> listeners_;
    std::vector<Visitor> visitors_;
};

}  // namespace popkeep::oauth
