#pragma once

#include <chrono>

#include "fetch/observer.hpp"
#include "fetch/run.hpp"
#include "jobs/frame.hpp"

namespace popkeep::jobs {

/// In an account's process: tells the parent what it hears of the run. What can't be told ends the run (the
/// parent is gone). The parent may not listen; after a request to stop that is waited for no longer than a
/// second, and but for the last word what finds no room later is dropped.
class Sender : public fetch::Observer {
  public:
    /// `line`: a stream socket to the parent, not owned.
    explicit Sender(int line) : line_(line) {}

    void planned(const fetch::Plan& plan) override;
    void progress(std::uint64_t messages, std::uint64_t octets) override;
    void trouble(const fetch::Trouble& trouble) override;
    void round(const fetch::Round& round) override;
    void waiting(std::chrono::seconds left) override;
    void note(std::string_view sentence) override;
    void warning(std::string_view sentence) override;
    void conversation(pop3::Direction direction, std::string_view line) override;
    /// The last word.
    void finished(const fetch::Summary& summary);

    /// The terminal is this process's alone while the object lives: nobody else asks, and the parent shows
    /// nothing.
    class Terminal {
      public:
        /// Waits until it is free. Throws what interrupt::check() throws.
        explicit Terminal(Sender& sender);
        Terminal(const Terminal&) = delete;
        Terminal& operator=(const Terminal&) = delete;
        ~Terminal();

      private:
        Sender& sender_;
    };

  private:
    using Clock = std::chrono::steady_clock;
    enum class Weight { any, last_word };
    void send(Frame frame, Weight weight = Weight::any);
    bool await_room(bool must);

    int line_;
    bool given_up_ = false;
    std::uint64_t wanted_ = 0;
    Clock::time_point told_;
};

}  // namespace popkeep::jobs
