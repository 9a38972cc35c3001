#pragma once

#include <string>
#include <utility>

#include "jobs/sender.hpp"
#include "report/report.hpp"

namespace popkeep::cmd {

/// Tells the parent of a run; but asks at the terminal itself, when it has it for itself.
class AskingSender : public fetch::Observer {
  public:
    AskingSender(jobs::Sender& sender, std::string account) : sender_(sender), account_(std::move(account)) {}

    void planned(const fetch::Plan& plan) override { sender_.planned(plan); }
    void progress(std::uint64_t messages, std::uint64_t octets) override {
        sender_.progress(messages, octets);
    }
    void trouble(const fetch::Trouble& trouble) override { sender_.trouble(trouble); }
    void round(const fetch::Round& round) override { sender_.round(round); }
    void waiting(std::chrono::seconds left) override { sender_.waiting(left); }
    void note(std::string_view sentence) override { sender_.note(sentence); }
    void warning(std::string_view sentence) override { sender_.warning(sentence); }
    void conversation(pop3::Direction direction, std::string_view line) override {
        sender_.conversation(direction, line);
    }
    bool may_delete(std::uint64_t messages, std::uint64_t listed) override {
        const jobs::Sender::Terminal terminal(sender_);
        return report::may_delete(account_, messages, listed);
    }

  private:
    jobs::Sender& sender_;
    std::string account_;
};

}  // namespace popkeep::cmd
