#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace popkeep::secret {

/// A home folder of its own, and none of the environment's secrets.
class SecretTest : public testing::Test {
  protected:
    SecretTest() {
        std::string name = testing::TempDir() + "popkeep-secret-XXXXXX";
        home_ = mkdtemp(name.data());
        setenv("HOME", home_.c_str(), 1);
        for (const char* variable : {"NETRC", "CREDENTIALS_DIRECTORY", "POPKEEP_PASSWORD",
                                     "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"})
            unsetenv(variable);
    }
    ~SecretTest() override {
        for (const char* variable : {"NETRC", "CREDENTIALS_DIRECTORY", "POPKEEP_PASSWORD"})
            unsetenv(variable);
        std::filesystem::remove_all(home_);
    }

    std::string write(const std::string& name, std::string_view content, mode_t mode = 0600) const {
        std::string path = home_ + "/" + name;
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::ofstream(path) << content;
        chmod(path.c_str(), mode);
        return path;
    }

    std::string home_;
};

/// The line of the Error that `action` throws, and its category; a failure if there is none.
inline std::string error_of(Category category, const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_EQ(error.category(), category);
        return error.what();
    }
    ADD_FAILURE() << "no error was thrown";
    return "";
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace popkeep::secret
