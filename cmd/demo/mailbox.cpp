#include "demo/mailbox.hpp"

#include <fmt/format.h>

#include <utility>

namespace popkeep::demo {
namespace {

class Writer {
  public:
    void add(std::string content, std::string lesson = {}) {
        messages_.push_back(
            {fmt::format("demo-{:04}", messages_.size() + 1), std::move(content), std::move(lesson)});
    }

    // A message with an ordinary header.
    void letter(const std::string& subject, const std::string& body, std::string lesson = {},
                const std::string& fields = {}) {
        const std::size_t day = messages_.size() % 28 + 1;
        add(fmt::format("Return-Path: <anna@example.com>\n"
                        "Received: from mx.example.com by mail.example.org; {0} Feb 2026 10:00:00 +0000\n"
                        "From: Anna Example <anna@example.com>\n"
                        "To: me@example.org\n"
                        "Subject: {1}\n"
                        "Date: {0} Feb 2026 09:59:58 +0000\n"
                        "Message-ID: <{2}@example.com>\n"
                        "{3}\n{4}",
                        day, subject, messages_.size() + 1, fields, body),
            std::move(lesson));
    }

    std::vector<Message> take() { return std::move(messages_); }

  private:
    std::vector<Message> messages_;
};

void traps_of_mbox(Writer& to) {
    to.letter("A line that begins a message", "Dear me,\n\nFrom here on an mbox reader may go astray.\n",
              "a line begins with \"From \"");
    to.letter("Quoted already", ">From an older mbox\n>>From an even older one\n",
              "lines begin with \">From \" and must come back with just as many >");
    to.letter("A forged postmark",
              "\nFrom mallory@example.net Thu Jan  1 00:00:00 1970\nSubject: not a message\n",
              "the body holds what looks like the start of another message");
    to.letter("A liar", "Short.\n", "its Content-Length reaches into the next message",
              "Content-Length: 2000\n");
    to.letter("After the liar", "Readers that believe the message before don't see this one.\n");
    to.letter("Status of long ago", "Body.\n", "it comes with a mail reader's own fields",
              "Status: RO\nX-Status: A\n");
}

void traps_of_pop3(Writer& to) {
    to.letter("Dots", ".\n..\n...and so on\n.\n", "lines of dots, which POP3 doubles on the wire");
    to.letter("A dot before the end", "last line\n.\n", "a lone dot is its last line");
    to.letter("One very long line", std::string(300'000, 'x') + "\n", "a line of 300,000 characters");
    to.letter("Nothing to say", "", "no body");
    to.letter("Blank", "\n\n\n\n", "nothing but empty lines");
    to.add("", "no content at all");
    to.add("Just a body, no header\n\nFrom the first line on.\n", "no header");
    const std::string twin = "From: twins@example.com\nSubject: Twins\n\nThe same, byte for byte.\n";
    to.add(twin, "a twin: the same bytes under two UIDs");
    to.add(twin, "the other twin");
}

void traps_of_text(Writer& to) {
    to.letter("=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_Z=C3=BCrich?=",
              "Sch\xC3\xB6ne Gr\xC3\xBC\xC3\x9F"
              "e.\n",
              "UTF-8 and an encoded subject", "Content-Type: text/plain; charset=utf-8\n");
    to.letter("Caf\xE9", "8-bit bytes that are no UTF-8: \xE9\xE8\xFF\n", "8-bit in header and body",
              "Content-Type: text/plain; charset=iso-8859-1\n");
    to.letter("Bells", "\x1b[2J\x07 would clear your screen and ring\n", "control characters for terminals");
    to.letter("A zero", std::string("between\0these\n", 14), "a NUL byte");
    to.letter("Carriage returns", "one\rtwo\rthree\n", "bare CRs, which are no line ends");
    to.letter("=?utf-8?B?8J+Quw==?= wide: \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", "\xE3\x81\x93\n",
              "characters two cells wide");
    to.letter("An attachment",
              "--b\nContent-Type: text/plain\n\nThe bill is attached.\n--b\n"
              "Content-Type: application/pdf; name=\"bill.pdf\"\n"
              "Content-Disposition: attachment; filename=\"bill.pdf\"\n"
              "Content-Transfer-Encoding: base64\n\nJVBERi0xLjQKJcOkw7zDtsOfCg==\n--b--\n",
              "an attachment", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n");
}

}  // namespace

std::vector<Message> mailbox() {
    Writer writer;
    for (int i = 1; i <= 12; ++i) {
        writer.letter(fmt::format("Letter {} of 12", i),
                      fmt::format("Hello,\n\nthis is letter number {}.\n\nBest wishes\nAnna\n", i));
    }
    traps_of_mbox(writer);
    traps_of_pop3(writer);
    traps_of_text(writer);
    return writer.take();
}

}  // namespace popkeep::demo
