"""SQL of the chain over the audit log: PostgreSQL hashes where the rows are, ten thousand in one statement."""

ENTRIES_PER_SEAL = 10_000
ENTRY_HASH_SQL = """sha256(convert_to(jsonb_build_array(e.id, extract(epoch FROM e.at), e.action, e.actor_id, e.actor_label, e.object_type,
  e.object_id, e.before, e.after, e.count, e.request_id, host(e.ip))::text, 'UTF8'))"""
# No transaction of ours lasts an hour: below the last entry that was sealed an hour ago nothing comes to light any more.
SEALED_ENTRIES_SQL = """
WITH floor AS (SELECT coalesce(max(last_id), 0) AS id FROM kernel_auditseal WHERE sealed_at < clock_timestamp() - interval '1 hour'),
     known AS MATERIALIZED (SELECT unnest(ids) AS id FROM kernel_auditseal WHERE last_id > (SELECT id FROM floor))
"""
UNSEALED_FIGURES_SQL = f"""
{SEALED_ENTRIES_SQL} SELECT count(*), min(e.at) FROM kernel_auditentry e
WHERE e.id > (SELECT id FROM floor) AND e.id NOT IN (SELECT id FROM known)
"""
SEAL_ENTRIES_SQL = f"""
{SEALED_ENTRIES_SQL},
     fresh AS MATERIALIZED (
       SELECT e.id, {ENTRY_HASH_SQL} AS hash FROM kernel_auditentry e
       WHERE e.id > (SELECT id FROM floor) AND e.id NOT IN (SELECT id FROM known) ORDER BY e.id LIMIT {ENTRIES_PER_SEAL}),
     newest AS (SELECT id, last_id, digest FROM kernel_auditseal ORDER BY id DESC LIMIT 1)
INSERT INTO kernel_auditseal (previous_id, ids, hashes, last_id, digest, sealed_at)
SELECT newest.id, array_agg(f.id ORDER BY f.id), array_agg(f.hash ORDER BY f.id), greatest(max(f.id), newest.last_id),
       sha256(coalesce(newest.digest, '') || string_agg(f.hash, '' ORDER BY f.id)), clock_timestamp()
FROM fresh f LEFT JOIN newest ON true GROUP BY newest.id, newest.last_id, newest.digest
RETURNING cardinality(ids)
"""
ALTERED_ENTRIES_SQL = f"""
SELECT m.id, e.id IS NULL FROM kernel_auditseal s CROSS JOIN LATERAL unnest(s.ids, s.hashes) AS m(id, hash)
LEFT JOIN kernel_auditentry e ON e.id = m.id WHERE e.id IS NULL OR {ENTRY_HASH_SQL} <> m.hash ORDER BY m.id
"""
UNCHAINED_ENTRIES_SQL = """
SELECT e.id FROM kernel_auditentry e
WHERE e.id <= (SELECT max(last_id) FROM kernel_auditseal WHERE sealed_at < clock_timestamp() - interval '1 hour')
  AND NOT EXISTS (SELECT FROM (SELECT unnest(ids) AS id FROM kernel_auditseal) s WHERE s.id = e.id) ORDER BY e.id
"""
BROKEN_SEALS_SQL = """
SELECT s.id FROM kernel_auditseal s LEFT JOIN kernel_auditseal p ON p.id = s.previous_id
WHERE (s.previous_id IS NULL AND s.id > (SELECT min(id) FROM kernel_auditseal)) OR
      s.digest <> sha256(coalesce(p.digest, '') || (SELECT string_agg(h, '' ORDER BY n) FROM unnest(s.hashes) WITH ORDINALITY AS u(h, n)))
ORDER BY s.id
"""
