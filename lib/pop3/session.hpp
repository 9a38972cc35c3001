#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "pop3/capability.hpp"
#include "pop3/command.hpp"
#include "pop3/endpoint.hpp"
#include "pop3/listing.hpp"
#include "pop3/reply.hpp"

namespace popkeep::pop3 {

/// Sign-in was refused, and why as far as the server says. Category permission (the credential), temporary,
/// unavailable ([SYS/PERM]) or protocol (the mechanism named is not on offer; nothing was sent).
class LoginRefused : public Error {
  public:
    LoginRefused(Error error, ResponseCode code) : Error(std::move(error)), code_(code) {}
    ResponseCode code() const noexcept { return code_; }
    /// True if the credential itself was turned down, so that trying it again may lock the account.
    bool credential_refused() const noexcept { return category() == Category::permission; }

  private:
    ResponseCode code_;
};

/// The session is of no more use, and nothing was committed on the server by it: QUIT was not sent.
class SessionLost : public Error {
  public:
    enum class How {
        dropped,         ///< the connection ended or was reset, or had to be for a body without end
        silent,          ///< a deadline passed or the data stalled
        desynchronised,  ///< what came doesn't answer what was sent
    };
    SessionLost(Error error, How how, std::optional<Listed> during)
        : Error(std::move(error)), how_(how), during_(std::move(during)) {}
    How how() const noexcept { return how_; }
    /// The message whose RETR or TOP was being answered, if one was. If something stood behind its final dot
    /// in lock-step, it is that message, which the sink has seen end: its bytes are suspect.
    const std::optional<Listed>& during() const noexcept { return during_; }

  private:
    How how_;
    std::optional<Listed> during_;
};

/// Receives a flight of messages, in the order asked for. Whatever a member throws ends the session
/// without QUIT and reaches the caller.
class MessageSink {
  public:
    virtual ~MessageSink() = default;
    virtual void begin(const Listed& message) = 0;
    /// Memory for the next piece of content, of `size` bytes or more.
    virtual std::span<char> room(std::size_t size) = 0;
    /// So many bytes at its front are content: dots unstuffed, CRLF turned into LF; bare CR and bare LF are
    /// kept as they are.
    virtual void content(std::size_t size) = 0;
    /// The final dot was seen. `octets`: what LIST should have said (unstuffed, line ends as sent);
    /// `bare_lf`: line ends that were a LF alone.
    virtual void end(std::uint64_t octets, std::uint64_t bare_lf) = 0;
    /// -ERR instead of the message. The session goes on.
    virtual void refused(const Listed& message, const Reply& reply) = 0;
    /// Nothing is at hand, and the network is about to be waited for; at least once a second.
    virtual void idle() {}
    /// Asked between messages: false stops asking for more; what is outstanding is still received.
    virtual bool more() { return true; }
};

/// A certificate as people read it, and how long it is valid, in seconds since 1970.
struct CertificateFacts {
    std::string subject, issuer;
    std::string names;            ///< "DNS:a.example.com, IP Address:192.0.2.1"; empty if it has none
    std::string begins, expires;  ///< in words
    std::int64_t begins_at = 0, ends_at = 0;
};

/// What `check` shows of the TLS connection; nothing without TLS.
struct TlsFacts {
    std::string version, cipher;
    std::vector<CertificateFacts> chain;  ///< as it was verified, from the server's to the root's
    std::string pin;                      ///< of the server's key, as Endpoint::pins takes it
};

/// The server's certificate or key isn't to be trusted. Nothing secret was sent.
class CertificateRefused : public Error {
  public:
    CertificateRefused(Error error, TlsFacts presented)
        : Error(std::move(error)), presented_(std::move(presented)) {}
    /// The chain as the server sent it and the pin of its key, which nobody has verified; version and cipher
    /// are empty. All empty where libcurl's TLS library isn't OpenSSL.
    const TlsFacts& presented() const noexcept { return presented_; }

  private:
    TlsFacts presented_;
};

/// What became of the DELEs of a session.
struct Deleted {
    enum class Outcome {
        confirmed,  ///< QUIT was answered +OK
        refused,    ///< QUIT was answered -ERR: some or none may be gone (RFC 1939 section 6)
        unknown,    ///< no answer to QUIT
    };
    Outcome outcome = Outcome::unknown;
    std::string quit_reply;              ///< raw text of QUIT's answer
    std::vector<std::uint32_t> refused;  ///< numbers whose own DELE was answered -ERR
    bool out_of_step = false;            ///< something that the server said was no answer
};

/// What came of a QUIT without DELEs.
enum class Farewell {
    answered,     ///< +OK
    unanswered,   ///< or -ERR: what the server hides once it was retrieved, it may list again
    out_of_step,  ///< what the server said was no answer: it may belong to the message retrieved last
};

/// One POP3 session (RFC 1939): connected by libcurl (names, proxy, TLS, SASL), then spoken by us over
/// curl_easy_send and curl_easy_recv. Not for use by several threads. Every wait ends on
/// interrupt::requested(): between messages by returning early, else by Error.
class Session {
  public:
    /// Connects, signs in and lists. Throws LoginRefused, CertificateRefused, SessionLost or Error
    /// (no_host, unavailable, temporary for time-outs, protocol for TLS and STLS).
    static Session open(const Endpoint& endpoint, const Login& login, const Options& options);

    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    /// Closes without QUIT unless quit() or remove_and_quit() ended the session.
    ~Session();

    const std::string& greeting() const;
    const Capabilities& capabilities_before_login() const;  ///< in the final TLS state
    const Capabilities& capabilities() const;               ///< after login
    TlsFacts tls() const;
    /// How the session signed in: "USER/PASS", "SASL PLAIN", "APOP".
    std::string signed_in_by() const;
    bool pipelining() const;  ///< advertised in the current TLS state and not switched off
    const Listing& listing() const;

    /// RETR for each of `wanted`, pipelined where possible within the window (64 MiB of listed octets,
    /// 1,000 commands, 16 KiB of command text). Returns how many were answered (refused ones included):
    /// fewer than asked for if the sink or a signal stopped it; the session is then still in step. Don't ask
    /// again for a message that was refused: Dovecot disconnects then. A stop with answers outstanding lets
    /// them arrive for 3 seconds before it throws.
    std::size_t retrieve(std::span<const Listed* const> wanted, MessageSink& sink, bool pipelined = true);
    /// TOP n 0 for each of `wanted`: the content pieces are the header section as the server sends it.
    std::size_t top(std::span<const Listed* const> wanted, MessageSink& sink);
    bool has_top() const;  ///< advertised, or CAPA is absent and it may be tried

    /// One command by hand, sent as it stands. Of its answer the status line goes to `status` and the
    /// multi-line part to `content`: decoded, or raw as it arrives, the final dot included. `shape` unknown:
    /// what arrives within a second behind +OK is taken for a multi-line part. QUIT ends the session.
    void ask(std::string_view command, Shape shape, bool raw, const std::function<void(const Reply&)>& status,
             const std::function<void(std::string_view)>& content);

    /// DELE for each number and QUIT in one flight (lock-step: one by one). The session is over afterwards,
    /// also if this throws. A stray reply never acknowledges a DELE.
    Deleted remove_and_quit(std::span<const std::uint32_t> numbers);
    /// QUIT without deleting, if the session is in step; also behind a requested stop, which lets the answer
    /// take a second. Problems are ignored: no mail hangs on the answer.
    Farewell quit() noexcept;
    /// SessionLost if the server said something that was not asked for, or is gone.
    void expect_silence();

  private:
    class Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace popkeep::pop3
