#include "monitor/metrics.hpp"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace popkeep::monitor {
namespace {

Figures figures(const std::string& account, double archived) {
    Figures all;
    all.account = account;
    all.archived = archived;
    return all;
}

std::string text(const std::vector<Figures>& all, std::string_view before = "") {
    return metrics_text(all, before);
}

TEST(MetricsText, HasOnlyWhatIsKnown) {
    EXPECT_EQ(text({figures("home", 3)}),
              "# HELP popkeep_archive_messages Messages in the archive.\n"
              "# TYPE popkeep_archive_messages gauge\n"
              "# UNIT popkeep_archive_messages messages\n"
              "popkeep_archive_messages{account=\"home\"} 3\n"
              "# EOF\n");
    EXPECT_EQ(text({}), "# EOF\n");
}

TEST(MetricsText, WritesTimesInFullAndDurationsWithTheirFraction) {
    Figures all;
    all.account = "home";
    all.last_run = 1764345600;
    all.duration = 0.25;
    const std::string out = text({all});
    EXPECT_NE(out.find("_timestamp_seconds{account=\"home\"} 1764345600\n"), std::string::npos) << out;
    EXPECT_NE(out.find("_duration_seconds{account=\"home\"} 0.25\n"), std::string::npos) << out;
}

TEST(MetricsText, EscapesNamesAndFindsThemAgain) {
    const std::string name = "a\"} 7\n\\ {\u00e9";
    const std::string out = text({figures(name, 3)});
    EXPECT_NE(out.find(R"({account="a\"} 7\n\\ {é"} 3)"), std::string::npos) << out;
    EXPECT_EQ(text({}, out), out);
    EXPECT_EQ(text({figures(name, 4)}, out), text({figures(name, 4)}));
}

TEST(MetricsText, KeepsOtherAccountsAndWhatIsNotKnownNow) {
    Figures home = figures("home", 3);
    home.last_success = 100;
    const std::string before = text({home, figures("work", 7)});
    Figures failed;
    failed.account = "home";
    failed.exit_code = 73;
    home.exit_code = 73;
    EXPECT_EQ(text({failed}, before), text({home, figures("work", 7)}));
}

TEST(MetricsText, TakesNothingOverThatIsNotAsItWritesIt) {
    for (const char* line :
         {"popkeep_archive_messages 3", "popkeep_archive_messages{account=\"x} 3",
          "popkeep_archive_messages{account=\"x\"} 3x", "popkeep_archive_messages{account=\"x\"} ",
          "popkeep_archive_messages{account=\"x\"}", "popkeep_archive_messages{account=\"x\",b=\"c\"} 3",
          "popkeep_archive_messages{account=\"x\\", "other_archive_messages{account=\"x\"} 3", "\"", "{", ""})
        EXPECT_EQ(text({}, line), "# EOF\n") << line;
}

class MetricsFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "popkeep-metrics-XXXXXX";
        folder_ = mkdtemp(name.data());
        path_ = folder_ + "/popkeep.prom";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string content() const {
        std::ostringstream out;
        out << std::ifstream(path_).rdbuf();
        return out.str();
    }
    void write(const std::vector<Figures>& all) const { write_metrics(path_, all); }

    std::string folder_, path_;
};

TEST_F(MetricsFile, IsReadableForOtherUsersAndTheOnlyThingInItsFolder) {
    const mode_t before = umask(077);
    write({figures("home", 3)});
    umask(before);
    struct stat facts {};
    ASSERT_EQ(stat(path_.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0644U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(MetricsFile, OfARunThatHadNothingToSayIsTheNextOnesAllTheSame) {
    write({});
    write({figures("home", 3)});
    EXPECT_NE(content().find("\"home\"} 3\n"), std::string::npos) << content();
}

TEST_F(MetricsFile, OfAnotherProgramStaysAsItIs) {
    std::ofstream(path_) << "# HELP node_load1\nnode_load1 3\n";
    EXPECT_THROW(write({figures("home", 3)}), Error);
    EXPECT_EQ(content(), "# HELP node_load1\nnode_load1 3\n");
}

TEST_F(MetricsFile, LosesNothingOfThoseThatWriteAtTheSameTime) {
    std::vector<std::thread> writers;
    for (int i = 0; i < 8; ++i)
        writers.emplace_back([this, i] { write({figures("account " + std::to_string(i), i)}); });
    for (std::thread& writer : writers) writer.join();
    const std::string out = content();
    for (int i = 0; i < 8; ++i)
        EXPECT_NE(out.find("\"account " + std::to_string(i) + "\"} " + std::to_string(i) + "\n"),
                  std::string::npos)
            << out;
}

TEST_F(MetricsFile, SaysWhereItCouldNotBeWritten) {
    path_ = folder_ + "/missing/popkeep.prom";
    try {
        write({});
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_NE(error.where().find("missing"), std::string::npos);
    }
}

}  // namespace
}  // namespace popkeep::monitor
