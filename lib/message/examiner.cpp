#include <optional>

#include "base/text.hpp"
#include "message/facts.hpp"
#include "message/header.hpp"

namespace popkeep::message {

class Examiner::Impl {
  public:
    void feed(std::string_view content) {
        // Each byte is looked at several times; within a block it comes from the cache.
        constexpr std::size_t block = 32UL * 1024;
        for (; content.size() > block; content.remove_prefix(block)) feed_block(content.substr(0, block));
        feed_block(content);
    }

    Facts finish() {
        if (!header_.ended()) end_header();
        Facts facts;
        facts.content = content_.finish();
        facts.size = size_;
        facts.lines = lines_;
        facts.body_size = size_ - header_size_;
        if (header_.has_readers_fields()) facts.stripped = stripped_.finish();
        header_.report(facts);
        size_ = lines_ = header_size_ = 0;
        return facts;
    }

  private:
    void feed_block(std::string_view content) {
        content_.update(content);
        size_ += content.size();
        lines_ += count_lines(content);
        if (header_.ended()) {
            body(content);
            return;
        }
        const std::size_t taken = header_.feed(content);
        header_size_ += taken;
        if (!header_.ended()) return;
        end_header();
        body(header_.empty_line());
        body(content.substr(taken));
    }

    void end_header() {
        header_.finish();
        if (header_.has_readers_fields()) stripped_.become(header_.hash());
    }

    void body(std::string_view bytes) {
        if (header_.has_readers_fields()) stripped_.update(bytes);
    }

    Header header_;
    Sha256 content_, stripped_;
    std::uint64_t size_ = 0, lines_ = 0;
    std::uint64_t header_size_ = 0;  // with the empty line
};

Examiner::Examiner() : impl_(std::make_unique<Impl>()) {}
Examiner::~Examiner() = default;
Examiner::Examiner(Examiner&&) noexcept = default;
Examiner& Examiner::operator=(Examiner&&) noexcept = default;

void Examiner::feed(std::string_view content) {
    impl_->feed(content);
}

Facts Examiner::finish() {
    return impl_->finish();
}

Facts examine(std::string_view content) {
    Examiner examiner;
    examiner.feed(content);
    return examiner.finish();
}

}  // namespace popkeep::message
