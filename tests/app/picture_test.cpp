#include "app/report/picture/picture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "app/report/picture/areas.hpp"
#include "netcheck/topology/reader.hpp"
#include "sample_assessment.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;

bool overlap(const Box& one, const Box& other) {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height &&
         other.y < one.y + one.height;
}

bool inside(const Box& inner, const Box& outer) {
  return outer.x <= inner.x && inner.x + inner.width <= outer.x + outer.width && outer.y <= inner.y &&
         inner.y + inner.height <= outer.y + outer.height;
}

Box box_of(const std::pair<Point, Point>& piece) {
  const auto [x, right] = std::minmax(piece.first.x, piece.second.x);
  const auto [y, bottom] = std::minmax(piece.first.y, piece.second.y);
  return {x, y, right - x + 1, bottom - y + 1};
}

Box box_of(const Mark& mark) { return {mark.center.x - 8, mark.center.y - 8, 16, 16}; }

/// Nothing that a person reads lies on anything else that is drawn, but for the frame that holds it.
void expect_readable(const Picture& picture) {
  const Box whole{0, 0, picture.width, picture.height};
  for (std::size_t i = 0; i < picture.labels.size(); ++i) {
    const Label& label = picture.labels[i];
    EXPECT_TRUE(inside(label.box, whole)) << label.text;
    EXPECT_TRUE(std::ranges::any_of(picture.frames, [&](const Frame& frame) { return inside(label.box, frame.box); }))
        << label.text << " sticks out of every frame";
    for (std::size_t k = i + 1; k < picture.labels.size(); ++k)
      EXPECT_FALSE(overlap(label.box, picture.labels[k].box)) << label.text << " lies on " << picture.labels[k].text;
    for (const Line& line : picture.lines)
      for (const auto& piece : line.pieces)
        EXPECT_FALSE(overlap(label.box, box_of(piece))) << line.style << " runs through " << label.text;
    for (const Mark& mark : picture.marks)
      EXPECT_FALSE(overlap(label.box, box_of(mark))) << mark.number << " lies on " << label.text;
  }
  for (std::size_t i = 0; i < picture.marks.size(); ++i)
    for (std::size_t k = i + 1; k < picture.marks.size(); ++k)
      EXPECT_FALSE(overlap(box_of(picture.marks[i]), box_of(picture.marks[k])));
  for (const Line& line : picture.lines)
    for (const auto& piece : line.pieces) EXPECT_TRUE(inside(box_of(piece), whole));
}

class PictureOf : public testing::TestWithParam<int> {};

TEST_P(PictureOf, CanBeRead) {
  const Topology topology = sample_topology(GetParam());
  const scenarios::Assessment assessment = not_ready_assessment();
  const Scene scene = scene_of(topology, assessment);
  const Picture picture = picture_of(scene);
  EXPECT_EQ(scene.areas.size(), topology.virtual_networks.size() + 1);  // and the site
  EXPECT_GT(picture.labels.size(), 2 * topology.virtual_networks.size());
  EXPECT_EQ(picture.marks.size(), scene.stops.size());
  expect_readable(picture);
}

INSTANTIATE_TEST_SUITE_P(Networks, PictureOf, testing::Values(2, 5, 50, 200));

TEST(Picture, CanBeReadWhenEveryNetworkPeersWithEveryOther) {
  Topology topology = sample_topology(20);
  for (VirtualNetwork& network : topology.virtual_networks) {
    network.peerings.clear();
    for (const VirtualNetwork& other : topology.virtual_networks)
      if (other.name != network.name)
        network.peerings.push_back({.name = "to-" + other.name, .remote_virtual_network = other.name});
  }
  const scenarios::Assessment assessment = not_ready_assessment();
  expect_readable(picture_of(scene_of(topology, assessment)));
}

