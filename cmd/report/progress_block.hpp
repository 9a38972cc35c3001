#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace popkeep::report {

/// The lines at the bottom of standard error that are drawn over themselves: at most ten times a second,
/// never wider or higher than the window, which is asked anew each time. Draws nothing unless standard error
/// is a terminal that can move its cursor.
class ProgressBlock {
  public:
    /// A line of at most so many cells.
    using Render = std::function<std::string(std::size_t width)>;

    /// The one there is.
    static ProgressBlock& screen();

    static bool possible();
    /// The line of `owner`, who stands below those that came earlier; `last`: at the very bottom.
    void set(const void* owner, Render render);
    void set_last(Render render) { last_ = std::move(render); }
    void remove(const void* owner);
    /// Draws if it is time to. `at_once`: a line reached its end.
    void draw(bool at_once = false);
    /// Takes what is being shown off the screen, so that something else can be written; the next draw() shows
    /// it again.
    void wipe();
    /// Nothing is drawn until show().
    void hide();
    void show() { hidden_ = false; }
    /// In a child process: the lines are the parent's.
    void forget();

  private:
    using Clock = std::chrono::steady_clock;
    std::vector<std::string> lines(std::size_t width, std::size_t height) const;
    std::string back_to_the_top(std::size_t width) const;

    std::map<std::size_t, Render> renders_;
    std::map<const void*, std::size_t> places_;
    std::size_t next_place_ = 0;
    Render last_;
    std::vector<std::size_t> drawn_;  ///< cells of each line on the screen
    Clock::time_point drawn_at_;
    bool hidden_ = false;
};

}  // namespace popkeep::report
