#include "pop3/session.hpp"

#include <utility>

#include "base/interrupt.hpp"
#include "pop3/choice.hpp"
#include "pop3/connect.hpp"
#include "pop3/conversation.hpp"
#include "pop3/deletion.hpp"
#include "pop3/login.hpp"
#include "pop3/opening.hpp"
#include "pop3/pipeline.hpp"
#include "pop3/tls.hpp"
#include "sasl/exchange.hpp"

namespace popkeep::pop3 {
namespace {

std::unique_ptr<sasl::Exchange> exchange_for(const Login& login, const Endpoint& endpoint) {
    if (sasl::facts(login.mechanism).speaker != sasl::Speaker::exchange) return nullptr;
    return sasl::make_exchange(
        login.mechanism,
        {.user = login.user, .password = login.password, .host = endpoint.host, .port = endpoint.port});
}

}  // namespace

class Session::Impl {
  public:
    /// `login`: its mechanism becomes the one chosen.
    Impl(Endpoint endpoint, Login& login, Options options)
        : endpoint_(std::move(endpoint)),
          options_(std::move(options)),
          connection_(connect(endpoint_, options_, login)),
          stream_(connection_->handle()),
          conversation_(stream_, options_, endpoint_.place()) {
        const auto& offered = connection_->prologue().capabilities();
        const auto exchange = exchange_for(login, endpoint_);
        auto opened = sign_in_and_list(conversation_, login, exchange.get(), offered,
                                       offered.has("PIPELINING") && !options_.lockstep);
        capabilities_ = std::move(opened.capabilities);
        listing_ = std::move(opened.listing);
        signed_in_by_ = name_of(login.mechanism);
        in_step_ = true;
    }

    const Prologue& prologue() const { return connection_->prologue(); }
    TlsFacts tls() const { return tls_facts(connection_->handle()); }
    const Capabilities& capabilities() const { return capabilities_; }
    const Listing& listing() const { return listing_; }
    const std::string& signed_in_by() const { return signed_in_by_; }
    bool pipelining() const { return capabilities_.has("PIPELINING") && !options_.lockstep; }

    std::size_t fetch(std::span<const Listed* const> wanted, MessageSink& sink, Fetching what,
                      bool pipelined) {
        leave_step();
        const auto answered = fetch_messages(conversation_, wanted, sink, what, pipelined && pipelining());
        in_step_ = true;
        return answered;
    }

    void ask(std::string_view command, Shape shape, bool raw, const std::function<void(const Reply&)>& status,
             const std::function<void(std::string_view)>& content) {
        const bool last = parse_command(command).verb == "QUIT";
        leave_step();
        conversation_.expect_silence();
        conversation_.send(command);
        const auto& limits = conversation_.limits();
        const auto reply = conversation_.reply(last ? limits.quit_deleting : limits.first_byte);
        status(reply);
        if (reply.ok && (shape == Shape::multi_line || (shape == Shape::unknown && goes_on())))
            conversation_.body(content, raw);
        in_step_ = !last;
    }

    Deleted remove_and_quit(std::span<const std::uint32_t> numbers) {
        leave_step();
        return delete_and_quit(conversation_, numbers, pipelining());
    }

    Farewell quit() noexcept {
        if (!std::exchange(in_step_, false)) return Farewell::unanswered;
        try {
            return conversation_.quit() ? Farewell::answered : Farewell::unanswered;
        } catch (const SessionLost& lost) {
            return lost.how() == SessionLost::How::desynchronised ? Farewell::out_of_step
                                                                  : Farewell::unanswered;
        } catch (...) {
            // No mail hangs on the answer: no message was marked.
            return Farewell::unanswered;
        }
    }

    void expect_silence() {
        leave_step();
        conversation_.expect_silence();
        in_step_ = true;
    }

  private:
    bool goes_on() { return conversation_.await_close(std::chrono::seconds(1)) == Conversation::Next::spoke; }

    /// Until the work is done the session counts as out of step: whatever throws, QUIT is not sent.
    void leave_step() {
        if (!std::exchange(in_step_, false))
            throw Error(Category::software, "the session is over").at(endpoint_.place());
    }

    Endpoint endpoint_;
    Options options_;
    std::unique_ptr<Connection> connection_;
    Stream stream_;
    Conversation conversation_;
    Capabilities capabilities_;
    Listing listing_;
    std::string signed_in_by_;
    bool in_step_ = false;
};

Session Session::open(const Endpoint& endpoint, const Login& login, const Options& options) {
    interrupt::check();
    check_credentials(login);
    Login chosen = login;
    try {
        return Session(std::make_unique<Impl>(endpoint, chosen, options));
    } catch (Error& error) {
        error.at(endpoint.place());
        if (error.next().empty())
            error.next("try again later; popkeep check --verbose shows the conversation");
        throw;
    }
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

const std::string& Session::greeting() const {
    return impl_->prologue().greeting();
}

const Capabilities& Session::capabilities_before_login() const {
    return impl_->prologue().capabilities();
}

const Capabilities& Session::capabilities() const {
    return impl_->capabilities();
}

TlsFacts Session::tls() const {
    return impl_->tls();
}

std::string Session::signed_in_by() const {
    return impl_->signed_in_by();
}

bool Session::pipelining() const {
    return impl_->pipelining();
}

const Listing& Session::listing() const {
    return impl_->listing();
}

bool Session::has_top() const {
    return impl_->capabilities().empty() || impl_->capabilities().has("TOP");
}

std::size_t Session::retrieve(std::span<const Listed* const> wanted, MessageSink& sink, bool pipelined) {
    return impl_->fetch(wanted, sink, Fetching::whole, pipelined);
}

std::size_t Session::top(std::span<const Listed* const> wanted, MessageSink& sink) {
    return impl_->fetch(wanted, sink, Fetching::header, true);
}

void Session::ask(std::string_view command, Shape shape, bool raw,
                  const std::function<void(const Reply&)>& status,
                  const std::function<void(std::string_view)>& content) {
    impl_->ask(command, shape, raw, status, content);
}

Deleted Session::remove_and_quit(std::span<const std::uint32_t> numbers) {
    return impl_->remove_and_quit(numbers);
}

Farewell Session::quit() noexcept {
    return impl_->quit();
}

void Session::expect_silence() {
    impl_->expect_silence();
}

}  // namespace popkeep::pop3
