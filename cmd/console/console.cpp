#include <fmt/format.h>

#include <set>

#include "accounts.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "console/line_source.hpp"
#include "fetch/sign_in.hpp"
#include "options.hpp"
#include "pop3/command.hpp"
#include "pop3/session.hpp"
#include "report/output.hpp"
#include "report/question.hpp"
#include "report/report.hpp"
#include "report/text_layout.hpp"
#include "secret/obtain.hpp"
#include "secret/password.hpp"

namespace popkeep::cmd {
namespace {

/// Answers on standard output: escaped, line by line, on a terminal; as they are elsewhere.
class Printer {
  public:
    Printer() : escaped_(report::out_is_terminal()) {}

    void content(std::string_view piece) {
        if (!escaped_) return report::out(piece);
        for (auto newline = piece.find('\n'); newline != std::string_view::npos; newline = piece.find('\n')) {
            begun_ += piece.substr(0, newline);
            piece.remove_prefix(newline + 1);
            end_line();
        }
        begun_ += piece;
        // A line without end must not grow without end.
        if (begun_.size() > largest_line) end_line();
    }

    void status(const pop3::Reply& reply) const {
        const auto line =
            fmt::format("{}{}{}", reply.ok ? "+OK" : "-ERR", reply.text.empty() ? "" : " ", reply.text);
        report::out((escaped_ ? printable(line, largest_line) : line) + "\n");
    }

    void finish() {
        if (!begun_.empty()) end_line();
        report::flush_out();
    }

  private:
    static constexpr std::size_t largest_line = std::size_t{64} << 10U;

    void end_line() {
        report::out(printable(begun_, largest_line) + "\n");
        begun_.clear();
    }

    bool escaped_;
    std::string begun_;
};

class Console : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] ACCOUNT | URL",
            "Speaks POP3 with the server, command by command, after signing in as a fetch does: CAPA, "
            "STAT, LIST, UIDL, TOP, RETR, DELE, RSET, NOOP, QUIT. Only QUIT deletes what DELE has marked; "
            "leaving in any other way deletes nothing. The archive has no part in it.");
        syntax.example("popkeep console work", "");
        syntax.example("printf 'TOP 1 0\\nQUIT\\n' | popkeep console work", "A script.");
        syntax.arguments("ACCOUNT | URL", "An account of the configuration, or pop3s://user@host[:port].",
                         names_);
        syntax.flag("--raw",
                    "Show multi-line answers as they come: with doubled dots, CRLF and the final dot.", raw_);
        syntax.flag("--yes", "Let QUIT delete what is marked, without a question.", yes_);
        syntax.flag("--keep-going", "In a script, go on after a command that was answered -ERR.",
                    keep_going_);
        syntax.flag("-v,--verbose", "Show the conversation with the server, secrets masked.", verbose_);
        declare_config(syntax, config_);
        flags_.declare_connection(syntax);
        syntax.exits(65, "in a script, the server answered -ERR");
        syntax.exits(68, "the host name is unknown");
        syntax.exits(69, "the server refuses the connection");
        syntax.exits(75, "try again later: busy, timed out, or the connection ended");
        syntax.exits(76, "the server broke the protocol, offers no STLS, or its certificate is wrong");
        syntax.exits(77, "the sign-in was refused");
        syntax.exits(78, "popkeep.toml is wrong");
    }

    int run() override {
        secret::forbid_core_dumps();
        if (names_.size() != 1)
            throw Error(Category::usage, "name one account, or one URL")
                .next("for example: popkeep console work");
        const config::Account account = chosen_accounts(names_, config_, flags_).accounts.at(0);
        fetch::Job job = job_of(account, flags_);
        if (verbose_) job.session.trace = report::conversation();
        auto session = fetch::open_session(job, job.session);
        person_ = secret::person_is_there();
        if (person_) greet(session);
        const auto lines =
            person_ ? console::editor(fmt::format("{}> ", printable(job.name))) : console::script();
        while (const auto line = lines->next()) {
            if (line->find_first_not_of(' ') == std::string::npos || line->starts_with('#')) continue;
            if (!speak(session, *line)) return failed_ && !person_ ? static_cast<int>(Category::data) : 0;
        }
        if (person_) report::err("left without QUIT: nothing is deleted\n");
        return failed_ && !person_ ? static_cast<int>(Category::data) : 0;
    }

  private:
    static void greet(const pop3::Session& session) {
        const auto& listing = session.listing();
        const auto say = [](const std::string& text) {
            report::err(report::wrapped(text, report::terminal_width(), 0));
        };
        say(fmt::format("{}; signed in by {}; {} ({})", printable(session.greeting()), session.signed_in_by(),
                        counted_messages(listing.messages().size()), human_size(listing.octets())));
        say("Ctrl-D leaves without QUIT, which deletes nothing.");
    }

    /// False if the session is over.
    bool speak(pop3::Session& session, const std::string& line) {
        try {
            const auto command = pop3::parse_command(line);
            if (pop3::signs_in(command))
                throw Error(Category::usage,
                            fmt::format("{}: the session is signed in already", printable(command.verb)));
            if (command.verb == "QUIT" && !may_quit()) return true;
            const auto reply = exchange(session, line, command);
            follow(command, reply);
            if (!reply.ok) failed_ = true;
            return command.verb != "QUIT" && (reply.ok || person_ || keep_going_);
        } catch (const pop3::SessionLost&) {
            throw;
        } catch (const Error& error) {
            // What a person mistyped costs nothing; a script that is wrong ends.
            if (!person_ || error.category() != Category::usage) throw;
            report::complain(error);
            return true;
        }
    }

    pop3::Reply exchange(pop3::Session& session, const std::string& line,
                         const pop3::Command& command) const {
        Printer printer;
        pop3::Reply answered;
        session.ask(
            line, pop3::shape_of(command), raw_,
            [&](const pop3::Reply& reply) {
                answered = reply;
                printer.status(reply);
            },
            [&](std::string_view piece) { printer.content(piece); });
        printer.finish();
        return answered;
    }

    void follow(const pop3::Command& command, const pop3::Reply& reply) {
        if (!reply.ok) return;
        if (command.verb == "DELE") marked_.insert(command.argument);
        if (command.verb == "RSET") marked_.clear();
    }

    bool may_quit() const {
        if (marked_.empty() || yes_) return true;
        const auto sentence = fmt::format("{} marked for deletion: QUIT deletes for good.",
                                          counted(marked_.size(), "message is", "messages are"));
        if (!person_)
            throw Error(Category::usage, sentence).next("nothing was deleted; give --yes if that is meant");
        return report::typed_yes(sentence);
    }

    std::vector<std::string> names_;
    std::optional<std::string> config_;
    AccountFlags flags_;
    std::set<std::string> marked_;
    bool raw_ = false, yes_ = false, keep_going_ = false, verbose_ = false;
    bool person_ = false, failed_ = false;
};

}  // namespace

std::unique_ptr<Command> make_console() {
    return std::make_unique<Console>();
}

}  // namespace popkeep::cmd
