"""Migration operations: append-only triggers and tables partitioned by time."""

from django.db import migrations

CREATE_FUNCTIONS_SQL = """
CREATE OR REPLACE FUNCTION crm_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT clock_timestamp() + coalesce(nullif(current_setting('crm.clock_offset', true), ''), '0')::interval
$$;
CREATE OR REPLACE FUNCTION crm_public_id(prefix text) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT prefix || '_' || left(id, 10) || right(id, 6) FROM (SELECT encode(uuid_send(gen_random_uuid()), 'hex')) t(id)
$$;
CREATE OR REPLACE FUNCTION crm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
DROP_FUNCTIONS_SQL = "DROP FUNCTION crm_now(); DROP FUNCTION crm_public_id(text); DROP FUNCTION crm_refuse_change();"


def create_sql_functions() -> migrations.RunSQL:
    """The three functions of the basement: the clock, public ids, and the refusal of append-only tables."""
    return migrations.RunSQL(CREATE_FUNCTIONS_SQL, DROP_FUNCTIONS_SQL)


def make_append_only(table: str) -> migrations.RunSQL:
    """The second line behind the privileges: no UPDATE and no DELETE, whoever asks."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION crm_refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


def partition_by_year(table: str, column: str, *, first: int = 2015, last: int = 2032) -> migrations.RunSQL:
    """Turn the empty table just created into one partitioned by year of `column`; earlier and later rows have a place.

    The primary key becomes (id, column): so no foreign key may point here and no other unique key may stand.
    Indexes are made after this operation.
    """
    years = "\n".join(
        f"CREATE TABLE {table}_{year} PARTITION OF {table} FOR VALUES FROM ('{year}-01-01Z') TO ('{year + 1}-01-01Z');"
        for year in range(first, last + 1)
    )
    return migrations.RunSQL(
        f"""
        CREATE SEQUENCE {table}_row_seq;
        ALTER TABLE {table} RENAME TO {table}_shape;
        CREATE TABLE {table} (LIKE {table}_shape INCLUDING DEFAULTS) PARTITION BY RANGE ({column});
        ALTER TABLE {table} ALTER id SET DEFAULT nextval('{table}_row_seq');
        ALTER TABLE {table} ADD PRIMARY KEY (id, {column});
        ALTER SEQUENCE {table}_row_seq OWNED BY {table}.id;
        DO $$ DECLARE c record; BEGIN
          FOR c IN SELECT conname, pg_get_constraintdef(oid) AS def FROM pg_constraint
                   WHERE conrelid = '{table}_shape'::regclass AND contype IN ('f', 'c') LOOP
            EXECUTE format('ALTER TABLE {table} ADD CONSTRAINT %I %s', c.conname || '_p', c.def);
          END LOOP;
        END $$;
        DROP TABLE {table}_shape;
        CREATE TABLE {table}_early PARTITION OF {table} FOR VALUES FROM (MINVALUE) TO ('{first}-01-01Z');
        {years}
        CREATE TABLE {table}_late PARTITION OF {table} DEFAULT;
        """,
        f"DROP TABLE {table};",
    )
