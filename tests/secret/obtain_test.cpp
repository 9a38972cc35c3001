#include "secret/obtain.hpp"

#include "secret/fixture.hpp"

namespace popkeep::secret {
namespace {

class Obtain : public SecretTest {
  protected:
    Obtain() {
        request_.account = "work";
        request_.host = "pop.example.com";
        request_.user = "me";
        request_.never_prompt = true;
    }

    std::string found() const {
        const Credential credential = obtain(request_);
        return credential.user + " " + std::string(credential.password.view()) + " from " + credential.origin;
    }
    std::string refused(Category category = Category::permission) const {
        return error_of(category, [&] { obtain(request_); });
    }

    Request request_;
};

TEST_F(Obtain, PrefersEachSourceToTheNext) {
    const std::string netrc = write(".netrc", "machine pop.example.com login me password five");
    EXPECT_EQ(found(), "me five from netrc");
    setenv("POPKEEP_PASSWORD", "four", 1);
    EXPECT_EQ(found(), "me four from POPKEEP_PASSWORD");
    write("credentials/popkeep.work", "three\n", 0440);
    setenv("CREDENTIALS_DIRECTORY", (home_ + "/credentials").c_str(), 1);
    EXPECT_EQ(found(), "me three from systemd credential popkeep.work");
    request_.configured.file = write("two", "two\n");
    EXPECT_EQ(found(), "me two from password_file");
    request_.flag.command = {"echo", "one"};
    EXPECT_EQ(found(), "me one from --password-command");
}

TEST_F(Obtain, KnowsThePasswordOfTheConfiguration) {
    request_.configured.text = std::make_shared<Password>(std::string("inline"), "the key 'password'");
    EXPECT_EQ(found(), "me inline from password");
}

TEST_F(Obtain, ASourceThatFailsIsNotReplacedByTheNext) {
    setenv("POPKEEP_PASSWORD", "four", 1);
    request_.configured.command = {"false"};
    EXPECT_TRUE(contains(refused(), "'false' of password_command failed")) << refused();
    request_.configured = {};
    request_.configured.file = home_ + "/none";
    EXPECT_EQ(refused(), home_ + "/none: there is no such file, named by password_file");
}

TEST_F(Obtain, TwoSourcesInOneAccountAreAnError) {
    request_.configured.file = "/x";
    request_.configured.command = {"echo"};
    EXPECT_EQ(refused(Category::configuration),
              "account 'work' has two sources for its password; keep one of password, password_command and "
              "password_file");
    request_.flag = request_.configured;
    EXPECT_EQ(refused(Category::usage),
              "account 'work' has two sources for its password; keep one of --password-command and "
              "--password-file");
}

TEST_F(Obtain, APasswordFileThatOthersCanReadIsRefused) {
    request_.flag.file = write("open", "secret", 0644);
    EXPECT_EQ(refused(), request_.flag.file +
                             ": others can read this file of secrets (mode 0644); chmod 600 '" +
                             request_.flag.file + "'");
}

TEST_F(Obtain, APasswordFileMayBeASystemdCredential) {
    request_.configured.file = write("credentials/mine", "secret", 0440);
    setenv("CREDENTIALS_DIRECTORY", (home_ + "/credentials").c_str(), 1);
    EXPECT_EQ(found(), "me secret from password_file");
    write("outside", "secret", 0644);
    request_.configured.file = home_ + "/credentials/../outside";
    EXPECT_TRUE(contains(refused(), "others can read this file of secrets")) << refused();
}

TEST_F(Obtain, AnEmptySourceIsTold) {
    request_.configured.file = write("empty", "\nsecret in the second line\n");
    EXPECT_EQ(refused(), "the password from password_file (" + request_.configured.file +
                             ") is empty; check what stands there, or remove it to use another source");
    request_.configured = {};
    setenv("POPKEEP_PASSWORD", "", 1);
    EXPECT_TRUE(contains(refused(), "the password from POPKEEP_PASSWORD is empty")) << refused();
}

TEST_F(Obtain, NetrcCanBeNamedByTheEnvironment) {
    const std::string path = write("elsewhere", "machine pop.example.com login me password p");
    setenv("NETRC", path.c_str(), 1);
    EXPECT_EQ(found(), "me p from netrc");
}

TEST_F(Obtain, NetrcMustBePrivateIfOurPasswordIsInIt) {
    const std::string path = write(".netrc", "machine pop.example.com login me password p", 0644);
    EXPECT_TRUE(contains(refused(), path + ": others can read this file of secrets (mode 0644); chmod 600"))
        << refused();
    write(".netrc", "machine elsewhere login me password p", 0644);
    EXPECT_TRUE(contains(refused(), "there is no password for account 'work'")) << refused();
}

TEST_F(Obtain, ADamagedNetrcIsNamed) {
    const std::string path = write(".netrc", "machine \"x");
    EXPECT_EQ(refused(), path + ": a quote that opens in line 1 isn't closed; close it in the same line");
}

TEST_F(Obtain, NetrcSuppliesTheUser) {
    request_.user.reset();
    write(".netrc", "machine pop.example.com login you password p");
    EXPECT_EQ(found(), "you p from netrc");
}

TEST_F(Obtain, WithoutAUserItSaysHowToGiveOne) {
    request_.user.reset();
    setenv("POPKEEP_PASSWORD", "p", 1);
    EXPECT_EQ(
        refused(Category::usage),
        "there is no user name for pop.example.com; write it into the URL (pop3s://USER@pop.example.com), or "
        "give the key 'user'");
}

TEST_F(Obtain, WithoutASourceAndAPersonItSaysWhatToDo) {
    EXPECT_EQ(refused(),
              "there is no password for account 'work', and nobody to ask (the keyring can't be reached: "
              "there is no "
              "session bus); give password_command or "
              "password_file, set "
              "POPKEEP_PASSWORD, or add it to ~/.netrc or the keyring");
}

TEST_F(Obtain, ACredentialsNameHoldsNoSlash) {
    request_.account = "me/x@host";
    write("credentials/popkeep.me%2Fx@host", "secret");
    setenv("CREDENTIALS_DIRECTORY", (home_ + "/credentials").c_str(), 1);
    EXPECT_EQ(found(), "me secret from systemd credential popkeep.me%2Fx@host");
}

}  // namespace
}  // namespace popkeep::secret
