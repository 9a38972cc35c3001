#include "config/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace popkeep::config {
namespace {

class ConfigurationFile : public testing::Test {
  protected:
    ConfigurationFile() {
        std::string name = testing::TempDir() + "popkeep-config-XXXXXX";
        folder_ = mkdtemp(name.data());
        setenv("HOME", folder_.c_str(), 1);
        unsetenv("XDG_CONFIG_HOME");
    }
    ~ConfigurationFile() override {
        unsetenv("XDG_CONFIG_HOME");
        std::filesystem::remove_all(folder_);
    }

    std::string write(const std::string& name, std::string_view content, mode_t mode = 0600) const {
        std::string path = folder_ + "/" + name;
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::ofstream(path) << content;
        chmod(path.c_str(), mode);
        return path;
    }

    static std::string refused(const std::string& path) {
        try {
            load(path);
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), Category::configuration);
            return error.what();
        }
        ADD_FAILURE() << "it was taken";
        return "";
    }

    std::string folder_;
    const std::string simple_ = "[account.a]\nurl = \"pop3s://me@h\"\narchive = \"Mail\"\n";
};

TEST_F(ConfigurationFile, PathsCountFromItsFolder) {
    const Configuration all = load(write("x.toml", simple_, 0644));
    EXPECT_EQ(all.path, folder_ + "/x.toml");
    EXPECT_EQ(all.accounts.at(0).archive, folder_ + "/Mail");
}

TEST_F(ConfigurationFile, MayBeGivenByARelativePath) {
    write("x.toml", simple_);
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder_);
    const Configuration all = load("x.toml");
    std::filesystem::current_path(before);
    EXPECT_EQ(all.accounts.at(0).archive, std::filesystem::path(all.path).parent_path().string() + "/Mail");
}

TEST_F(ConfigurationFile, PathsCountFromTheFolderOfALinkToItAndNotFromItsTarget) {
    std::filesystem::create_symlink(write("dotfiles/x.toml", simple_), folder_ + "/x.toml");
    EXPECT_EQ(load(folder_ + "/x.toml").accounts.at(0).archive, folder_ + "/Mail");
}

TEST_F(ConfigurationFile, IsLookedForInItsPlaces) {
    EXPECT_EQ(find("given.toml"), "given.toml");
    const std::string in_home = write(".config/popkeep/popkeep.toml", simple_);
    EXPECT_EQ(find(std::nullopt), in_home);
    const std::string in_xdg = write("xdg/popkeep/popkeep.toml", simple_);
    setenv("XDG_CONFIG_HOME", (folder_ + "/xdg").c_str(), 1);
    EXPECT_EQ(find(std::nullopt), in_xdg);
    setenv("XDG_CONFIG_HOME", "xdg", 1);
    EXPECT_EQ(find(std::nullopt), in_home);
}

TEST_F(ConfigurationFile, ThatIsMissingOrNoFileIsTold) {
    EXPECT_EQ(refused(folder_ + "/none"),
              folder_ + "/none: cannot read the configuration (No such file or directory)");
    EXPECT_EQ(refused(folder_), folder_ + ": the configuration is not a file");
}

TEST_F(ConfigurationFile, ThatOthersCanWriteIsRefused) {
    const std::string path = write("x.toml", simple_, 0664);
    EXPECT_EQ(refused(path),
              path + ": others can write the configuration (mode 0664); chmod go-w '" + path + "'");
    EXPECT_NE(refused(write("x.toml", simple_, 0602)).find("others can write"), std::string::npos);
}

TEST_F(ConfigurationFile, ThatBelongsToSomebodyElseIsRefused) {
    if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const std::string path = write("x.toml", simple_);
    ASSERT_EQ(chown(path.c_str(), 12345, 12345), 0);
    EXPECT_EQ(refused(path), path + ": the configuration belongs to another user; make it yours with chown");
}

TEST_F(ConfigurationFile, WithAPasswordMustBePrivate) {
    const std::string text = simple_ + "password = \"hush\"\n";
    EXPECT_EQ(load(write("x.toml", text, 0600)).accounts.size(), 1U);
    const std::string path = write("x.toml", text, 0640);
    EXPECT_EQ(refused(path),
              path + ": the configuration holds a secret and others can read it (mode 0640); chmod 600 '" +
                  path + "', or use a command or file for it");
}

TEST_F(ConfigurationFile, WithASecretForAllAccountsMustBePrivateThoughNoneUsesIt) {
    const std::string defaults = "[defaults]\noauth_client_secret = \"hush\"\n";
    for (const std::string& accounts : {std::string(), simple_ + "oauth_client_secret_file = \"s\"\n"}) {
        EXPECT_TRUE(load(write("x.toml", defaults + accounts, 0600)).holds_secret);
        EXPECT_NE(refused(write("x.toml", defaults + accounts, 0644)).find("others can read it"),
                  std::string::npos);
    }
}

TEST_F(ConfigurationFile, BeyondOneMebibyteIsRefused) {
    const std::string path = write("x.toml", std::string((1U << 20U) + 1, '#'));
    EXPECT_EQ(refused(path), path + ": the configuration is larger than 1 MiB");
}

TEST_F(ConfigurationFile, ProblemsNameTheFile) {
    const std::string path = write("x.toml", "[account.a]\nurl = 1\n");
    EXPECT_TRUE(refused(path).starts_with(path + ":2:7: 'url' can't be a number")) << refused(path);
}

}  // namespace
}  // namespace popkeep::config
