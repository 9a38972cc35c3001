#include "secret/token.hpp"

#include <utility>

#include "secret/command.hpp"

namespace popkeep::secret {
namespace {

class CommandTokens : public TokenSource {
  public:
    CommandTokens(std::vector<std::string> argv, std::string account, std::string origin)
        : argv_(std::move(argv)), account_(std::move(account)), origin_(std::move(origin)) {}

    std::string mark() override {
        std::string mark = "token_command";
        for (const std::string& word : argv_) mark.append(1, '\0').append(word);
        return mark;
    }
    Password token() override {
        return {password_from_command(argv_, account_, origin_), origin_, Password::max_token_size};
    }

  private:
    std::vector<std::string> argv_;
    std::string account_, origin_;
};

}  // namespace

std::shared_ptr<TokenSource> tokens_from_command(std::vector<std::string> argv, std::string account,
                                                 std::string origin) {
    return std::make_shared<CommandTokens>(std::move(argv), std::move(account), std::move(origin));
}

}  // namespace popkeep::secret
