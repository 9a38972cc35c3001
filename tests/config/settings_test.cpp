#include "config/settings.hpp"

#include <gtest/gtest.h>

#include "config/file.hpp"

namespace popkeep::config {
namespace {

Settings settings_of(std::string_view text) {
    return parse(text, "/etc/popkeep.toml").settings;
}

std::string first_problem(std::string_view text) {
    try {
        settings_of(text);
    } catch (const Invalid& invalid) {
        return invalid.what();
    }
    return "";
}

TEST(Settings, StandInDefaults) {
    const Settings settings = settings_of("[defaults]\njobs = 12\nper_host = 2\nlog = \"popkeep.log\"\n");
    EXPECT_EQ(settings.jobs, 12U);
    EXPECT_EQ(settings.per_host, 2U);
    EXPECT_EQ(settings.log, "/etc/popkeep.log");
}

TEST(Settings, AreModestWithoutBeingGiven) {
    const Settings settings = settings_of("");
    EXPECT_EQ(settings.jobs, 4U);
    EXPECT_EQ(settings.per_host, 4U);
    EXPECT_EQ(settings.log, "");
}

TEST(Settings, AreRefusedInAnAccount) {
    EXPECT_EQ(first_problem("[account.a]\nurl = \"pop3://me@h\"\njobs = 12\n"),
              "/etc/popkeep.toml:3:1: 'jobs' concerns all accounts; give it in [defaults]");
}

TEST(Settings, AreCheckedWithTheirPlace) {
    EXPECT_TRUE(first_problem("[defaults]\njobs = 0\n").starts_with("/etc/popkeep.toml:2:8: 'jobs': "));
    EXPECT_TRUE(first_problem("[defaults]\nper_host = \"many\"\n")
                    .starts_with("/etc/popkeep.toml:2:12: 'per_host' "));
}

TEST(Settings, AMistypedOneIsRecognised) {
    EXPECT_NE(first_problem("[defaults]\njosb = 3\n").find("did you mean 'jobs'?"), std::string::npos);
}

TEST(Settings, AFlagSetsWhatTheFileWould) {
    Settings settings;
    set(settings, "jobs", "64", "/base");
    set(settings, "log", "a.log", "/base");
    EXPECT_EQ(settings.jobs, 64U);
    EXPECT_EQ(settings.log, "/base/a.log");
    EXPECT_THROW(set(settings, "jobs", "257", "/base"), Error);
}

}  // namespace
}  // namespace popkeep::config
