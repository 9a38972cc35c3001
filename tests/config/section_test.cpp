#include "config/section.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/file.hpp"

namespace popkeep::config {
namespace {

const std::vector<SectionLine> lines{{"me@example.com", "", ""},
                                     {"", "url", "pop3s://pop.example.com"},
                                     {"", "user", "m\"e\\@example.com"},
                                     {"Where it goes.", "archive", "/mail/x y"},
                                     {"", "limit", "012"},
                                     {"", "pipelining", "off"},
                                     {"The password is asked for.", "", ""}};

TEST(Section, IsReadAsItWasMeant) {
    const auto text = section("my mail", lines);
    const auto read = parse(text, "/x/popkeep.toml");
    ASSERT_EQ(read.accounts.size(), 1U);
    const Account& account = read.accounts[0];
    EXPECT_EQ(account.name, "my mail");
    EXPECT_EQ(account.url.host, "pop.example.com");
    EXPECT_EQ(account.url.user, "m\"e\\@example.com");
    EXPECT_EQ(account.archive, "/mail/x y");
    EXPECT_EQ(account.limit, 12U);
    EXPECT_FALSE(account.pipelining);
}

TEST(Section, IsReadWithTheDefaultsOfTheFileThatItWouldExtend) {
    std::string folder = testing::TempDir() + "appendedXXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const std::string path = folder + "/popkeep.toml";
    EXPECT_EQ(appended(path, section("a", lines)).get("a").ca, "");
    EXPECT_FALSE(std::filesystem::exists(path));
    const std::string before = "[defaults]\nca = \"ca.pem\" # no line end";
    std::ofstream(path) << before;
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
    EXPECT_EQ(appended(path, section("a", lines)).get("a").ca, folder + "/ca.pem");
    EXPECT_EQ(std::filesystem::file_size(path), before.size());
    EXPECT_THROW(appended(path, section("a", {})), Invalid);
    std::filesystem::remove_all(folder);
}

TEST(Section, HasItsCommentsWhereTheyBelong) {
    EXPECT_EQ(section("home", lines),
              "# me@example.com\n"
              "[account.home]\n"
              "url = \"pop3s://pop.example.com\"\n"
              "user = \"m\\\"e\\\\@example.com\"\n"
              "# Where it goes.\n"
              "archive = \"/mail/x y\"\n"
              "limit = 12\n"
              "pipelining = false\n"
              "# The password is asked for.\n");
}

TEST(Section, AnyNameAndCommentStaysWhatItIs) {
    for (const std::string name : {"a.b", "me@example.com", "]\n[x", "#", "ü"}) {
        const std::vector<SectionLine> some{{"a\nurl = 1 \x01", "", ""}, {"", "url", "pop3s://h.example"}};
        std::string text = section(name, some);
        if (name.find('\n') != std::string::npos) {
            EXPECT_THROW(parse(text, "/x"),
                         Invalid);  // control characters are refused, not taken for a table
        } else {
            EXPECT_EQ(parse(text, "/x").accounts.at(0).name, name);
        }
    }
}

class Append : public testing::Test {
  protected:
    Append() {
        std::string name = testing::TempDir() + "popkeep-section-XXXXXX";
        folder_ = mkdtemp(name.data());
        path_ = folder_ + "/a/b/popkeep.toml";
    }
    ~Append() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& text, mode_t mode) const {
        std::filesystem::create_directories(folder_ + "/a/b");
        std::ofstream(path_, std::ios::binary) << text;
        chmod(path_.c_str(), mode);
    }
    std::string content() const {
        std::ifstream file(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    mode_t mode() const {
        struct stat info {};
        stat(path_.c_str(), &info);
        return info.st_mode & 07777U;
    }

    std::string folder_, path_;
    const std::string added_ = section("new", std::vector<SectionLine>{{"", "url", "pop3s://new.example"}});
};

TEST_F(Append, MakesFileAndFolders) {
    append(path_, added_);
    EXPECT_EQ(content(), added_);
    EXPECT_EQ(mode(), 0600U);
}

TEST_F(Append, KeepsWhatStandsThereByteForByte) {
    for (const std::string before : {"# mine\r\n[account.old]\r\nurl='pop3s://old.example'   \r\n",
                                     "[defaults]\nlimit=3 # no end", ""}) {
        write(before, 0640);
        append(path_, added_);
        EXPECT_TRUE(content().starts_with(before));
        EXPECT_TRUE(content().ends_with(added_));
        EXPECT_EQ(mode(), 0640U);
        EXPECT_NE(load(path_).find("new"), nullptr);
    }
}

TEST_F(Append, AnAccountOfThatNameIsNotTouched) {
    const std::string before = "[account.new]\nurl = \"pop3s://other.example\"\n";
    write(before, 0600);
    EXPECT_THROW(append(path_, added_), Error);
    EXPECT_EQ(content(), before);
}

TEST_F(Append, ABrokenFileIsLeftAlone) {
    for (const std::string before :
         {"[account.", "nonsense = 1\n", "account = { a = { url = \"pop3s://h.example\" } }\n"}) {
        write(before, 0600);
        EXPECT_THROW(append(path_, added_), Error) << before;
        EXPECT_EQ(content(), before);
    }
}

TEST_F(Append, ALinkStaysALink) {
    write("# mine\n", 0600);
    const std::string link = folder_ + "/link.toml";
    std::filesystem::create_symlink(path_, link);
    append(link, added_);
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_EQ(content(), "# mine\n\n" + added_);
}

TEST_F(Append, NothingIsLeftBehind) {
    append(path_, added_);
    const auto begin = std::filesystem::directory_iterator(folder_ + "/a/b");
    EXPECT_EQ(std::distance(begin, std::filesystem::directory_iterator()), 1);
}

}  // namespace
}  // namespace popkeep::config
