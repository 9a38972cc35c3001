#include "pop3/opening.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "pop3/authenticate.hpp"
#include "pop3/refusal.hpp"
#include "pop3/secret.hpp"

namespace popkeep::pop3 {
namespace {

/// Courier reads on behind PASS; then another program takes over, and what was read is lost.
bool forgets_at_login(const Capabilities& before) {
    const auto words = before.arguments("IMPLEMENTATION");
    return !words.empty() && equal_ignoring_case(words.front(), "Courier");
}

class Opening {
  public:
    Opening(Conversation& conversation, const Capabilities& before, bool pipelined)
        : conversation_(conversation), before_(before), pipelined_(pipelined) {}

    Opened run(const Login& login, sasl::Exchange* exchange) {
        conversation_.hide(login.password);
        const bool ours = login.mechanism == Mechanism::user;
        const bool utf8 = before_.has("UTF8") && (ours || exchange != nullptr);
        if (exchange != nullptr) {
            if (utf8) ask_alone("UTF8");
            authenticate(conversation_, *exchange, login.mechanism, before_);
        }
        const bool behind_pass = ours && pipelined_ && !forgets_at_login(before_);
        if (ours && pipelined_) send_user_pass(login, utf8);
        if (behind_pass) send_for_list();
        if (ours) user_pass(login, utf8);
        if (behind_pass) mind_forgotten();
        if (pipelined_ && !behind_pass) {
            conversation_.expect_silence();
            send_for_list();
        }
        return list();
    }

  private:
    /// The answer to a command that is in flight already, or is sent now.
    Reply ask(std::string_view command, std::chrono::seconds wait, std::string_view shown = {}) {
        if (!pipelined_) return ask_alone(command, wait, shown);
        return conversation_.reply(wait);
    }

    Reply ask_alone(std::string_view command, std::chrono::seconds wait, std::string_view shown = {}) {
        conversation_.expect_silence();
        conversation_.send(command, shown);
        return conversation_.reply(wait);
    }
    Reply ask_alone(std::string_view command) { return ask_alone(command, conversation_.limits().login); }

    void send_user_pass(const Login& login, bool utf8) {
        conversation_.expect_silence();
        if (utf8) conversation_.send("UTF8");
        conversation_.send("USER " + login.user);
        conversation_.send(Secret("PASS " + login.password).text(), "PASS ****");
    }

    void send_for_list() {
        for (const auto* command : {"CAPA", "UIDL", "LIST"}) conversation_.send(command);
    }

    /// Other servers may forget at login what they were sent before, too: one command at a time, they won't.
    void mind_forgotten() {
        const auto patience = std::min(std::chrono::seconds(20), conversation_.limits().silence);
        if (conversation_.await_close(patience) != Conversation::Next::nothing) return;
        throw SessionLost(Error(Category::protocol, "the server does not answer what was sent behind PASS")
                              .at(conversation_.place()),
                          SessionLost::How::desynchronised, std::nullopt);
    }

    /// Behind a refused PASS, Dovecot still answers CAPA with +OK and a list: only USER's and PASS's replies
    /// count.
    void user_pass(const Login& login, bool utf8) {
        const auto wait = conversation_.limits().login;
        // A refusal of UTF8 leaves the session as it was (RFC 6856 section 2).
        if (utf8) ask("UTF8", wait);
        const auto user = ask("USER " + login.user, wait);
        if (!user.ok) throw refusal(user, before_, conversation_.place());
        const Secret pass("PASS " + login.password);
        const auto reply = ask(pass.text(), wait, "PASS ****");
        if (!reply.ok) throw refusal(reply, before_, conversation_.place());
    }

    Opened list() {
        const auto wait = conversation_.limits().silence;
        Opened opened;
        if (ask("CAPA", wait).ok)
            conversation_.lines([&](std::string_view line) { opened.capabilities.add(line); });
        else
            opened.capabilities = before_;

        const auto uidl = ask("UIDL", wait);
        if (uidl.ok) conversation_.lines([&](std::string_view line) { opened.listing.add_uidl(line); });
        const auto list = ask("LIST", wait);
        if (list.ok) conversation_.lines([&](std::string_view line) { opened.listing.add_list(line); });
        judge(uidl, list);
        if (uidl.ok && opened.listing.is_out_of_step(pipelined_))
            conversation_.lose(SessionLost::How::desynchronised,
                               "the server's answer to LIST tells no sizes");
        opened.listing.has_uids = uidl.ok;
        return opened;
    }

    /// A server without UIDL is met by other means; one that can't list at the moment is not such a server.
    void judge(const Reply& uidl, const Reply& list) const {
        for (const auto* reply : {&uidl, &list})
            if (!reply->ok && reply->code == ResponseCode::sys_temp)
                throw Error(Category::temporary, "the server can't list the mailbox at the moment")
                    .at(conversation_.place())
                    .said(reply->text);
        if (!uidl.ok && !list.ok)
            throw Error(Category::protocol, "the server refuses to list the mailbox")
                .at(conversation_.place())
                .said(list.text);
    }

    Conversation& conversation_;
    const Capabilities& before_;
    bool pipelined_;
};

}  // namespace

Opened sign_in_and_list(Conversation& conversation, const Login& login, sasl::Exchange* exchange,
                        const Capabilities& before, bool pipelined) {
    return Opening(conversation, before, pipelined).run(login, exchange);
}

}  // namespace popkeep::pop3
