#include "setup/keeping.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/values.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "report/output.hpp"
#include "secret/command.hpp"
#include "secret/prompt.hpp"

namespace popkeep::cmd::setup {
namespace {

std::string file_beside(const std::string& configuration, std::string name) {
    for (char& c : name)
        if (c == '/') c = '_';
    if (name.starts_with('.')) name[0] = '_';
    return fmt::format("{}/{}.password", file::parent_of(configuration), name);
}

config::SectionLine ask_each_time(const std::string& account) {
    return {
        fmt::format("The password is asked for at each run. For runs without a person: password_command = "
                    "\"pass show mail/{}\", or password_file.",
                    account),
        "", ""};
}

config::SectionLine in_file(const secret::Password& password, const std::string& path) {
    if (access(path.c_str(), F_OK) == 0)
        throw Error(Category::cannot_create, "there is a file of that name already; it is left as it is")
            .at(path)
            .next("give --password-file if it is the right one, or --name for another account's name");
    file::make_directories("/", file::parent_of(path).substr(1));
    std::string line(password.view());
    line += '\n';
    file::replace(path, line);
    secret::wipe(line);
    return {"", "password_file", path};
}

/// Nothing if the person has to think again.
std::optional<config::SectionLine> by_command(const secret::Password& password, const std::string& account) {
    const std::string typed = secret::ask(
        "Command that prints the password (no shell; {account} stands for the account): ", secret::Echo::on);
    try {
        std::string printed =
            secret::password_from_command(config::parse_command(typed), account, "the command");
        const bool same = printed == password.view();
        secret::wipe(printed);
        if (same) return config::SectionLine{"", "password_command", typed};
        report::err("it prints something else than the password that was just accepted\n");
    } catch (const Error& error) {
        report::err(fmt::format("{}\n", error.what()));
    }
    return std::nullopt;
}

}  // namespace

Store parse_store(std::string_view text) {
    if (text == "ask") return Store::ask;
    if (text == "file") return Store::file;
    throw Error(Category::usage, fmt::format("'{}' is not a way to keep a password", printable(text)))
        .next("give ask (it is asked for each time) or file (which only you can read)");
}

config::SectionLine keep(const secret::Password& password, std::optional<Store> given,
                         const std::string& account, const std::string& configuration) {
    const std::string path = file_beside(configuration, account);
    if (given) return *given == Store::file ? in_file(password, path) : ask_each_time(account);
    for (;;) {
        const std::string choice =
            secret::ask(fmt::format("How shall popkeep get the password from now on?\n"
                                    "  1  ask each time\n"
                                    "  2  from a command, such as: pass show mail/{}\n"
                                    "  3  from a file that only you can read, in clear text:\n"
                                    "     {}\n"
                                    "Choice [1]: ",
                                    printable(account), printable(path, 4096)),
                        secret::Echo::on);
        if (choice.empty() || choice == "1") return ask_each_time(account);
        if (choice == "2") {
            if (auto line = by_command(password, account)) return *line;
        } else if (choice == "3") {
            return in_file(password, path);
        }
    }
}

config::SectionLine kept_elsewhere(std::string_view origin, const std::string& account) {
    if (origin == "netrc") return {"The password comes from netrc.", "", ""};
    if (origin.starts_with("systemd"))
        return {fmt::format("The password comes from the {}.", origin), "", ""};
    return ask_each_time(account);
}

}  // namespace popkeep::cmd::setup
