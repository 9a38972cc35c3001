#include "base/worker.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <chrono>
#include <stdexcept>
#include <vector>

namespace popkeep {
namespace {

using Task = std::packaged_task<int()>;

// A stack that no machine has: no thread can be begun as long as this exists.
class NoThreads {
  public:
    NoThreads() {
        pthread_getattr_default_np(&usual_);
        pthread_attr_t huge;
        pthread_attr_init(&huge);
        pthread_attr_setstacksize(&huge, std::size_t{1} << 46U);
        pthread_setattr_default_np(&huge);
        pthread_attr_destroy(&huge);
    }
    ~NoThreads() {
        pthread_setattr_default_np(&usual_);
        pthread_attr_destroy(&usual_);
    }
    NoThreads(const NoThreads&) = delete;
    NoThreads& operator=(const NoThreads&) = delete;

  private:
    pthread_attr_t usual_{};
};

TEST(Worker, DoesItsTasksInTheOrderInWhichTheyWereGiven) {
    Worker<int> worker;
    std::vector<int> done;
    std::future<int> last;
    for (int i = 0; i < 3; ++i)
        last = worker.start(Task([&done, i] {
            done.push_back(i);
            return i;
        }));
    EXPECT_EQ(last.get(), 2);
    EXPECT_EQ(done, (std::vector{0, 1, 2}));
}

TEST(Worker, WorksBesideItsCaller) {
    Worker<int> worker;
    std::promise<int> said_later;
    auto answer = worker.start(Task([&] { return said_later.get_future().get(); }));
    said_later.set_value(7);
    EXPECT_EQ(answer.get(), 7);
}

TEST(Worker, TakesATaskWhileItDoesAnother) {
    Worker<int> worker;
    std::promise<void> begun;
    std::promise<int> said_later;
    auto first = worker.start(Task([&begun, answer = said_later.get_future()]() mutable {
        begun.set_value();
        return answer.wait_for(std::chrono::seconds(5)) == std::future_status::ready ? answer.get() : 0;
    }));
    begun.get_future().wait();
    auto second = worker.start(Task([] { return 8; }));
    said_later.set_value(7);
    EXPECT_EQ(first.get(), 7);
    EXPECT_EQ(second.get(), 8);
}

TEST(Worker, PassesOnWhatATaskThrew) {
    Worker<int> worker;
    auto failed = worker.start(Task([]() -> int { throw std::runtime_error("no"); }));
    EXPECT_THROW(failed.get(), std::runtime_error);
    EXPECT_EQ(worker.start(Task([] { return 1; })).get(), 1);
}

TEST(Worker, FinishesWhatItWasGivenBeforeItGoes) {
    int done = 0;
    {
        Worker<int> worker;
        for (int i = 0; i < 2; ++i)
            worker.start(Task([&done] {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
                return ++done;
            }));
    }
    EXPECT_EQ(done, 2);
}

TEST(Worker, LetsItsCallerDoTheTaskWhereNoThreadCanBeHad) {
    const NoThreads none;
    Worker<std::thread::id> worker;
    auto where = worker.start(std::packaged_task<std::thread::id()>(std::this_thread::get_id));
    EXPECT_EQ(where.get(), std::this_thread::get_id());
}

}  // namespace
}  // namespace popkeep
