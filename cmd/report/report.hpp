#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fetch/observer.hpp"
#include "fetch/run.hpp"
#include "report/log.hpp"

namespace popkeep::report {

/// How a run is told, as the person asked for it.
struct Manner {
    bool json = false;
    bool quiet = false;    ///< errors only
    bool verbose = false;  ///< the conversation too
    Log* log = nullptr;    ///< where a run is written down, whoever looks
    /// Somebody looks: standard output or standard error is a terminal. Otherwise silence means that all is
    /// well.
    bool loud() const;
};

/// What a run is about.
struct Subject {
    std::string account;  ///< name
    std::string place;    ///< host:port, for people
    std::string archive;
    bool dry_run = false;
    bool several = false;  ///< one account of several: they have one summary together
};

/// Tells of one account's run: to people, to programs, to a file, or not at all.
class Report : public fetch::Observer {
  public:
    explicit Report(Subject subject) : subject_(std::move(subject)) {}

    /// The run begins, and nothing is asked at the terminal before it.
    virtual void begin() {}
    /// On standard error.
    void conversation(pop3::Direction direction, std::string_view line) override;
    /// The run is over.
    virtual void finish(const fetch::Summary& summary) = 0;
    /// Asks at the terminal.
    bool may_delete(std::uint64_t messages, std::uint64_t listed) override;

  protected:
    const Subject& subject() const noexcept { return subject_; }
    /// The errors that a run ends with go to standard error, whoever else is told; silent ones only if
    /// somebody `looks`.
    void complain_about(const fetch::Summary& summary, bool looks) const;

  private:
    Subject subject_;
};

std::unique_ptr<Report> make_report(const Manner& manner, Subject subject);

/// For pop3::Options::trace: the conversation on standard error, each line with `account` in front if it
/// isn't empty.
std::function<void(pop3::Direction, std::string_view)> conversation(const std::string& account = {});

/// Before an account's first deletions: asks at the terminal.
bool may_delete(const std::string& account, std::uint64_t messages, std::uint64_t listed);

/// The run was ended by a signal: of several accounts it is told once, not of each.
bool was_stopped(const fetch::Summary& summary);

/// What could not be had and why: "message 3 (UID x) could not be had: …".
std::string sentence_of(const fetch::Trouble& trouble);

}  // namespace popkeep::report
