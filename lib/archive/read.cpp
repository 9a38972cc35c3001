#include "archive/read.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "archive/standing.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "file/durable.hpp"
#include "mbox/scanner.hpp"
#include "message/facts.hpp"

namespace popkeep::archive {
namespace {

Error damaged(const ledger::Message& message, const std::string& where) {
    return Error(Category::data, fmt::format("message {} is not there as it was archived", message.id))
        .at(where)
        .next("see `popkeep verify` for what is, and `popkeep repair`");
}

// The file that holds a message, open for reading, with its path.
std::pair<file::Fd, std::string> opened(Archive& archive, const ledger::Message& message) {
    const auto mbox = archive.ledger().mboxes.find(message.mbox);
    std::string path = archive.path_of(mbox ? mbox->path : "?");
    file::Fd fd = file::open_if_there(path, O_RDONLY);
    if (!fd || message.state == ledger::State::missing) throw damaged(message, path);
    return {std::move(fd), std::move(path)};
}

// Ends the reading early, from inside a callback.
struct Enough {};

}  // namespace

void read_content(Archive& archive, const ledger::Message& message,
                  const std::function<void(std::string_view)>& out) {
    const auto [fd, path] = opened(archive, message);
    message::Examiner examiner;
    const bool whole =
        mbox::read_message(fd, path, message.start, message.length, [&](std::string_view bytes) {
            examiner.feed(bytes);
            out(bytes);
        });
    const message::Facts facts = examiner.finish();
    if (!whole || !same_but_for_status(message, facts)) throw damaged(message, path);
}

std::string peek_content(Archive& archive, const ledger::Message& message, std::size_t limit) {
    const auto [fd, path] = opened(archive, message);
    std::string start;
    try {
        mbox::read_message(fd, path, message.start, message.length, [&](std::string_view bytes) {
            start += bytes.substr(0, limit - start.size());
            if (start.size() == limit) throw Enough();
        });
    } catch (const Enough&) {
    }
    return start;
}

ledger::Message find_message(Archive& archive, std::string_view name) {
    ledger::Messages& messages = archive.ledger().messages;
    if (const auto number = parse_number(name); number && name.size() < 19) {
        auto message = messages.find(static_cast<ledger::Id>(*number));
        if (message && message->state != ledger::State::prepared) return *message;
    }
    const std::string hex = lowered(name);
    const bool digest =
        hex.size() >= 6 && hex.size() <= 64 && hex.find_first_not_of("0123456789abcdef") == std::string::npos;
    const auto found = digest ? messages.by_content_prefix(hex) : std::vector<ledger::Message>();
    if (found.empty())
        throw Error(Category::usage, fmt::format("no message is named '{}'", printable(name)))
            .next("`popkeep list` shows numbers and digests; a digest may be shortened to 6 digits");
    if (found.size() > 1)
        throw Error(Category::usage, fmt::format("'{}' fits several messages", printable(name)))
            .next("give its number, or more digits of the digest");
    return found.front();
}

}  // namespace popkeep::archive
