#include "ledger/mboxes.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "ledger/failure.hpp"

namespace popkeep::ledger {
namespace {

bool is_path(std::string_view path) {
    const auto parts = split(path, '/');
    const auto is_name = [](std::string_view part) { return !part.empty() && !part.starts_with('.'); };
    return std::ranges::all_of(parts, is_name) && path.find('\0') == std::string_view::npos;
}

// Size and edges are hints: where they can't be, they fit no file, and the next look reads it as a whole. A
// path is written to.
Mbox mbox_of(const Query& q, const std::string& ledger) {
    if (!is_path(q.text(1))) throw damaged("a path is not an mbox's", ledger);
    const bool possible = q.integer(2) >= 0 && q.blob(5).size() == Digest().size();
    return {.id = q.integer(0),
            .path = q.text(1),
            .size = possible ? q.count(2) : 0,
            .inode = q.count(3),
            .mtime_ns = q.integer(4),
            .edges = possible ? q.digest(5) : Digest()};
}

}  // namespace

bool Mboxes::any() {
    return db_.query("SELECT 1 FROM mbox LIMIT 1").step();
}

std::vector<Mbox> Mboxes::all() {
    std::vector<Mbox> mboxes;
    // With the '+' no index is used, so that a damaged one doesn't hide the table when a ledger is salvaged.
    Query q = db_.query("SELECT id, path, size, inode, mtime_ns, edges FROM mbox ORDER BY +path");
    while (q.step()) mboxes.push_back(mbox_of(q, db_.path()));
    return mboxes;
}

std::optional<Mbox> Mboxes::find(std::string_view path) {
    Query q = db_.query("SELECT id, path, size, inode, mtime_ns, edges FROM mbox WHERE path = ?");
    q.bind_text(path);
    return q.step() ? std::optional(mbox_of(q, db_.path())) : std::nullopt;
}

std::optional<Mbox> Mboxes::find(Id id) {
    Query q = db_.query("SELECT id, path, size, inode, mtime_ns, edges FROM mbox WHERE id = ?");
    q.bind(id);
    return q.step() ? std::optional(mbox_of(q, db_.path())) : std::nullopt;
}

Id Mboxes::highest() {
    Query q = db_.query("SELECT max(id) FROM mbox");
    q.step();
    return q.integer(0);
}

Mbox Mboxes::enter(std::string_view path) {
    db_.query(
           "INSERT INTO mbox (path, size, inode, mtime_ns, edges) VALUES (?, 0, 0, 0, ?) "
           "ON CONFLICT (path) DO NOTHING")
        .bind_text(path)
        .bind(sha256(""))
        .run();
    return find(path).value();
}

void Mboxes::update(const Mbox& mbox) {
    db_.query("UPDATE mbox SET path = ?, size = ?, inode = ?, mtime_ns = ?, edges = ? WHERE id = ?")
        .bind_text(mbox.path)
        .bind(mbox.size)
        .bind(mbox.inode)
        .bind(mbox.mtime_ns)
        .bind(mbox.edges)
        .bind(mbox.id)
        .run();
}

}  // namespace popkeep::ledger
