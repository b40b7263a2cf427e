#!/bin/sh
# Run once by the database's container: the two roles and the database (docs/operations.md says why there are two).
set -e
psql -v ON_ERROR_STOP=1 -U postgres -v app="$CRM_APP_PASSWORD" -v owner="$CRM_OWNER_PASSWORD" <<'SQL'
CREATE ROLE crm_owner LOGIN CREATEDB PASSWORD :'owner';
CREATE ROLE crm_app LOGIN PASSWORD :'app';
CREATE DATABASE crm OWNER crm_owner;
\connect crm
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
SQL
