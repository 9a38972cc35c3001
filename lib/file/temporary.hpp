#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "file/fd.hpp"

namespace popkeep::file {

/// A new file, of this process alone, for what gets its final name once it is whole. Removed again unless it
/// got that; what a killed process leaves is for remove_leftovers().
class Temporary {
  public:
    /// In `folder`, for a file that is to be called `name`.
    Temporary(const std::string& folder, std::string_view name);
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary();

    const Fd& fd() const noexcept { return fd_; }

    /// Renames it; what has that name is replaced.
    void become(const std::string& path);

  private:
    bool is_ours() const;
    std::string path_;
    Fd fd_;
};

/// Removes what processes that are gone left of Temporaries whose names were to be such ones; true if there
/// was any. Those of processes that live, and of other users, are left alone.
bool remove_leftovers(const std::string& folder, const std::function<bool(std::string_view name)>& such);
/// The same for the file at `path`.
bool remove_leftovers_of(const std::string& path);

}  // namespace popkeep::file
