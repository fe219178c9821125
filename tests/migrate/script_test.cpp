#include "migrate/plan/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::migrate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct SplitCase {
  const char* name;
  const char* sql;
  std::size_t statements;
};

void PrintTo(const SplitCase& test, std::ostream* out) { *out << test.name; }

class SplitStatements : public testing::TestWithParam<SplitCase> {};

TEST_P(SplitStatements, EndOnlyAtTheirOwnSemicolon) {
  EXPECT_EQ(split_statements(GetParam().sql).size(), GetParam().statements);
}

INSTANTIATE_TEST_SUITE_P(
    Sql, SplitStatements,
    testing::Values(
        SplitCase{"Nothing", " \n-- only a comment\n", 0}, SplitCase{"Two", "SELECT 1; SELECT 2;", 2},
        SplitCase{"Literal", "SELECT ';''; '; SELECT 2;", 2},
        SplitCase{"EscapedLiteral", "SELECT E'\\';'; SELECT 2;", 2},
        SplitCase{"BackslashInPlainLiteral", "SELECT '\\'; SELECT 2;", 2},
        SplitCase{"Identifier", "SELECT \"a;\"\"b\"; SELECT 2;", 2},
        SplitCase{"DollarQuotes", "DO $a$ ; $$ ; $$ $a$; SELECT $$;$$;", 2},
        SplitCase{"ParameterIsNoQuote", "PREPARE p AS SELECT $1; SELECT 2;", 2},
        SplitCase{"Comments", "SELECT 1 /* ; /* ; */ ; */ -- ;\n; SELECT 2;", 2},
        SplitCase{"RuleInParentheses", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2;); SELECT 3;", 2},
        SplitCase{"AtomicBody", "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; SELECT 2;", 2},
        SplitCase{"PsqlCommands", "\\restrict abc;\nSELECT 1;\n\\connect -reuse-previous=on \"a;b\"\nSELECT 2;", 2},
        SplitCase{"NoLastSemicolon", "SELECT 1; SELECT 2", 2}, SplitCase{"OpenQuote", "SELECT 'a;", 1}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(ReadScript, EntriesCarryTheirDependencies) {
  const auto entries = read_script(R"(--
-- PostgreSQL database dump
--
SET statement_timeout = 0;
--
-- TOC entry 215 (class 1259 OID 16386)
-- Dependencies: 7 3190
-- Name: t; Type: TABLE; Schema: public; Owner: bob
--

CREATE TABLE public.t (
    a text DEFAULT '
-- TOC entry 1 (class 2 OID 3)
'::text -- Name: x; Type: y
);

ALTER TABLE public.t OWNER TO bob;
--
-- TOC entry 3191 (class 2606 OID 16390)
-- Dependencies: 215
-- Name: t t_pkey; Type: CONSTRAINT; Schema: public; Owner: bob
--

ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (a);
)");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].dump_id, 215);
  EXPECT_EQ(entries[0].class_oid, 1259U);
  EXPECT_EQ(entries[0].object_oid, 16386U);
  EXPECT_THAT(entries[0].dependencies, ElementsAre(7, 3190));
  EXPECT_EQ(entries[0].type, "TABLE");
  EXPECT_EQ(entries[0].statements.size(), 2U);
  EXPECT_EQ(entries[1].name, "t t_pkey");
  EXPECT_THAT(entries[1].dependencies, ElementsAre(215));
}

TEST(ReadScript, ASettingBelongsToTheEntryThatFollowsIt) {
  const auto entries = read_script(R"(-- TOC entry 1 (class 1259 OID 1)
-- Name: a; Type: TABLE; Schema: s; Owner: o
CREATE TABLE s.a ();
SET default_table_access_method = heap2;
-- TOC entry 2 (class 1259 OID 2)
-- Name: b; Type: TABLE; Schema: s; Owner: o
CREATE TABLE s.b ();
)");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_THAT(entries[0].statements, ElementsAre("CREATE TABLE s.a ();"));
  EXPECT_THAT(entries[1].statements, ElementsAre("SET default_table_access_method = heap2;", "CREATE TABLE s.b ();"));
}

TEST(KindOf, OwnerWordsInsideALiteralAreADefinition) {
  const SchemaEntry table{.type = "TABLE"};
  EXPECT_EQ(kind_of(table, "ALTER TABLE public.t OWNER TO bob;"), StatementKind::ownership);
  EXPECT_EQ(kind_of(table, "ALTER TABLE public.t OWNER TO \"B;ob\";"), StatementKind::ownership);
  EXPECT_EQ(kind_of(table, "ALTER TABLE t ADD CHECK (a <> ' OWNER TO x');"), StatementKind::definition);
  EXPECT_EQ(kind_of(table, "SET default_table_access_method = heap;"), StatementKind::settings);
  EXPECT_EQ(kind_of({.type = "ACL"}, "GRANT SELECT ON TABLE t TO bob;"), StatementKind::privileges);
}

}  // namespace
}  // namespace pgpassage::migrate
