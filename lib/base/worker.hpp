#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

namespace popkeep {

/// A thread that does one task after the other, begun with the first of them. Where the system gives none,
/// the caller's does them. Destruction waits until all are done.
template <typename Result>
class Worker {
  public:
    /// What the task throws, the future does.
    std::future<Result> start(std::packaged_task<Result()> task) {
        std::future<Result> result = task.get_future();
        try {
            if (!thread_.joinable())
                thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
        } catch (const std::system_error&) {
            task();
            return result;
        }
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
        changed_.notify_one();
        return result;
    }

  private:
    void run(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stop, [this] { return !tasks_.empty(); })) {
            std::packaged_task<Result()> task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::packaged_task<Result()>> tasks_;
    std::jthread thread_;  // last: ended before the rest goes
};

}  // namespace popkeep
