#include "setup/keeping.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/template.hpp"
#include "config/values.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "report/output.hpp"
#include "secret/command.hpp"
#include "secret/keyring.hpp"
#include "secret/prompt.hpp"
#include "secret/secret_file.hpp"

namespace popkeep::cmd::setup {
namespace {

std::string file_beside(const std::string& configuration, const std::string& account) {
    return fmt::format("{}/{}.password", file::parent_of(configuration), config::account_file_name(account));
}

config::SectionLine ask_each_time(const std::string& account) {
    return {
        fmt::format("The password is asked for at each run. For runs without a person: password_command = "
                    "\"pass show mail/{}\", or password_file.",
                    account),
        "", ""};
}

/// As a setup leaves it that was ended before it wrote the account.
bool is_left_by_setup(const std::string& path, const struct stat& info, std::string_view line) {
    if (!S_ISREG(info.st_mode) || info.st_uid != geteuid() || (info.st_mode & 07777U) != 0600) return false;
    auto there = secret::read_secret_file(path);
    if (!there) return false;
    const bool same = there->text == line;
    secret::wipe(there->text);
    return same;
}

config::SectionLine in_file(const secret::Password& password, const std::string& path) {
    std::string line(password.view());
    line += '\n';
    struct stat info {};
    if (lstat(path.c_str(), &info) == 0 && !is_left_by_setup(path, info, line)) {
        secret::wipe(line);
        throw Error(Category::cannot_create, "there is a file of that name already; it is left as it is")
            .at(path)
            .next("give --password-file if it is the right one, or --name for another account's name");
    }
    file::make_directories("/", file::parent_of(path).substr(1));
    file::replace(path, line);
    secret::wipe(line);
    return {"", "password_file", path};
}

config::SectionLine in_keyring(const secret::Password& password, const Mailbox& mailbox) {
    secret::keyring::store(secret::keyring::password_of(mailbox.user, mailbox.host),
                           fmt::format("POP3 password of {} at {}", mailbox.user, mailbox.host),
                           std::string(password.view()));
    return {"The password is in the desktop's keyring.", "", ""};
}

/// Nothing if the person has to think again.
std::optional<config::SectionLine> by_command(const secret::Password& password, const std::string& account) {
    const std::string typed = secret::ask(
        "Command that prints the password (no shell; {account} stands for the account): ", secret::Echo::on);
    std::string printed = secret::password_from_command(config::parse_command(typed), account, "the command");
    const bool same = printed == password.view();
    secret::wipe(printed);
    if (same) return config::SectionLine{"", "password_command", typed};
    report::err("it prints something else than the password that was just accepted\n");
    return std::nullopt;
}

}  // namespace

Store parse_store(std::string_view text) {
    if (text == "ask") return Store::ask;
    if (text == "file") return Store::file;
    if (text == "keyring") return Store::keyring;
    throw Error(Category::usage, fmt::format("'{}' is not a way to keep a password", printable(text)))
        .next(
            "give ask (it is asked for each time), file (which only you can read) or keyring (the "
            "desktop's)");
}

config::SectionLine keep(const secret::Password& password, std::optional<Store> given,
                         const Mailbox& mailbox) {
    const std::string path = file_beside(mailbox.configuration, mailbox.account);
    if (given == Store::file) return in_file(password, path);
    if (given == Store::keyring) return in_keyring(password, mailbox);
    if (given) return ask_each_time(mailbox.account);
    for (;;) {
        const std::string choice =
            secret::ask(fmt::format("How shall popkeep get the password from now on?\n"
                                    "  1  ask each time\n"
                                    "  2  from a command, such as: pass show mail/{}\n"
                                    "  3  from a file that only you can read, in clear text:\n"
                                    "     {}\n"
                                    "  4  from the desktop's keyring\n"
                                    "Choice [1]: ",
                                    printable(mailbox.account), printable(path, 4096)),
                        secret::Echo::on);
        try {
            if (choice.empty() || choice == "1") return ask_each_time(mailbox.account);
            if (choice == "3") return in_file(password, path);
            if (choice == "4") return in_keyring(password, mailbox);
            if (choice == "2")
                if (auto line = by_command(password, mailbox.account)) return *line;
        } catch (const Error& error) {
            if (error.is_stop()) throw;
            report::err(fmt::format("{}\n", error.what()));
        }
    }
}

config::SectionLine kept_elsewhere(std::string_view origin, const std::string& account) {
    if (origin == "the keyring") return {"The password is in the desktop's keyring.", "", ""};
    if (origin == "netrc") return {"The password comes from netrc.", "", ""};
    if (origin.starts_with("systemd"))
        return {fmt::format("The password comes from the {}.", origin), "", ""};
    return ask_each_time(account);
}

}  // namespace popkeep::cmd::setup
