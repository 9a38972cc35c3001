#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "archive/claim.hpp"
#include "fetch/context.hpp"
#include "fetch/identify.hpp"
#include "fetch/item.hpp"
#include "pop3/session.hpp"

namespace popkeep::fetch {

/// Where a flight of RETRs ends: each message goes into the archive, or is found to stand there already.
class Intake : public pop3::MessageSink {
  public:
    /// A message whose octets aren't those that LIST promised, or that came behind one. In a pipeline they
    /// may be answers to other commands, so they aren't kept.
    struct Held {
        Item* item = nullptr;
        Digest content{};
        std::uint64_t octets = 0;
    };

    /// Which messages are kept.
    enum class Sizes {
        any,     ///< all
        listed,  ///< those whose octets are as listed; the first other one and what follows are held back
    };

    /// `order`: the items in the order of their RETRs. `expected`: what has this content is kept as well.
    Intake(Context& context, Identifier& identifier, std::vector<Item*> order, Sizes sizes,
           std::optional<Digest> expected = {});

    void begin(const pop3::Listed& message) override;
    std::span<char> room(std::size_t size) override;
    void content(std::size_t size) override;
    void end(std::uint64_t octets, std::uint64_t bare_lf) override;
    void refused(const pop3::Listed& message, const pop3::Reply& reply) override;
    void idle() override;
    bool more() override;

    /// What came behind the last message was no answer: that one may be cut short. It is taken out again, or,
    /// if it is committed already, never grounds for DELE. Returns it, if there was one.
    const pop3::Listed* distrust_last();

    /// Commits what is complete and enters what was found. Once, after the flight.
    void finish();

    const std::vector<Held>& held() const { return held_; }
    /// The last complete message, kept or not.
    const Held& latest() const { return latest_; }
    /// The last one that was kept or found, if there was one.
    const Item* last() const { return last_; }

  private:
    Item& next();
    void settle(Item& item, const message::Facts& facts, std::uint64_t bare_lf);
    void claim(Item& item, const Identifier::Known& known, const message::Facts& facts,
               std::uint64_t bare_lf);
    void collect();

    Context& context_;
    Identifier& identifier_;
    std::vector<Item*> order_;
    std::size_t next_ = 0;
    Sizes sizes_;
    std::optional<Digest> expected_;
    std::vector<Held> held_;
    Held latest_;
    Item* last_ = nullptr;
    std::unordered_map<std::uint32_t, Item*> uncommitted_;
    std::vector<archive::Claim> claims_;
    std::uint64_t octets_ = 0, messages_ = 0;
    std::uint64_t to_come_ = 0;  // octets, by LIST
};

/// What came behind this one, the last of its flight, was no answer: it may be cut short. Where it is in the
/// archive, that is said, and it is never grounds for DELE before it came again.
void distrust(Context& context, const Item& item);

}  // namespace popkeep::fetch
