#include "archive/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "archive/read.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "file/temporary.hpp"

namespace popkeep::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digits = 12;

std::string digest_of(const ledger::Message& message) {
    return to_hex(message.content).substr(0, digits);
}

struct Names {
    std::string base, final;
};

Names names_of(const ExportOptions& options, const ledger::Message& message) {
    const std::string digest = digest_of(message);
    if (options.format == ExportFormat::eml) {
        const std::string name = fmt::format("{:06}-{}.eml", message.id, digest);
        return {.base = name, .final = fmt::format("{}/{}", options.to, name)};
    }
    const std::string name = fmt::format("{}.{}_{}.popkeep", message.archived_at, message.id, digest);
    return {.base = name, .final = fmt::format("{}/cur/{}:2,", options.to, name)};
}

std::string_view suffix_of(ExportFormat format) {
    return format == ExportFormat::maildir ? ".popkeep" : ".eml";
}

// Both formats write under a temporary name first: a whole file, or none.
std::string folder_of_temporaries(const ExportOptions& options) {
    return options.format == ExportFormat::maildir ? options.to + "/tmp" : options.to;
}

// The files that are there, by the digests in their names. A message has another number, and another date,
// where the ledger was built again or the message fetched again.
class FilesThere {
  public:
    explicit FilesThere(const ExportOptions& options) {
        const bool maildir = options.format == ExportFormat::maildir;
        const std::string_view suffix = suffix_of(options.format);
        for (const char* part : maildir ? std::vector{"/new", "/cur"} : std::vector{""}) {
            for (const auto& entry : fs::directory_iterator(options.to + part)) {
                // Readers of a Maildir move messages from new to cur and note flags behind a colon.
                const std::string name = entry.path().filename().string();
                const std::string base = name.substr(0, name.find(':'));
                if (base.ends_with(suffix) && base.size() >= digits + suffix.size())
                    bases_[base.substr(base.size() - suffix.size() - digits, digits)].insert(base);
            }
        }
    }

    bool take(const std::string& digest, const std::string& base) {
        const auto there = bases_.find(digest);
        return there != bases_.end() && there->second.erase(base) > 0;
    }
    bool take_any(const std::string& digest) {
        const auto there = bases_.find(digest);
        if (there == bases_.end() || there->second.empty()) return false;
        there->second.erase(there->second.begin());
        return true;
    }

  private:
    std::unordered_map<std::string, std::unordered_set<std::string>> bases_;
};

void write_file(Archive& archive, const ledger::Message& message, const file::Fd& fd, const std::string& path,
                bool crlf) {
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
                Exported& result) {
    const Names names = names_of(options, message);
    file::Temporary temporary(folder_of_temporaries(options), names.base);
    try {
        write_file(archive, message, temporary.fd(), names.final, options.crlf);
    } catch (const Error& error) {
        // A damaged message must not keep the others from being saved; a failing disk must.
        if (error.category() != Category::data) throw;
        ++result.failed;
        result.problems.emplace_back(error.what());
        return;
    }
    temporary.become(names.final);
    ++result.written;
}

// The messages that aren't there. Each file is one message's: first of the one that has its very name, be it
// of these accounts or not, then of any that has its content.
std::vector<ledger::Message> lacking(Archive& archive, const ExportOptions& options, Exported& result) {
    const ledger::Ids& accounts = options.accounts;
    const auto is_wanted = [&](const ledger::Message& message) {
        return accounts.empty() ||
               (message.account && std::ranges::find(accounts, *message.account) != accounts.end());
    };
    FilesThere written(options);
    std::vector<ledger::Message> messages;
    archive.ledger().messages.each({}, 0, [&](const ledger::Message& message) {
        if (message.state == ledger::State::missing) return true;
        const bool wanted = is_wanted(message);
        if (written.take(digest_of(message), names_of(options, message).base)) {
            result.already_there += wanted ? 1U : 0U;
        } else if (wanted) {
            messages.push_back(message);
        }
        return true;
    });
    result.already_there += std::erase_if(
        messages, [&](const ledger::Message& message) { return written.take_any(digest_of(message)); });
    return messages;
}

}  // namespace

Exported export_messages(Archive& archive, const ExportOptions& options) {
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
    file::remove_leftovers(folder_of_temporaries(options),
                           [&](std::string_view name) { return name.ends_with(suffix_of(options.format)); });
    Exported result;
    const auto messages = lacking(archive, options, result);
    std::uint64_t done = 0;
    for (const ledger::Message& message : messages) {
        interrupt::check();
        export_one(archive, message, options, result);
        if (options.progress) options.progress(++done, messages.size());
    }
    file::sync_directory(maildir ? options.to + "/cur" : options.to);
    return result;
}

}  // namespace popkeep::archive
