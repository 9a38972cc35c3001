#include "fetch/sign_in.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "fetch/login_delay.hpp"
#include "secret/fingerprint.hpp"

namespace popkeep::fetch {
namespace {

constexpr std::int64_t lockstep_seconds = 90 * seconds_per_day;

// 1 h, 2 h, 4 h … up to a day.
std::int64_t back_off(std::int64_t refusals) {
    return std::min(seconds_per_hour << std::min<std::int64_t>(refusals - 1, 5), seconds_per_day);
}

std::string random_salt() {
    std::random_device device;
    std::string salt(16, '\0');
    for (char& byte : salt) byte = static_cast<char>(device());
    return salt;
}

// Access tokens change all the time; what counts is the credential behind them.
std::uint16_t mark_of(const Job& job, std::string_view salt) {
    if (job.tokens) return secret::fingerprint(job.tokens->mark(), salt);
    return secret::fingerprint(job.login.password, salt);
}

// No server locks an account for a certificate or a ticket, and a new one wouldn't be told from the old.
bool is_guessable(const Job& job) {
    return job.login.proof() == sasl::Proof::password || job.login.proof() == sasl::Proof::token;
}

void mind_back_off(const ledger::Account& account, const Job& job) {
    if (job.attended || !account.refused_at || !account.refused_mark) return;
    if (mark_of(job, account.refused_salt.value_or("")) != *account.refused_mark) return;
    const std::int64_t until = *account.refused_at + back_off(account.refused_count);
    if (now() >= until || now() < *account.refused_at) return;
    throw Error(Category::permission,
                fmt::format("the server refused this {} at {}; it is not tried again before {}",
                            job.tokens ? "source of access tokens" : "password",
                            local_time(*account.refused_at), local_time(until)))
        .at(job.endpoint.place())
        .next(job.tokens
                  ? "sign in again (`popkeep login`, or the token's own program), or run the command by hand"
                  : "change it where popkeep gets it from, or run the command by hand");
}

pop3::Session open_with_token(const Job& job, const pop3::Options& options) {
    pop3::Login login = job.login;
    const secret::Password token = job.tokens->token();
    login.password = token.view();
    return pop3::Session::open(job.endpoint, login, options);
}

}  // namespace

pop3::Session open_session(const Job& job, const pop3::Options& options) {
    if (!job.tokens) return pop3::Session::open(job.endpoint, job.login, options);
    try {
        return open_with_token(job, options);
    } catch (const pop3::LoginRefused& refusal) {
        if (!refusal.credential_refused() || !job.tokens->renew()) throw;
    }
    return open_with_token(job, options);
}

pop3::Session sign_in(archive::Archive& archive, const ledger::Account& account, const Job& job,
                      bool lockstep) {
    ledger::Ledger& ledger = archive.ledger();
    mind_back_off(account, job);
    pop3::Options options = job.session;
    const ledger::Host host = ledger.servers.host(job.endpoint.place());
    if (lockstep || (host.lockstep_until.value_or(0) > now() &&
                     are_near(*host.lockstep_until, now(), lockstep_seconds + 1)))
        options.lockstep = true;
    try {
        pop3::Session session = open_session(job, options);
        if (account.refused_at && !job.dry_run) {
            ledger::Transaction transaction = ledger.transaction();
            ledger.accounts.credential_accepted(account.id);
            transaction.commit();
        }
        return session;
    } catch (const pop3::LoginRefused& refusal) {
        if (refusal.credential_refused() && is_guessable(job) && !job.dry_run) {
            const std::string salt = random_salt();
            ledger::Transaction transaction = ledger.transaction();
            ledger.accounts.credential_refused(account.id, now(), mark_of(job, salt), salt);
            transaction.commit();
        }
        if (refusal.code() == pop3::ResponseCode::login_delay && !job.dry_run)
            note_too_soon(ledger, account.id);
        throw;
    }
}

void remember_lockstep(archive::Archive& archive, const Job& job) {
    ledger::Ledger& ledger = archive.ledger();
    ledger::Host host = ledger.servers.host(job.endpoint.place());
    host.lockstep_until = now() + lockstep_seconds;
    ledger::Transaction transaction = ledger.transaction();
    ledger.servers.remember(job.endpoint.place(), host);
    transaction.commit();
}

}  // namespace popkeep::fetch
