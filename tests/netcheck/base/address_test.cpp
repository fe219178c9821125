#include "netcheck/base/address.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace pgpassage {
namespace {

TEST(IpAddressParse, AcceptsBothFamiliesAndNothingElse) {
  EXPECT_EQ(IpAddress::parse("10.1.2.3")->to_string(), "10.1.2.3");
  EXPECT_EQ(IpAddress::parse("2001:DB8::1")->to_string(), "2001:db8::1");
  for (const char* text : {"", "10.1.2", "10.1.2.256", "010.1.2.3", "10.1.2.3 ", "10..2.3", "10.1.2.3.", "10.1.2.3.4",
                           "10.1.2.0003", "+1.2.3.4", "1:2:3:4:5:6:7", ":", "fe80::1%eth0", "[::1]", "name"})
    EXPECT_FALSE(IpAddress::parse(text)) << text;
}

TEST(IpAddressParse, RefusesAnEmbeddedNul) { EXPECT_FALSE(IpAddress::parse(std::string_view{"10.1.2.3\0x", 10})); }

TEST(IpAddressGlobal, PrivateAndSpecialRangesAreNot) {
  for (const char* text : {"10.0.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1",
                           "224.0.0.1", "fd00::1", "fe80::1", "::1"})
    EXPECT_FALSE(IpAddress::parse(text)->global()) << text;
  for (const char* text : {"20.60.0.1", "172.32.0.1", "168.63.129.16", "2603:1020::1"})
    EXPECT_TRUE(IpAddress::parse(text)->global()) << text;
}

TEST(CidrParse, SaysWhatIsWrong) {
  Cidr::ParseError why{};
  EXPECT_EQ(Cidr::parse("10.20.0.0/16", &why)->to_string(), "10.20.0.0/16");
  EXPECT_EQ(why, Cidr::ParseError::none);
  EXPECT_FALSE(Cidr::parse("10.20.0.1/16", &why));
  EXPECT_EQ(why, Cidr::ParseError::host_bits);
  for (const char* text : {"10.20.0.0/33", "10.20.0.0/", "10.20.0.0/-1", "10.20.0.0/+8", "10.20.0.0/08x", "/8", ""}) {
    EXPECT_FALSE(Cidr::parse(text, &why)) << text;
    EXPECT_EQ(why, Cidr::ParseError::syntax) << text;
  }
}

TEST(Cidr, ContainsItsFirstAndLastAddressAndNoNeighbour) {
  const Cidr cidr = *Cidr::parse("10.20.4.0/22");
  EXPECT_EQ(cidr.last().to_string(), "10.20.7.255");
  EXPECT_TRUE(cidr.contains(cidr.first()));
  EXPECT_TRUE(cidr.contains(cidr.last()));
  EXPECT_FALSE(cidr.contains(*IpAddress::parse("10.20.8.0")));
  EXPECT_FALSE(cidr.contains(*IpAddress::parse("10.20.3.255")));
  EXPECT_FALSE(cidr.contains(*IpAddress::parse("::1")));
}

TEST(Cidr, AnyLengthHoldsExactlyTheAddressesWithItsBits) {
  for (const char* text : {"10.170.85.204", "2001:db8:aaaa:5555:cccc:3333:f0f0:0f0f"}) {
    const IpAddress address = *IpAddress::parse(text);
    for (int length = 0; length <= address.bits(); ++length) {
      const Cidr cidr{address, length};
      ASSERT_EQ(Cidr::parse(cidr.to_string()), cidr);
      ASSERT_TRUE(cidr.contains(address) && cidr.contains(cidr.last())) << cidr.to_string();
      ASSERT_TRUE(cidr.first() <= address && address <= cidr.last()) << cidr.to_string();
      if (const auto behind = cidr.last().next()) {
        ASSERT_FALSE(cidr.contains(*behind)) << cidr.to_string();
        ASSERT_LT(cidr.last(), *behind) << cidr.to_string();
      }
    }
  }
}

TEST(IpAddress, OrderIsByFamilyThenNumber) {
  const std::vector<const char*> ordered{"0.0.0.0", "1.0.0.255", "1.0.1.0", "127.0.0.1", "128.0.0.0", "255.255.255.255",
                                         "::",      "::ff",      "::100",   "0:0:0:1::", "fe80::"};
  for (std::size_t i = 1; i < ordered.size(); ++i)
    EXPECT_LT(*IpAddress::parse(ordered[i - 1]), *IpAddress::parse(ordered[i])) << ordered[i];
}

TEST(Cidr, OverlapIsContainmentOneWayOrTheOther) {
  const Cidr wide = *Cidr::parse("10.0.0.0/8");
  const Cidr narrow = *Cidr::parse("10.9.8.0/24");
  EXPECT_TRUE(wide.overlaps(narrow));
  EXPECT_TRUE(narrow.overlaps(wide));
  EXPECT_FALSE(narrow.overlaps(*Cidr::parse("10.9.9.0/24")));
  EXPECT_TRUE(Cidr::parse("0.0.0.0/0")->contains(wide));
}

}  // namespace
}  // namespace pgpassage
