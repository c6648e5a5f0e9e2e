-- Since when each version of the contract documents holds for an organization, and until when: what was announced to it, from
-- its own notice; what had been announced before its agreement began, from that beginning. For no organization (null): what
-- someone who comes now agrees to. `general_at` is the date for everyone whose notice was given.
CREATE OR REPLACE FUNCTION document_versions(organization text)
RETURNS TABLE (id text, kind text, version integer, title text, summary text, sha256 text, "values" jsonb, publication text,
  change text, what_changes text, planned_at timestamptz, announced_at timestamptz, general_at timestamptz, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE AS $$
  WITH agreement AS (SELECT max(starts_at) AS began FROM agreements WHERE organization_id = organization),
  dated AS (
    SELECT documents.id, documents.kind, documents.version, documents.title, documents.summary, documents.sha256, documents."values",
      publications.id AS publication, publications.change, publications.summary AS what_changes, publications.planned_at, publications.announced_at,
      CASE WHEN publications.id IS NULL THEN documents.effective_from
        WHEN publications.state IN ('announced', 'in_force', 'replaced') THEN coalesce(publications.effective_at, notice_runs.effective_at)
      END AS general_at,
      CASE WHEN publications.id IS NULL THEN documents.effective_from
        WHEN publications.state NOT IN ('announced', 'in_force', 'replaced') THEN NULL
        WHEN publications.change <> 'substantial' OR publications.announced_at IS NULL THEN publications.effective_at
        WHEN organization IS NULL THEN publications.announced_at
        ELSE least(legal_notices.effective_at, CASE WHEN coalesce(agreement.began > publications.announced_at, true)
          THEN coalesce(agreement.began, publications.announced_at) END)
      END AS starts_at
    FROM documents CROSS JOIN agreement
    LEFT JOIN publications ON publications.document_id = documents.id
    LEFT JOIN notice_runs ON notice_runs.about = 'terms' AND notice_runs.about_id = publications.id
    LEFT JOIN legal_notices ON legal_notices.organization_id = organization AND legal_notices.about = 'terms'
      AND legal_notices.about_id = publications.id)
  SELECT *, min(starts_at) OVER (PARTITION BY kind ORDER BY version ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) FROM dated
$$;

-- Versions of the terms that hold for an organization by its own notice, and that no one has agreed to for it yet: whoever
-- uses the service now agrees by that (T-7-EXIT).
CREATE OR REPLACE FUNCTION unagreed_versions(organization text, at timestamptz)
RETURNS TABLE (id text, version integer, sha256 text) LANGUAGE sql STABLE AS $$
  SELECT documents.id, documents.version, documents.sha256 FROM legal_notices
    JOIN publications ON publications.id = legal_notices.about_id AND publications.kind = 'terms'
    JOIN documents ON documents.id = publications.document_id
  WHERE legal_notices.organization_id = organization AND legal_notices.about = 'terms' AND legal_notices.effective_at <= at
    AND EXISTS (SELECT FROM agreements WHERE agreements.organization_id = organization AND ended_at IS NULL AND coalesce(ends_at > at, true))
    AND NOT EXISTS (SELECT FROM acceptances WHERE acceptances.organization_id = organization
      AND acceptances.document_id = documents.id AND acceptances.binds)
$$;
