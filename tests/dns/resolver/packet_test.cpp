#include "dns/resolver/packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dns/resolver/dns_server.hpp"

namespace pgpassage::dns {
namespace {

using testing::Answer;
using testing::Bytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Question;

Question question(std::string name) {
  return {.id = 7, .name = std::move(name), .type = 1, .tcp = false, .packet = {}};
}
IpAddress address(const char* text) { return *IpAddress::parse(text); }

TEST(ReadPacket, FollowsTheChainInWhateverOrderTheRecordsStand) {
  const Bytes packet = Answer{question("a.example")}
                           .a("c.example", "10.0.0.1", 30)
                           .cname("b.example", "C.Example", 20)
                           .cname("A.EXAMPLE", "b.example", 10)
                           .bytes();
  const auto answer = read_packet(packet, "a.example.");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->chain, ElementsAre("a.example", "b.example", "c.example"));
  EXPECT_THAT(answer->addresses, ElementsAre(address("10.0.0.1")));
  EXPECT_EQ(answer->ttl_seconds, 10);
}

TEST(ReadPacket, IgnoresAddressesThatTheChainDoesNotLeadTo) {
  const Bytes packet = Answer{question("a.example")}.a("a.example", "10.0.0.1").a("evil.example", "10.6.6.6").bytes();
  EXPECT_THAT(read_packet(packet, "a.example")->addresses, ElementsAre(address("10.0.0.1")));
}

TEST(ReadPacket, KeepsTheChainOfAnNxdomain) {
  const Bytes packet = Answer{question("a.example"), 3}.cname("a.example", "a.privatelink.example").bytes();
  const auto answer = read_packet(packet, "a.example");
  EXPECT_EQ(answer->rcode, 3);
  EXPECT_THAT(answer->chain, ElementsAre("a.example", "a.privatelink.example"));
}

TEST(ReadPacket, RefusesALoopAndAnEndlessChain) {
  const Bytes loop =
      Answer{question("a.example")}.cname("a.example", "b.example").cname("b.example", "a.example").bytes();
  ASSERT_FALSE(read_packet(loop, "a.example"));
  EXPECT_THAT(read_packet(loop, "a.example").error().message, HasSubstr("CNAME"));
  Answer endless{question("n0.example")};
  for (int i = 0; i < 40; ++i)
    endless.cname("n" + std::to_string(i) + ".example", "n" + std::to_string(i + 1) + ".example");
  EXPECT_FALSE(read_packet(endless.bytes(), "n0.example"));
}

TEST(ReadPacket, AHugeTtlCountsAsZero) {
  const Bytes packet = Answer{question("a.example")}.a("a.example", "10.0.0.1", 0x80000001U).bytes();
  EXPECT_EQ(read_packet(packet, "a.example")->ttl_seconds, 0);
}

TEST(ReadPacket, RefusesAnAddressOfAWrongLength) {
  EXPECT_FALSE(read_packet(Answer{question("a.example")}.record("a.example", 1, 60, {10, 0, 0}).bytes(), "a.example"));
  EXPECT_FALSE(
      read_packet(Answer{question("a.example")}.record("a.example", 28, 60, {10, 0, 0, 1}).bytes(), "a.example"));
  EXPECT_FALSE(
      read_packet(Answer{question("a.example")}.record("a.example", 5, 60, {1, 'b', 0, 0}).bytes(), "a.example"));
}

TEST(ReadPacket, EveryShorterMessageIsRefused) {
  const Bytes whole = Answer{question("a.example")}.cname("a.example", "b.example").a("b.example", "10.0.0.1").bytes();
  ASSERT_TRUE(read_packet(whole, "a.example"));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(read_packet(std::span{whole}.first(size), "a.example")) << size << " bytes";
}

TEST(ReadPacket, ANameThatPointsAtItselfIsRefused) {
  Bytes packet = Answer{question("a.example")}.bytes();
  packet[7] = 1;
  const std::size_t here = packet.size();
  packet.insert(packet.end(), {0xC0, static_cast<unsigned char>(here), 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, 1});
  EXPECT_FALSE(read_packet(packet, "a.example"));
}

TEST(RcodeName, KnowsTheCommonOnes) {
  EXPECT_EQ(rcode_name(3), "NXDOMAIN");
  EXPECT_EQ(rcode_name(5), "REFUSED");
  EXPECT_EQ(rcode_name(9), "RCODE 9");
}

}  // namespace
}  // namespace pgpassage::dns
