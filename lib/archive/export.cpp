#include "archive/export.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <unordered_set>

#include "archive/read.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

namespace fs = std::filesystem;

// Names depend on the message alone, so that a second export finds what the first one wrote. Both formats
// write to a temporary name first: a whole file, or none.
struct Names {
    std::string base, temporary, final;
};

// Readers of a Maildir move messages from new to cur and note flags behind the colon of their names.
using Bases = std::unordered_set<std::string>;

Bases bases_in(const std::string& maildir) {
    Bases bases;
    for (const char* part : {"new", "cur"}) {
        for (const auto& entry : fs::directory_iterator(fmt::format("{}/{}", maildir, part))) {
            const std::string name = entry.path().filename().string();
            bases.insert(name.substr(0, name.find(':')));
        }
    }
    return bases;
}

Names names_of(const ExportOptions& options, const ledger::Message& message) {
    const std::string digest = to_hex(message.content).substr(0, 12);
    if (options.format == ExportFormat::eml) {
        const std::string name = fmt::format("{:06}-{}.eml", message.id, digest);
        return {.base = name,
                .temporary = fmt::format("{}/.{}.part", options.to, name),
                .final = fmt::format("{}/{}", options.to, name)};
    }
    const std::string name = fmt::format("{}.{}_{}.popkeep", message.archived_at, message.id, digest);
    return {.base = name,
            .temporary = fmt::format("{}/tmp/{}", options.to, name),
            .final = fmt::format("{}/cur/{}:2,", options.to, name)};
}

void write_file(Archive& archive, const ledger::Message& message, const std::string& path, bool crlf) {
    const file::Fd fd = file::open_regular(path, O_RDWR | O_CREAT | O_TRUNC);
    std::uint64_t at = 0;
    std::string converted;
    read_content(archive, message, [&](std::string_view bytes) {
        if (crlf) {
            converted.clear();
            for (const char c : bytes) converted.append(c == '\n' ? "\r\n" : std::string_view(&c, 1));
            bytes = converted;
        }
        file::write_at(fd, at, {&bytes, 1}, path);
        at += bytes.size();
    });
    file::sync_content(fd, path);
}

void export_one(Archive& archive, const ledger::Message& message, const ExportOptions& options,
                const Bases& there, Exported& result) {
    const Names names = names_of(options, message);
    if (there.contains(names.base) || fs::exists(names.final)) {
        ++result.already_there;
        return;
    }
    try {
        write_file(archive, message, names.temporary, options.crlf);
    } catch (const Error& error) {
        unlink(names.temporary.c_str());
        // A damaged message must not keep the others from being saved; a failing disk must.
        if (error.category() != Category::data) throw;
        ++result.failed;
        result.problems.emplace_back(error.what());
        return;
    }
    if (rename(names.temporary.c_str(), names.final.c_str()) != 0)
        throw system_error(errno, "rename", names.temporary);
    ++result.written;
}

std::vector<ledger::Message> wanted(Archive& archive, const ledger::Ids& accounts) {
    std::vector<ledger::Message> messages;
    archive.ledger().messages.each(accounts, 0, [&](const ledger::Message& message) {
        if (message.state != ledger::State::missing) messages.push_back(message);
        return true;
    });
    return messages;
}

}  // namespace

Exported export_messages(Archive& archive, const ExportOptions& options) {
    const auto messages = wanted(archive, options.accounts);
    std::error_code problem;
    fs::create_directories(options.to, problem);
    if (problem)
        throw Error(Category::cannot_create, "the folder can't be made")
            .at(options.to)
            .said(problem.message());
    const bool maildir = options.format == ExportFormat::maildir;
    for (const char* part : {"tmp", "new", "cur"}) {
        if (maildir) file::make_directories(options.to, part);
    }
    const Bases there = maildir ? bases_in(options.to) : Bases();
    Exported result;
    std::uint64_t done = 0;
    for (const ledger::Message& message : messages) {
        interrupt::check();
        export_one(archive, message, options, there, result);
        if (options.progress) options.progress(++done, messages.size());
    }
    file::sync_directory(maildir ? options.to + "/cur" : options.to);
    return result;
}

}  // namespace popkeep::archive
