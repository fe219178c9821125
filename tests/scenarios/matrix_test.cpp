#include "scenarios/matrix/matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "scenarios/rules/catalogue.hpp"

namespace pgpassage::scenarios {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto open = ServerAccess::public_access;
constexpr auto closed = ServerAccess::private_access;
constexpr auto vnet = ServerAccess::vnet_integrated;
constexpr auto endpoint = ServerAccess::private_endpoint;

std::string row_id(std::string_view edition, ServerKind kind, ServerAccess source, ServerAccess target) {
  const MatrixRow* row = match(*find_edition(edition), {kind, source, ServerKind::flexible_server, target});
  return row ? row->id : "";
}

std::vector<std::string> row_ids(std::string_view edition) {
  std::vector<std::string> ids;
  for (const MatrixRow& row : find_edition(edition)->rows) ids.push_back(row.id);
  return ids;
}

struct MatrixCase {
  const char* name;
  const char* edition;
  ServerKind kind;
  ServerAccess source;
  ServerAccess target;
  const char* row;  ///< empty: not listed
};

class MatrixMatch : public testing::TestWithParam<MatrixCase> {};

TEST_P(MatrixMatch, FindsTheRowOfTheEdition) {
  const MatrixCase& test = GetParam();
  EXPECT_EQ(row_id(test.edition, test.kind, test.source, test.target), test.row);
}

INSTANTIATE_TEST_SUITE_P(
    AllRows, MatrixMatch,
    testing::Values(
        MatrixCase{"S01", "2025-02", ServerKind::on_premises, open, open, "S01"},
        MatrixCase{"S02", "2025-02", ServerKind::on_premises, closed, vnet, "S02"},
        MatrixCase{"S03Rds", "2025-02", ServerKind::amazon_rds, open, open, "S03"},
        MatrixCase{"S03Aurora", "2025-02", ServerKind::amazon_aurora, open, open, "S03"},
        MatrixCase{"S04", "2025-02", ServerKind::amazon_rds, closed, vnet, "S04"},
        MatrixCase{"S05", "2025-02", ServerKind::google_cloud_sql, open, open, "S05"},
        MatrixCase{"S06", "2025-02", ServerKind::google_cloud_sql, closed, vnet, "S06"},
        MatrixCase{"S07", "2025-02", ServerKind::azure_vm, closed, vnet, "S07"},
        MatrixCase{"S08", "2025-02", ServerKind::single_server, open, vnet, "S08"},
        MatrixCase{"S09", "2025-02", ServerKind::single_server, endpoint, vnet, "S09"},
        MatrixCase{"S10", "2025-02", ServerKind::single_server, endpoint, endpoint, "S10"},
        MatrixCase{"S11OnPremises", "2025-02", ServerKind::on_premises, closed, endpoint, "S11"},
        MatrixCase{"S11FlexibleServer", "2025-02", ServerKind::flexible_server, vnet, endpoint, "S11"},
        MatrixCase{"S12", "2025-02", ServerKind::azure_vm, closed, open, "S12"},
        MatrixCase{"S12SingleServer", "2025-02", ServerKind::single_server, endpoint, open, "S12"},
        MatrixCase{"PublicVmIsNotListed", "2025-02", ServerKind::azure_vm, open, open, ""},
        MatrixCase{"PublicSourceToEndpointIsNotListed", "2025-02", ServerKind::on_premises, open, endpoint, ""},
        MatrixCase{"PublicRdsToVnetIsNotListed", "2025-02", ServerKind::amazon_rds, open, vnet, ""},
        MatrixCase{"PublicSingleServerToPublicIsNotListed", "2025-02", ServerKind::single_server, open, open, ""},
        MatrixCase{"PrivateToPublicIn2024March", "2024-03", ServerKind::on_premises, closed, open, "R3"},
        MatrixCase{"PrivateToPublicIn2024June", "2024-06", ServerKind::on_premises, closed, open, "S12"},
        MatrixCase{"PrivateToPublicIn2024January", "2024-01", ServerKind::on_premises, closed, open, ""},
        MatrixCase{"PrivateToEndpointIn2024January", "2024-01", ServerKind::on_premises, closed, endpoint, ""},
        MatrixCase{"NoAuroraBefore2025", "2024-06", ServerKind::amazon_aurora, open, open, ""},
        MatrixCase{"NoGoogleBefore2025", "2024-06", ServerKind::google_cloud_sql, closed, vnet, ""},
        MatrixCase{"SingleServerPublicIn2023", "2023-S2F", ServerKind::single_server, open, open, "S2F1"},
        MatrixCase{"SingleServerPrivateToPublicIn2023", "2023-S2F", ServerKind::single_server, endpoint, open, "S12"},
        MatrixCase{"OnlySingleServerIn2023", "2023-S2F", ServerKind::on_premises, open, open, ""},
        MatrixCase{"RetiredS08", "2025-07", ServerKind::single_server, open, vnet, ""},
        MatrixCase{"RetiredS09", "2025-07", ServerKind::single_server, endpoint, vnet, ""},
        MatrixCase{"RetiredS10FallsUnderS11", "2025-07", ServerKind::single_server, endpoint, endpoint, "S11"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(MatrixEditions, HaveTheRowsOfTheirDocuments) {
  EXPECT_THAT(row_ids("2023-S2F"), ElementsAre("S2F1", "S08", "S09", "S12"));
  EXPECT_THAT(row_ids("2024-01"), ElementsAre("S01", "S02", "S03", "S04", "S07", "S08", "S09"));
  EXPECT_THAT(row_ids("2024-03"), ElementsAre("S01", "S02", "S03", "S04", "S07", "S08", "S09", "S10", "S11", "R3"));
  EXPECT_THAT(row_ids("2024-06"), ElementsAre("S01", "S02", "S03", "S04", "S07", "S08", "S09", "S10", "S11", "S12"));
  EXPECT_THAT(row_ids("2025-02"),
              ElementsAre("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S11", "S12"));
  EXPECT_THAT(row_ids("2025-07"), ElementsAre("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S11", "S12"));
}

TEST(MatrixEditions, EveryRowIsCompleteAndEveryRequirementHasARule) {
  for (const std::string_view id : edition_ids()) {
    const Edition* edition = find_edition(id);
    ASSERT_NE(edition, nullptr) << id;
    EXPECT_EQ(edition->id, id);
    for (const MatrixRow& row : edition->rows) {
      EXPECT_FALSE(row.cite.document.empty() || row.cite.section.empty()) << id << ' ' << row.id;
      EXPECT_EQ(row.supported, row.path.has_value()) << id << ' ' << row.id;
      for (const std::string& number : row.requirements)
        EXPECT_TRUE(std::ranges::any_of(all_rules(),
                                        [&](const CatalogueRule& rule) {
                                          return rule.holds_in(id) && std::ranges::count(rule.numbers, number) > 0;
                                        }))
            << id << ' ' << row.id << ' ' << number;
    }
  }
}

TEST(MatrixEditions, AnUnknownEditionIsNull) {
  EXPECT_EQ(find_edition("2026-01"), nullptr);
  EXPECT_EQ(find_edition(""), nullptr);
}

TEST(MatrixNearest, DiffersInOnePointAndKeepsTheKindOfTheSource) {
  const Edition& edition = *find_edition("2025-02");
  const auto near = nearest_rows(edition, {ServerKind::on_premises, open, ServerKind::flexible_server, vnet});
  ASSERT_FALSE(near.empty());
  EXPECT_EQ(near[0]->id, "S01");
  EXPECT_EQ(near[1]->id, "S02");
}

TEST(MatrixNearest, ATargetThatIsNoFlexibleServerIsNearNothing) {
  const Edition& edition = *find_edition("2025-02");
  EXPECT_THAT(nearest_rows(edition, {ServerKind::on_premises, open, ServerKind::azure_vm, open}), IsEmpty());
  EXPECT_EQ(match(edition, {ServerKind::on_premises, open, ServerKind::azure_vm, open}), nullptr);
}

TEST(MatrixClassify, DeclaredAccessWinsExceptForASingleServerWithAnApprovedEndpoint) {
  Topology topology;
  Server single{.name = "s", .kind = ServerKind::single_server, .access = open};
  Server machine{.name = "m", .kind = ServerKind::azure_vm, .access = open};
  const Server target{.name = "t", .kind = ServerKind::flexible_server, .access = vnet};
  EXPECT_EQ(classify(topology, single, target).source_access, open);
  topology.private_endpoints.push_back({.name = "pe", .private_link_service = "s"});
  EXPECT_EQ(classify(topology, single, target).source_access, endpoint);
  topology.private_endpoints[0].private_link_service = "m";
  EXPECT_EQ(classify(topology, machine, target).source_access, open);
}

TEST(MatrixClassify, APendingEndpointDoesNotMakeASingleServerPrivate) {
  Topology topology;
  topology.private_endpoints.push_back(
      {.name = "pe", .private_link_service = "s", .connection_state = EndpointConnectionState::pending});
  const Server single{.name = "s", .kind = ServerKind::single_server, .access = open};
  EXPECT_EQ(classify(topology, single, {}).source_access, open);
}

}  // namespace
}  // namespace pgpassage::scenarios
