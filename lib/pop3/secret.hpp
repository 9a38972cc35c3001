#pragma once

#include <openssl/crypto.h>

#include <string>
#include <utility>

namespace popkeep::pop3 {

/// Text that is wiped when it goes.
class Secret {
  public:
    explicit Secret(std::string text) : text_(std::move(text)) {}
    ~Secret() { OPENSSL_cleanse(text_.data(), text_.size()); }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

}  // namespace popkeep::pop3
