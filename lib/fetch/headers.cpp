#include "fetch/headers.hpp"

#include "base/bytes.hpp"
#include "base/interrupt.hpp"
#include "message/facts.hpp"

namespace popkeep::fetch {
namespace {

constexpr int most_lost_to_top = 2;

class HeaderSink : public pop3::MessageSink {
  public:
    void begin(const pop3::Listed&) override { examiner_ = message::Examiner(); }
    std::span<char> room(std::size_t size) override {
        piece_.resize(size);
        return piece_;
    }
    void content(std::size_t size) override { examiner_.feed(view(piece_).substr(0, size)); }
    void end(std::uint64_t, std::uint64_t) override { digests.emplace_back(examiner_.finish().header); }
    void refused(const pop3::Listed&, const pop3::Reply&) override { digests.emplace_back(std::nullopt); }

    std::vector<std::optional<Digest>> digests;

  private:
    message::Examiner examiner_;
    Bytes piece_;
};

}  // namespace

std::vector<std::optional<Digest>> read_headers(pop3::Session& session,
                                                std::span<const pop3::Listed* const> messages) {
    HeaderSink sink;
    session.top(messages, sink);
    interrupt::check();
    sink.digests.resize(messages.size());
    return std::move(sink.digests);
}

bool has_top(const Context& context, const pop3::Session& session) {
    return session.has_top() && context.lost_to_top < most_lost_to_top;
}

void note_lost_header(Context& context, const pop3::Listed& lost, const pop3::Listed& first) {
    context.lost_to_top = lost.number == first.number ? context.lost_to_top + 1 : 0;
}

}  // namespace popkeep::fetch
