#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "archive/read.hpp"
#include "archive/verify.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "demo/server.hpp"
#include "fetch/run.hpp"
#include "options.hpp"
#include "report/output.hpp"
#include "report/summary_text.hpp"
#include "report/text_layout.hpp"

namespace popkeep::cmd {
namespace {

void say(const std::string& text) {
    report::out(report::wrapped(text, std::min<std::size_t>(report::terminal_width(), 90), 3));
    report::flush_out();
}

void title(const std::string& text) {
    report::out("\n" + report::wrapped(text, report::terminal_width(), 3, 0));
}

// The demo's word is worth something only if it looks itself.
void expect(bool is_so, const std::string& what) {
    if (!is_so) {
        throw Error(Category::software, "the demo failed: it isn't so that " + what).next("please report it");
    }
    say("ok: " + what);
}

std::string temporary_directory() {
    std::error_code problem;
    std::string name = (std::filesystem::temp_directory_path(problem) / "popkeep-demo-XXXXXX").string();
    if (problem || mkdtemp(name.data()) == nullptr)
        throw system_error(errno, "make a temporary folder", name);
    return name;
}

// What to type for this very program: its name where the shell finds it by that, else its path.
std::string own_name() {
    namespace fs = std::filesystem;
    std::error_code problem;
    const fs::path own = fs::read_symlink("/proc/self/exe", problem);
    const char* const path = std::getenv("PATH");
    for (const auto folder : split(path == nullptr ? "" : path, ':')) {
        if (fs::equivalent(fs::path(folder) / "popkeep", own, problem)) return "popkeep";
    }
    const fs::path near = fs::proximate(own, problem);
    return printable((near.string().starts_with("..") ? own : near).string(), 4096);
}

class Demo : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[--to DIR]",
            "Starts a POP3 server on loopback with a few dozen instructive messages and runs the real "
            "job on it: a first fetch, a second one that finds nothing new, a verification, and a "
            "fetch that deletes. Nothing leaves this machine.");
        syntax.example("popkeep demo", "In a new folder below $TMPDIR, which stays for you to look at.");
        syntax.option("--to", "DIR", "An empty or missing folder for the archive.",
                      [this](std::string_view text) { directory_ = path_here(text); });
        syntax.exits(70, "something isn't as it should be");
        syntax.exits(73, "DIR isn't empty or can't be created");
    }

    int run() override {
        prepare_directory();
        const auto mailbox = demo::mailbox();
        demo::Server server(mailbox);
        introduce(mailbox, server.port());

        job_.name = "demo";
        job_.identity = "demo@127.0.0.1";
        job_.endpoint.host = "127.0.0.1";
        job_.endpoint.port = server.port();
        job_.endpoint.transport = pop3::Transport::plaintext;
        job_.login = {"demo", "demo", pop3::Mechanism::automatic, false};
        job_.archive = directory_;
        job_.file = [](std::string_view name, std::int64_t) { return std::string(name) + ".mbox"; };
        archive::Archive::found(directory_);

        title("1. A first fetch");
        const auto first = fetch();
        expect(first.archived == mailbox.size() && first.refused == 0, "every message is in the mbox");
        compare(mailbox);

        title("2. The same again");
        const auto second = fetch();
        expect(second.listed == mailbox.size() && second.archived == 0,
               "nothing was fetched twice, the twins included");

        title("3. Verify: every byte of the mbox is read and compared with the ledger");
        verify(mailbox.size());

        title("4. A fetch that deletes on the server what is safely archived (--delete fetched)");
        job_.deletes.kind = fetch::DeletePolicy::Kind::fetched;
        job_.brake.percent = 100;
        const auto last = fetch();
        expect(last.deleted == mailbox.size() && server.left() == 0, "the mailbox on the server is empty");
        expect(receipts() == mailbox.size(), "each deletion has its receipt");
        compare(mailbox);

        farewell(first.files);
        return 0;
    }

  private:
    void prepare_directory() {
        if (directory_.empty()) directory_ = temporary_directory();
        std::error_code problem;
        if (std::filesystem::exists(directory_, problem) && !std::filesystem::is_empty(directory_, problem)) {
            throw Error(Category::cannot_create, "the demo wants a folder of its own")
                .at(directory_)
                .next("give --to a missing or empty folder");
        }
    }

    static void introduce(const std::vector<demo::Message>& mailbox, std::uint16_t port) {
        say(fmt::format(
            "A mailbox of {} waits at pop3://demo@127.0.0.1:{}. Some of them are traps for programs "
            "that keep mail:",
            counted_messages(mailbox.size()), port));
        for (const demo::Message& message : mailbox) {
            if (!message.lesson.empty()) say("- " + message.lesson);
        }
    }

    fetch::Summary fetch() {
        fetch::Observer observer;
        fetch::Summary summary = fetch::run(job_, observer);
        if (summary.error) throw Error(*summary.error);
        say(report::summary_text(summary, directory_));
        return summary;
    }

    // Each message of the mailbox stands in the archive as often as it was there, byte for byte.
    void compare(const std::vector<demo::Message>& mailbox) {
        std::map<std::string, int> balance;
        for (const demo::Message& message : mailbox) ++balance[message.content];
        auto archive = archive::Archive::open(directory_, archive::Access::read);
        archive.ledger().messages.each({}, 0, [&](const ledger::Message& message) {
            std::string content;
            archive::read_content(archive, message, [&](std::string_view bytes) { content += bytes; });
            --balance[content];
            return true;
        });
        expect(std::ranges::all_of(balance, [](const auto& entry) { return entry.second == 0; }),
               "the archive gives back each of them byte for byte, exactly once");
    }

    void verify(std::size_t count) {
        auto archive = archive::Archive::open(directory_, archive::Access::read);
        const auto verdict = archive::verify(archive, {});
        for (const auto& finding : verdict.findings) say("verify says: " + printable(finding.sentence));
        expect(verdict.sound() && verdict.exact == count,
               fmt::format("{} are exact, and every byte is explained", counted_messages(count)));
    }

    std::size_t receipts() {
        auto archive = archive::Archive::open(directory_, archive::Access::read);
        std::size_t confirmed = 0;
        archive.ledger().deletions.each({}, [&](const ledger::Deletion& deletion) {
            if (deletion.outcome == "confirmed") ++confirmed;
        });
        return confirmed;
    }

    void farewell(const std::vector<std::string>& files) const {
        const std::string directory = printable(directory_, 4096);
        title("All is as it should be. The mail is yours to look at:");
        for (const std::string& file : files) report::out(fmt::format("   less {}\n", printable(file, 4096)));
        report::out(
            fmt::format("   {1} list {0}\n   {1} show {0} 13\n   {1} deletions {0}\n"
                        "   rm -r {0}     (when you have seen enough)\n",
                        directory, own_name()));
    }

    std::string directory_;
    fetch::Job job_;
};

}  // namespace

std::unique_ptr<Command> make_demo() {
    return std::make_unique<Demo>();
}

}  // namespace popkeep::cmd