TEST(Picture, DrawsTheFlowsAndNumbersWhatStopsThem) {
  const Topology topology = sample_topology();
  const scenarios::Assessment assessment = not_ready_assessment();
  const Scene scene = scene_of(topology, assessment);
  ASSERT_EQ(scene.stops.size(), 3U);
  EXPECT_EQ(scene.stops.front().hop->by, "nsg-runtime/deny-all-out");
  std::vector<std::string> ways;
  for (const Link& link : scene.links)
    if (link.kind == Link::Kind::flow)
      ways.push_back(fmt::format("{}>{} {}", link.ports[0].station, link.ports[1].station, to_string(link.predicted)));
  EXPECT_THAT(ways,
              testing::ElementsAre("orders-runtime>orders-source allowed", "orders-runtime>pe-orders-target denied",
                                   "vm-crossing>pe-orders-target unknown"));
}

TEST(Picture, TellsPeeringsThatWorkFromThoseThatDoNot) {
  Topology topology = sample_topology();
  const auto kinds = [&] {
    const scenarios::Assessment assessment;
    std::vector<Link::Kind> found;
    for (const Link& link : scene_of(topology, assessment).links) found.push_back(link.kind);
    return found;
  };
  EXPECT_THAT(kinds(), testing::ElementsAre(Link::Kind::peering, Link::Kind::connection));
  topology.virtual_networks.back().peerings.clear();
  topology.virtual_network_gateways.front().connections.front().status = ConnectionStatus::connecting;
  EXPECT_THAT(kinds(), testing::ElementsAre(Link::Kind::broken_peering, Link::Kind::broken_connection));
}

TEST(Picture, KeepsTheWholeOfALongName) {
  Topology topology = sample_topology();
  topology.sites.front().name = "<b>&" + std::string(10'000, 's');
  for (Server& server : topology.servers)
    if (!server.site.empty()) server.site = topology.sites.front().name;
  const scenarios::Assessment assessment = not_ready_assessment();
  const Picture picture = picture_of(scene_of(topology, assessment));
  expect_readable(picture);
  pugi::xml_document svg;
  ASSERT_TRUE(svg.load_string(render_svg(picture, "a \"picture\"").c_str()));
  EXPECT_STREQ(svg.select_node("//text/title").node().text().get(), topology.sites.front().name.c_str());
}

TEST(Picture, NamesWhatStandsInItWithEveryAddress) {
  Topology topology = sample_topology();
  Host& host = topology.hosts.front();
  host.ipv6_address = IpAddress::parse("fd00:10:10:2::4");
  host.agent = "https://10.10.2.4:7443";
  topology.servers.front().ipv6_address = IpAddress::parse("fd00:192:168::20");
  topology.virtual_networks.front().address_prefixes.push_back(*Cidr::parse("fd00:10:10::/48"));
  topology.dns_outbound_endpoints = {{.name = "out-hub", .virtual_network = "vnet-hub", .subnet = "snet-tools"}};
  const scenarios::Assessment assessment = not_ready_assessment();
  const Picture picture = picture_of(scene_of(topology, assessment));
  expect_readable(picture);
  std::vector<std::string> labels;
  for (const Label& label : picture.labels) labels.push_back(label.full);
  for (const char* wanted : {"host 10.10.2.4 fd00:10:10:2::4, stands for orders-runtime, agent https://10.10.2.4:7443",
                             "onPremises 192.168.4.20 fd00:192:168::20", "out-hub", "DNS outbound", "gateway Vpn"})
    EXPECT_THAT(labels, testing::Contains(wanted));
  EXPECT_THAT(labels, testing::Contains(HasSubstr("fd00:10:10::/48")));
}

TEST(Picture, IsTheSameForTheSameTopology) {
  const Topology topology = sample_topology(30);
  const scenarios::Assessment assessment = not_ready_assessment();
  const auto drawn = [&] { return render_svg(picture_of(scene_of(topology, assessment)), "x"); };
  EXPECT_EQ(drawn(), drawn());
}

TEST(Picture, OfNoNetworkIsEmpty) {
  const Picture picture = picture_of(scene_of({}, {}));
  EXPECT_TRUE(picture.labels.empty());
}

}  // namespace
}  // namespace pgpassage::app
