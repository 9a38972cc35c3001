#pragma once

#include <curl/curl.h>

#include <array>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pop3/endpoint.hpp"
#include "pop3/prologue.hpp"
#include "pop3/session.hpp"
#include "pop3/tunnel.hpp"

namespace popkeep::pop3 {

/// libcurl's part of a session: names, proxy, TCP, greeting, CAPA, STLS, TLS, CAPA, and the login where
/// libcurl does it. One easy handle, performed once: a second perform would send QUIT on the old connection.
/// The destructor closes without QUIT.
class Connection {
  public:
    /// Connects. `login`: given only if libcurl is to sign in, with the mechanism named in it. `endpoint`
    /// and `options` must outlive the object. Throws LoginRefused,
    /// CertificateRefused or Error.
    Connection(const Endpoint& endpoint, const Options& options, const Login* login);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() = default;

    CURL* handle() const { return handle_.get(); }
    const Prologue& prologue() const { return prologue_; }
    /// What is sent can be overheard by nobody: TLS, or a server on this machine, reached without a proxy.
    /// (What a tunnel does with it is its own.)
    bool is_confidential() const;

  private:
    struct Free {
        void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    };

    template <typename Value>
    void set(CURLoption option, Value value);
    void set_where();
    void set_tunnel();
    void set_waits();
    void set_tls();
    void set_login(const Login& login);
    void set_ticket(const Login& login);
    void set_callbacks();

    static std::size_t on_line(char* bytes, std::size_t size, std::size_t count, void* self) noexcept;
    static int on_debug(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self) noexcept;
    static int on_progress(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept;

    const Endpoint& endpoint_;
    const Options& options_;
    Prologue prologue_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    std::string kerberos_;       // its last complaint
    std::exception_ptr thrown_;  // by what libcurl called
    std::string_view secret_;    // the login's, during curl_easy_perform()
    TlsFacts presented_;
    std::optional<Tunnel> tunnel_;  // outlives the handle that sends into it
    std::unique_ptr<CURL, Free> handle_;
};

}  // namespace popkeep::pop3
