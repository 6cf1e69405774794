-- The two roles and the database, by a superuser of PostgreSQL, with two passwords of one's own:
--   sudo -u postgres psql -v ON_ERROR_STOP=1 -v owner=… -v portal=… -f deploy/database.sql
-- Migrations sign in as lpse_owner; the portal as lpse_portal, which may only append to history
-- (manage.py grant_app_role).
CREATE ROLE lpse_owner LOGIN PASSWORD :'owner';
CREATE ROLE lpse_portal LOGIN PASSWORD :'portal';
CREATE DATABASE lpse OWNER lpse_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE lpse FROM PUBLIC;
GRANT CONNECT ON DATABASE lpse TO lpse_portal;
-- What PgBouncer lends is the same for everybody
ALTER DATABASE lpse SET timezone TO 'UTC';
