-- Roles of the test database, on both servers.
CREATE ROLE keeper; CREATE ROLE clerk; CREATE ROLE "Bo""ss"; CREATE ROLE reader;
