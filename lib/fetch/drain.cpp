#include "fetch/drain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/text.hpp"
#include "fetch/choice.hpp"
#include "fetch/login_delay.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {
namespace {

using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr seconds unknown_delay{60};  // where a server refuses without having said how long it wants
constexpr int most_refusals = 5;      // one after the other

/// Refusals that waiting cures (RFC 2449 section 8, RFC 3206).
bool passes(pop3::ResponseCode code) {
    return code == pop3::ResponseCode::login_delay || code == pop3::ResponseCode::in_use ||
           code == pop3::ResponseCode::sys_temp;
}

class Draining {
  public:
    explicit Draining(Context& context) : context_(context) {}

    void go(const std::function<void()>& sessions) {
        for (std::uint64_t number = 1;; ++number) {
            const std::uint64_t messages = context_.appender.messages();
            const std::uint64_t bytes = context_.appender.bytes();
            // Archived ones as well that were retrieved to be compared: the server may hide them now.
            const std::uint64_t retrieved = context_.hiding.count();
            patiently(sessions);
            context_.summary.sessions = number;
            if (context_.hiding.count() == retrieved || limited()) break;
            const seconds delay = left_of_login_delay(context_);
            context_.observer.round({.number = number,
                                     .messages = context_.appender.messages() - messages,
                                     .bytes = context_.appender.bytes() - bytes,
                                     .all_messages = context_.appender.messages(),
                                     .all_bytes = context_.appender.bytes(),
                                     .listed = context_.summary.listed,
                                     .to_come = to_come(),
                                     .seconds = std::chrono::duration<double>(Clock::now() - begin_).count(),
                                     .wait = delay});
            wait(context_.observer, delay);
        }
        observe();
    }

  private:
    /// A login that is refused for now is tried again after a growing pause.
    void patiently(const std::function<void()>& sessions) {
        seconds pause = context_.login_delay > seconds(0) ? context_.login_delay : unknown_delay;
        for (int refusals = 0;; ++refusals) {
            try {
                return sessions();
            } catch (const pop3::LoginRefused& refusal) {
                if (!passes(refusal.code()) || refusals == most_refusals) throw;
                context_.observer.note(fmt::format("{}; next try in {}", refusal.sentence(),
                                                   human_duration(static_cast<double>(pause.count()))));
            }
            wait(context_.observer, pause);
            pause = std::min(2 * pause, longest_login_delay);
        }
    }

    std::optional<std::uint64_t> to_come() const {
        const Summary& summary = context_.summary;
        if (context_.job.limit) return left_of_limit(context_);
        return summary.left > 0 ? std::optional(summary.left) : std::nullopt;
    }

    bool limited() const { return context_.summary.lacking_octets > 0 || left_of_limit(context_) == 0; }

    /// What this run archived and didn't delete, and the server doesn't list any more: at least so many.
    void observe() {
        Summary& summary = context_.summary;
        const std::uint64_t there = summary.listed + summary.deleted + summary.unconfirmed;
        summary.unlisted = context_.appender.messages() - std::min(there, context_.appender.messages());
    }

    Context& context_;
    Clock::time_point begin_ = Clock::now();
};

}  // namespace

void drain(Context& context, const std::function<void()>& sessions) {
    Draining(context).go(sessions);
}

}  // namespace popkeep::fetch
