#include "jobs/sender.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>

#include "base/error.hpp"
#include "base/interrupt.hpp"

namespace popkeep::jobs {
namespace {

constexpr int patience = 1000;  // milliseconds; a stop may take 5 s in all

Frame& add(Frame& frame, const std::optional<std::int64_t>& time) {
    return frame.add(std::uint64_t{time ? 1U : 0U}).add(static_cast<std::uint64_t>(time.value_or(0)));
}

Frame listed(Event event, const pop3::Listed& message) {
    Frame frame(event);
    frame.add(message.number).add(message.uid);
    frame.add(message.octets ? 1U : 0U).add(message.octets.value_or(0));
    return frame;
}

}  // namespace

void Sender::planned(const fetch::Plan& plan) {
    wanted_ = plan.wanted;
    for (const auto& message : plan.fetch) send(listed(Event::would_fetch, message));
    for (const auto& message : plan.remove) send(listed(Event::would_delete, message));
    Frame frame(Event::planned);
    frame.add(plan.listed).add(plan.listed_octets).add(plan.wanted).add(plan.wanted_octets);
    frame.add(plan.unsized).add(plan.undecided).add(plan.claimed).add(plan.held_back);
    send(std::move(frame));
}

void Sender::progress(std::uint64_t messages, std::uint64_t octets) {
    // Nobody sees more than ten a second.
    const auto time = Clock::now();
    if (messages < wanted_ && time - told_ < std::chrono::milliseconds(100)) return;
    told_ = time;
    send(std::move(Frame(Event::progress).add(messages).add(octets)));
}

void Sender::trouble(const fetch::Trouble& trouble) {
    Frame frame(Event::trouble);
    frame.add(trouble.uid).add(trouble.number).add(trouble.said).add(trouble.failures);
    frame.add(trouble.quarantined ? 1U : 0U).add(trouble.tell ? 1U : 0U);
    send(std::move(frame));
}

void Sender::round(const fetch::Round& round) {
    Frame frame(Event::round);
    frame.add(round.number).add(round.messages).add(round.bytes).add(round.all_messages).add(round.all_bytes);
    frame.add(round.listed).add(std::bit_cast<std::uint64_t>(round.seconds));
    frame.add(static_cast<std::uint64_t>(round.wait.count()));
    frame.add(round.to_come ? 1U : 0U).add(round.to_come.value_or(0));
    send(std::move(frame));
}

void Sender::waiting(std::chrono::seconds left) {
    send(std::move(Frame(Event::waiting).add(static_cast<std::uint64_t>(left.count()))));
}

void Sender::note(std::string_view sentence) {
    send(std::move(Frame(Event::note).add(sentence)));
}

void Sender::warning(std::string_view sentence) {
    send(std::move(Frame(Event::warning).add(sentence)));
}

void Sender::conversation(pop3::Direction direction, std::string_view line) {
    send(std::move(Frame(Event::conversation).add(direction == pop3::Direction::sent ? 1U : 0U).add(line)));
}

void Sender::finished(const fetch::Summary& summary) {
    Frame frame(Event::finished);
    for (const std::uint64_t number :
         {summary.listed, summary.fresh, summary.archived, summary.claimed, summary.refused, summary.left,
          summary.deleted, summary.unconfirmed, summary.bytes, summary.fetched, summary.octets,
          summary.lacking_octets, summary.sessions, summary.unlisted,
          std::bit_cast<std::uint64_t>(summary.seconds)})
        frame.add(number);
    frame.add(summary.braked ? 1U : 0U).add(summary.silent ? 1U : 0U);
    add(frame, summary.oldest);
    add(frame, summary.newest);
    add(frame, summary.certificate_expires);
    frame.add(summary.error ? static_cast<std::uint64_t>(summary.error->exit_code()) : 0U);
    if (const auto& error = summary.error)
        frame.add(error->sentence()).add(error->where()).add(error->said()).add(error->next());
    // Those that find no room are in the ledger all the same.
    for (const std::string& file : summary.files) {
        if (frame.has_room()) frame.add(1U).add(file);
    }
    frame.add(0U);
    send(std::move(frame), Weight::last_word);
}

void Sender::send(Frame frame, Weight weight) {
    std::string_view bytes = frame.bytes();
    bool must = weight == Weight::last_word;
    while (!bytes.empty()) {
        const ssize_t n = ::send(line_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) {
            if (!await_room(must)) return;
            continue;
        }
        if (n < 0) throw system_error(errno, "tell the parent process", "");
        bytes.remove_prefix(static_cast<std::size_t>(n));
        // A part of a frame would make nonsense of the next one.
        must = true;
    }
}

bool Sender::await_room(bool must) {
    while (must || !given_up_) {
        const bool stopped = interrupt::requested();
        std::array<pollfd, 2> waits{{{line_, POLLOUT, 0}, {interrupt::descriptor(), POLLIN, 0}}};
        const int ready = poll(waits.data(), stopped ? 1 : waits.size(), stopped ? patience : -1);
        if (waits[0].revents != 0 || (ready < 0 && errno != EINTR)) return true;
        given_up_ = stopped && ready == 0;
    }
    return false;
}

Sender::Terminal::Terminal(Sender& sender) : sender_(sender) {
    sender_.send(Frame(Event::wants_terminal));
    char granted = 0;
    for (;;) {
        std::array<pollfd, 2> waits{{{sender_.line_, POLLIN, 0}, {interrupt::descriptor(), POLLIN, 0}}};
        poll(waits.data(), waits.size(), -1);
        interrupt::check();
        if (waits[0].revents == 0) continue;
        if (recv(sender_.line_, &granted, 1, 0) == 1) return;
        throw Error(Category::software, "the parent process is gone");
    }
}

Sender::Terminal::~Terminal() {
    try {
        sender_.send(Frame(Event::leaves_terminal));
    } catch (const Error&) {
        // The next thing that is told fails as well, and says so.
        return;
    }
}

}  // namespace popkeep::jobs
