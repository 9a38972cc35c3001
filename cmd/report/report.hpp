#pragma once

#include <memory>
#include <string>

#include "fetch/observer.hpp"
#include "fetch/run.hpp"

namespace popkeep::report {

/// How a run is told, as the person asked for it.
struct Manner {
    bool json = false;
    bool quiet = false;    ///< errors only
    bool verbose = false;  ///< the conversation too
    /// Somebody looks: standard output or standard error is a terminal. Otherwise silence means that all is
    /// well.
    bool loud() const;
};

/// What a run is about.
struct Subject {
    std::string account;  ///< name
    std::string place;    ///< user@host:port, for people
    std::string archive;
    bool dry_run = false;
};

/// Tells of one account's run: to people, to programs, or not at all.
class Report : public fetch::Observer {
  public:
    explicit Report(Subject subject) : subject_(std::move(subject)) {}

    /// The run is over.
    virtual void finish(const fetch::Summary& summary) = 0;

    /// Asks at the terminal.
    bool may_delete(std::uint64_t messages, std::uint64_t listed) override;
    /// The errors that a run ends with go to standard error, whoever else is told.
    void complain_about(const fetch::Summary& summary) const;

  protected:
    const Subject& subject() const noexcept { return subject_; }

  private:
    Subject subject_;
};

std::unique_ptr<Report> make_report(const Manner& manner, Subject subject);

/// For pop3::Options::trace: the conversation on standard error.
std::function<void(pop3::Direction, std::string_view)> conversation();

/// "me@example.com: 12 messages …": what could not be had and why, in one line.
std::string sentence_of(const fetch::Trouble& trouble);

}  // namespace popkeep::report
