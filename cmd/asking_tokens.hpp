#pragma once

#include <memory>
#include <utility>

#include "jobs/sender.hpp"
#include "secret/token.hpp"

namespace popkeep::cmd {

/// Tokens that a command has a part in, which may ask at the terminal: it has it for itself.
class AskingTokens : public secret::TokenSource {
  public:
    AskingTokens(std::shared_ptr<secret::TokenSource> tokens, jobs::Sender& sender)
        : tokens_(std::move(tokens)), sender_(sender) {}

    std::string mark() override { return tokens_->mark(); }
    secret::Password token() override {
        const jobs::Sender::Terminal terminal(sender_);
        return tokens_->token();
    }
    bool renew() override { return tokens_->renew(); }
    std::optional<std::string> take_warning() override { return tokens_->take_warning(); }

  private:
    std::shared_ptr<secret::TokenSource> tokens_;
    jobs::Sender& sender_;
};

}  // namespace popkeep::cmd
