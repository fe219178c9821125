#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/agent/http/events.hpp"
#include "app/agent/http/reader.hpp"
#include "app/agent/server/rate.hpp"

namespace pgpassage::app::agent {
namespace {

using testing::HasSubstr;

constexpr std::string_view order =
    "POST /v1/probe?x=1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

TEST(HttpRequests, AreReadHoweverTheyAreCut) {
  for (std::size_t cut = 0; cut <= order.size(); ++cut) {
    RequestReader reader;
    reader.put(order.substr(0, cut));
    ASSERT_EQ(reader.put(order.substr(cut)), Reading::whole) << "cut after " << cut;
    const HttpRequest request = reader.take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/v1/probe?x=1");
    EXPECT_EQ(request.content_type, "application/json");
    EXPECT_EQ(request.body, "{}");
    EXPECT_TRUE(request.keep_alive);
  }
}

TEST(HttpRequests, OneAfterTheOtherFromOnePiece) {
  RequestReader reader;
  ASSERT_EQ(reader.put(std::string{order} + "GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), Reading::whole);
  EXPECT_EQ(reader.take().target, "/v1/probe?x=1");
  ASSERT_EQ(reader.put({}), Reading::whole);
  const HttpRequest second = reader.take();
  EXPECT_EQ(second.target, "/b");
  EXPECT_FALSE(second.keep_alive);
  EXPECT_EQ(reader.put({}), Reading::header);
  EXPECT_FALSE(reader.begun());
}

TEST(HttpRequests, WhatIsNotHttpIsMalformed) {
  for (const char* text : {"\x16\x03\x01\x02", "GET\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
                           "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n",
                           "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0"})
    EXPECT_EQ(RequestReader{}.put(text), Reading::malformed) << text;
}

TEST(HttpRequests, HeaderAndBodyHaveLimits) {
  EXPECT_EQ(RequestReader{}.put("GET / HTTP/1.1\r\nA: " + std::string(most_header_bytes, 'a')), Reading::too_large);
  EXPECT_EQ(RequestReader{10}.put("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n"), Reading::too_large);
  EXPECT_EQ(RequestReader{10}.put("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n"),
            Reading::too_large);
}

TEST(HttpResponses, ComeBackAsTheyWereWritten) {
  ResponseReader reader;
  EXPECT_EQ(reader.put(to_wire(HttpResponse{.status = 404, .body = "{\"a\": 1}"}, true)), Reading::whole);
  EXPECT_EQ(reader.status(), 404);
  EXPECT_EQ(reader.body(), "{\"a\": 1}");
  EXPECT_TRUE(reader.keep_alive());
  EXPECT_FALSE(reader.event_stream());
}

TEST(HttpResponses, ALinkThatEndsBeforeTheFirstByteIsNoAnswer) {
  ResponseReader reader;
  EXPECT_EQ(reader.end(), Reading::malformed);
}

TEST(HttpResponses, AnEventStreamsBytesStayForTheEventReader) {
  ResponseReader reader;
  EXPECT_EQ(reader.put(event_stream_head() + "data: x\n"), Reading::body);
  ASSERT_TRUE(reader.event_stream());
  EXPECT_EQ(reader.rest(), "data: x\n");
}

TEST(ServerEvents, AreReadHoweverTheyAreCut) {
  const ServerEvent log{"log", "first line\nsecond: line", "7"};
  const ServerEvent end{"end", "{}", ""};
  const std::string text = to_wire(log) + std::string{heartbeat} + to_wire(end);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EventReader reader;
    auto events = reader.put(std::string_view{text}.substr(0, cut));
    for (auto& event : reader.put(std::string_view{text}.substr(cut))) events.push_back(event);
    EXPECT_EQ(events, (std::vector{log, end})) << "cut after " << cut;
  }
}

TEST(RequestRate, LetsABurstThroughAndThenSoManyASecond) {
  Rate rate{10};
  const auto start = Rate::Time{} + std::chrono::hours{1};
  int let_through = 0;
  for (int i = 0; i < 100; ++i) let_through += rate.take("a", start);
  EXPECT_EQ(let_through, 20);
  EXPECT_TRUE(rate.take("b", start)) << "another client does not pay for it";
  for (int i = 0; i < 100; ++i) let_through += rate.take("a", start + std::chrono::seconds{1});
  EXPECT_EQ(let_through, 30);
}

TEST(RequestRate, ForgetsClientsThatAreIdle) {
  Rate rate{10};
  auto now = Rate::Time{} + std::chrono::hours{1};
  for (int i = 0; i < 100'000; ++i) rate.take(std::to_string(i), now += std::chrono::milliseconds{10});
  EXPECT_LE(rate.remembered(), 1100U);
}

}  // namespace
}  // namespace pgpassage::app::agent
