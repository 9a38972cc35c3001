#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The mbox format as popkeep writes it (mboxrd, popkeep-archive(5)). A stored message is
///
///     postmark "From sender date\n" · content, quoted · "\n"
///
/// where quoting puts one more '>' before every line that matches ^>*From␣ . The content has a final LF or is
/// empty: popkeep sees to that before.
namespace popkeep::mbox {

/// "From sender Thu Jan  1 00:00:00 1970\n". `sender` must be sanitised; empty means MAILER-DAEMON. UTC.
/// Times outside the years 1970 to 9999 become the nearest end.
std::string make_postmark(std::string_view sender, std::int64_t time);

/// True if a line (without LF) begins a message when it stands at the start of an mbox or behind an empty
/// line: "From " and at least one more byte (a CR doesn't count). Readers of foreign files need no more.
bool is_postmark(std::string_view line);
/// True if "From " and a date's beginning ("Thu Jan ") are in it, as in most programs' postmarks: for places
/// where text may say "From " as well.
bool is_dated_postmark(std::string_view line);
/// True if it is one that popkeep writes: "From ", one word, one blank, a 24-byte asctime date.
bool is_own_postmark(std::string_view line);

/// Appends `content` to `out` with quoting. `content` must begin at a line start and end at a line end.
void quote(std::string_view content, std::string& out);

/// Where the end of the last piece leaves a line that may turn out to match ^>*From␣ .
struct LineStart {
    bool open = true;         ///< so far the line matches ^>*F?r?o?m?
    bool marked = false;      ///< it has a '>'
    std::size_t matched = 0;  ///< bytes of "From " at its end
};

/// Quoting of content in pieces split anywhere. Holds back at most "From".
class Quoter {
  public:
    void feed(std::string_view content, std::string& out);
    /// The content is over; the next one may follow.
    void finish(std::string& out);

  private:
    LineStart line_;
};

/// The reverse of Quoter: takes one '>' from every line that matches ^>+From␣ . Holds back at most ">From".
class Unquoter {
  public:
    void feed(std::string_view stored, std::string& out);
    void finish(std::string& out);

  private:
    LineStart line_;
};

}  // namespace popkeep::mbox
