#include "pop3/deletion.hpp"

#include <fmt/format.h>

#include "base/interrupt.hpp"
#include "pop3/window.hpp"

namespace popkeep::pop3 {
namespace {

void run(Conversation& conversation, std::span<const std::uint32_t> numbers, bool pipelined,
         Deleted& deleted) {
    const auto& limits = conversation.limits();
    Window window(!pipelined);
    std::size_t asked = 0;
    std::size_t answered = 0;
    // One more than the numbers: QUIT is the last command of the flight.
    while (answered <= numbers.size()) {
        if (window.empty()) conversation.expect_silence();
        while (asked <= numbers.size()) {
            const auto command = asked < numbers.size() ? fmt::format("DELE {}", numbers[asked]) : "QUIT";
            if (!window.has_room(0, command.size() + 2)) break;
            conversation.send(command);
            window.asked(0, command.size() + 2);
            ++asked;
        }
        const bool quitting = answered == numbers.size();
        const auto reply = conversation.reply(quitting ? limits.quit_deleting : limits.silence);
        window.answered();
        if (quitting) {
            deleted.quit_reply = reply.text;
            deleted.outcome = reply.ok ? Deleted::Outcome::confirmed : Deleted::Outcome::refused;
        } else if (!reply.ok) {
            deleted.refused.push_back(numbers[answered]);
        }
        ++answered;
    }
    // Something behind QUIT's answer means that a stray one was among those counted, and it isn't QUIT's.
    if (deleted.outcome == Deleted::Outcome::confirmed &&
        conversation.await_close(std::chrono::seconds(1)) == Conversation::Next::spoke) {
        deleted.outcome = Deleted::Outcome::unknown;
        deleted.out_of_step = true;
    }
}

}  // namespace

Deleted delete_and_quit(Conversation& conversation, std::span<const std::uint32_t> numbers, bool pipelined) {
    interrupt::check();
    conversation.expect_silence();
    Deleted deleted;
    try {
        run(conversation, numbers, pipelined, deleted);
    } catch (const SessionLost& lost) {
        deleted.out_of_step = lost.how() == SessionLost::How::desynchronised;
        if (deleted.quit_reply.empty()) deleted.quit_reply = lost.said();
    } catch (const Error& error) {
        // Lost or stopped half-way: the next listing tells what happened.
        if (deleted.quit_reply.empty()) deleted.quit_reply = error.said();
    }
    return deleted;
}

}  // namespace popkeep::pop3
