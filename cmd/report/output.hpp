#pragma once

#include <string_view>

#include "base/error.hpp"
#include "report/journal.hpp"

/// The only places that write to standard output and standard error. What comes from outside has passed
/// printable() before.
namespace popkeep::report {

/// To standard output. A failure is remembered for finish_output(): a reader that went away must not end a
/// fetch in the middle.
void out(std::string_view text);
/// labelled() to standard output.
void out(std::string_view label, std::string_view text);
/// Nobody reads it any more, or the disk is full: what follows comes to nothing.
bool out_failed();
/// Hands what stands in the buffer on, for whoever reads along.
void flush_out();

/// To standard error, after what stands in standard output; progress that is being shown is wiped away
/// first.
void err(std::string_view text, Level level = Level::info);

/// "popkeep: [account: ]sentence" to standard error: one line for logs and mails, broken at blanks for a
/// terminal. An account that `where` names already isn't named twice.
void tell(Level level, std::string_view account, std::string_view sentence);

/// tell() of an error: "where: what (said); next".
void complain(const Error& error, std::string_view account = {});

/// Somebody else has the terminal for now: what would be shown there is kept until it is returned, of
/// conversations with servers 1 MiB.
void lend_terminal();
void take_terminal_back();
/// In a child process: what is shown, or kept for it, is the parent's.
void forget_parents_output();

/// True unless standard output could not be written; a closed pipe is none of our business. Says so.
bool finish_output();

bool out_is_terminal();
bool err_is_terminal();

}  // namespace popkeep::report
