// The hot path piece by piece, in bytes per second beside memcpy's.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "archive/appender.hpp"
#include "archive/archive.hpp"
#include "base/digest.hpp"
#include "file/temporary_folder.hpp"
#include "mbox/format.hpp"
#include "message/facts.hpp"
#include "pop3/decoder.hpp"

namespace {

constexpr std::size_t size = std::size_t{256} << 10;

/// Lines of 76 bytes, as attachments have them; with `words`, of prose, in which a few lines need quoting.
std::string text(const char* line_end, bool words) {
    std::string out;
    for (int line = 0; out.size() < size; ++line) {
        const bool from = words && line % 100 == 0;
        out += from ? "From here on it is prose, and the line begins as a postmark does, but isn't"
                    : std::string(76, words && line % 7 == 0 ? 'F' : 'x');
        out += line_end;
    }
    return out;
}

void count(benchmark::State& state, std::size_t bytes) {
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}

void copying(benchmark::State& state) {
    const std::string from = text("\n", false);
    std::string to(from.size(), '\0');
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), from.size());
        benchmark::DoNotOptimize(to.data());
    }
    count(state, from.size());
}
BENCHMARK(copying);

void decoding(benchmark::State& state) {
    const std::string from = text("\r\n", false) + ".\r\n";
    std::string to(from.size(), '\0');
    for (auto _ : state) {
        popkeep::pop3::Decoder decoder(popkeep::pop3::LineEnd::crlf);
        benchmark::DoNotOptimize(decoder.decode(from, to.data()).content);
    }
    count(state, from.size());
}
BENCHMARK(decoding);

void quoting(benchmark::State& state, bool words) {
    const std::string from = text("\n", words);
    std::string to;
    for (auto _ : state) {
        to.clear();
        popkeep::mbox::quote(from, to);
        benchmark::DoNotOptimize(to.data());
    }
    count(state, from.size());
}
BENCHMARK_CAPTURE(quoting, base64, false);
BENCHMARK_CAPTURE(quoting, prose, true);

void digest(benchmark::State& state) {
    const std::string from = text("\n", false);
    for (auto _ : state) benchmark::DoNotOptimize(popkeep::sha256(from));
    count(state, from.size());
}
BENCHMARK(digest);

void examining(benchmark::State& state) {
    const std::string from = "From: a@example.org\nSubject: s\n\n" + text("\n", false);
    for (auto _ : state) benchmark::DoNotOptimize(popkeep::message::examine(from).lines);
    count(state, from.size());
}
BENCHMARK(examining);

// A whole batch: lock, intent, append, sync, read back, commit.
void batch_of(benchmark::State& state) {
    using namespace popkeep;
    const test::TemporaryFolder folder;
    archive::Archive::found(folder.path());
    archive::Archive archive = archive::Archive::open(folder.path(), archive::Access::write);
    ledger::Transaction transaction = archive.ledger().transaction();
    const ledger::Id account = archive.ledger().accounts.enter("me@example.com", "me", 1).id;
    transaction.commit();
    archive::Appender appender(archive, [](std::int64_t) { return std::string("me.mbox"); });
    const auto messages = static_cast<std::uint32_t>(state.range(0));
    const std::string content = "From: a@example.org\n\n" + text("\n", false).substr(0, 4077 / 77 * 77);
    for (auto _ : state) {
        for (std::uint32_t number = 1; number <= messages; ++number) {
            archive::Origin origin;
            origin.account = account;
            origin.number = number;
            appender.begin(origin);
            std::ranges::copy(content, appender.room(content.size()).begin());
            appender.content(content.size());
            appender.end(0);
            appender.keep();
        }
        appender.flush();
        benchmark::DoNotOptimize(appender.take_committed().size());
    }
    count(state, content.size() * messages);
    state.counters["messages"] = benchmark::Counter(
        static_cast<double>(messages) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(batch_of)->Arg(1)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
