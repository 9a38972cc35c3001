#include "pop3/prologue.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::size_t most_heard = 1 << 20;
constexpr std::size_t longest_greeting = 512;  // RFC 1939 section 3

}  // namespace

bool Prologue::hear(std::string_view line) {
    heard_ += line.size();
    if (heard_ > most_heard) return false;
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);

    switch (stage_) {
        case Stage::greeting:
            greeting_ = line.substr(0, longest_greeting);
            greeted_ = parse_reply(line);
            stage_ = Stage::capabilities;
            return greeted_.has_value();
        case Stage::capabilities:
            // libcurl before 8.17 takes any line that begins with a dot for the end.
            if (line.starts_with('.') || line.starts_with("-ERR"))
                stage_ = stls_expected_ ? Stage::stls : Stage::login;
            else if (!line.starts_with("+OK"))
                capabilities_.add(line);
            return true;
        case Stage::stls:
            last_ = parse_reply(line);
            if (last_ && last_->ok) {
                stls_expected_ = false;
                capabilities_ = {};
                stage_ = Stage::capabilities;
            }
            return true;
        case Stage::login:
            if (auto reply = parse_reply(line))
                last_ = std::move(reply);
            else if (line.starts_with('+'))
                challenged_ = true;
            return true;
    }
    return true;
}

}  // namespace popkeep::pop3
