#include "provider/srv.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "provider/nameserver.hpp"

namespace popkeep::provider {
namespace {

using Bytes = FakeNameserver::Bytes;

std::vector<Service> ask(const std::function<Bytes(const Bytes&)>& answer,
                         const std::string& domain = "example.com") {
    const FakeNameserver server(answer);
    return announced(domain, Nameserver{"127.0.0.1", server.port()});
}

TEST(Srv, TlsFromTheStartComesFirst) {
    std::vector<std::string> asked;
    const auto found = ask([&](const Bytes& query) {
        asked.push_back(question_of(query));
        return answer_with(query, {{0, 0, 995, "Pop.Example.com."}});
    });
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].host, "pop.example.com");
    EXPECT_EQ(found[0].port, 995);
    EXPECT_EQ(found[0].tls, Tls::implicit);
    EXPECT_EQ(asked, (std::vector<std::string>{"_pop3s._tcp.example.com"}));
}

TEST(Srv, Pop3IsTakenAsStls) {
    const auto found = ask([](const Bytes& query) {
        const bool plain = question_of(query).starts_with("_pop3.");
        return answer_with(query,
                           plain ? std::vector<Srv>{{0, 0, 110, "mail.example.com."}} : std::vector<Srv>{});
    });
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].tls, Tls::stls);
    EXPECT_EQ(found[0].port, 110);
}

TEST(Srv, TheLowestPriorityAndThenTheHighestWeightIsBest) {
    const auto found = ask([](const Bytes& query) {
        return answer_with(query, {{20, 9, 995, "c.example.com."},
                                   {10, 1, 995, "b.example.com."},
                                   {10, 65535, 1995, "a.example.com."}});
    });
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].host, "a.example.com");
    EXPECT_EQ(found[0].port, 1995);
    EXPECT_EQ(found[1].host, "b.example.com");
    EXPECT_EQ(found[2].host, "c.example.com");
}

TEST(Srv, ADotSaysThatThereIsNone) {
    EXPECT_TRUE(ask([](const Bytes& query) { return answer_with(query, {{0, 0, 0, "."}}); }).empty());
    EXPECT_TRUE(ask([](const Bytes& query) { return answer_with(query, {{0, 0, 995, "."}}); }).empty());
}

TEST(Srv, OddTargetsAreLeftOut) {
    const auto found = ask([](const Bytes& query) {
        return answer_with(query, {{0, 0, 995, "a\x1b[2Jb.example.com."},
                                   {0, 0, 995, "a/b.example.com."},
                                   {0, 0, 995, "localhost."},
                                   {0, 0, 0, "noport.example.com."},
                                   {1, 0, 995, "good.example.com."}});
    });
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].host, "good.example.com");
}

TEST(Srv, ManyRecordsAreNoFlood) {
    const std::vector<Srv> many(60, {0, 0, 995, "p.example.com."});
    EXPECT_LE(ask([&](const Bytes& query) { return answer_with(query, many); }).size(), 32U);
}

TEST(Srv, EveryCutOfAnAnswerIsTakenCalmly) {
    const Bytes query{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'x', 0, 0, 33, 0, 1};
    const auto whole = answer_with(query, {{0, 0, 995, "pop.example.com."}, {1, 0, 995, "q.example.com."}});
    EXPECT_EQ(services_of(whole, Tls::implicit).size(), 2U);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_LE(services_of(std::span(whole).first(size), Tls::implicit).size(), 1U) << size;
}

TEST(Srv, EveryFlippedByteOfAnAnswerIsTakenCalmly) {
    const Bytes query{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'x', 0, 0, 33, 0, 1};
    const auto whole = answer_with(query, {{0, 0, 995, "pop.example.com."}});
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const unsigned value : {0x00U, 0x01U, 0x3fU, 0xc0U, 0xffU}) {
            auto damaged = whole;
            damaged[at] = static_cast<unsigned char>(value);
            EXPECT_LE(services_of(damaged, Tls::implicit).size(), 1U);
        }
    }
}

TEST(Srv, SilenceEndsInSomeSeconds) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(ask([](const Bytes&) { return Bytes{}; }).empty());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
}

TEST(Srv, WhatIsNoDomainIsNotAskedFor) {
    for (const char* domain : {"", "localhost",
                               "b\xc3\xbc"
                               "cher.example",
                               "a b.example"})
        EXPECT_TRUE(ask(
                        [](const Bytes& query) {
                            return answer_with(query, {{0, 0, 995, "p.example."}});
                        },
                        domain)
                        .empty());
}

}  // namespace
}  // namespace popkeep::provider
