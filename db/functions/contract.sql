-- Milliseconds since the epoch, as facts that are cached spell an instant.
CREATE OR REPLACE FUNCTION instant_ms(instant timestamptz) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT floor(extract(epoch FROM instant) * 1000)::double precision
$$;

-- The orders of an organization that hold at some time, and when: not before two people approved them, and no longer than
-- until they were withdrawn or superseded.
CREATE OR REPLACE FUNCTION order_periods(organization text)
RETURNS TABLE (id text, number text, state text, signed_at timestamptz, "position" integer, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT id, number, state, signed_at, position, greatest(starts_at, activated_at), least(ends_at, ended_at) FROM purchase_orders
  WHERE organization_id = organization AND activated_at IS NOT NULL
    AND coalesce(greatest(starts_at, activated_at) < least(ends_at, ended_at), true)
$$;

-- Everything the contractual values of an organization follow from, in one read: what each document says, and when it holds.
CREATE OR REPLACE FUNCTION contract_facts(organization text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'customerType', (SELECT customer_type FROM organizations WHERE id = organization),
    'unpaid', (SELECT blocked_reason FROM billing_accounts WHERE organization_id = organization AND blocked_at IS NOT NULL),
    'endsAt', (SELECT instant_ms(ends_at) FROM agreements WHERE organization_id = organization AND ended_at IS NULL),
    'startsAt', (SELECT instant_ms(starts_at) FROM agreements WHERE organization_id = organization ORDER BY number DESC LIMIT 1),
    'models', coalesce((SELECT json_object_agg(about_id, instant_ms(effective_at)) FROM legal_notices
      WHERE organization_id = organization AND about IN ('model', 'alias') AND effective_at IS NOT NULL), '{}'::json),
    'rates', rate_facts(organization),
    'sources', coalesce((SELECT json_agg(source ORDER BY source ->> 'ref') FROM (
      SELECT json_build_object('kind', 'purchase_order', 'ref', orders.id, 'title', 'Purchase order ' || orders.number,
        'isActive', orders.state = 'active', 'position', orders.position, 'signedAt', instant_ms(orders.signed_at),
        'startsAt', instant_ms(orders.starts_at), 'endsAt', instant_ms(orders.ends_at),
        'values', coalesce((SELECT json_object_agg(key, value) FROM order_terms
          WHERE organization_id = organization AND order_id = orders.id AND key NOT LIKE 'rate:%'), '{}'::json)) AS source
        FROM order_periods(organization) AS orders
      UNION ALL
      SELECT json_build_object('kind', kind, 'ref', id, 'title', title || ', version ' || version, 'isActive', true,
        'position', null, 'signedAt', instant_ms(starts_at), 'startsAt', instant_ms(starts_at),
        'endsAt', instant_ms(ends_at), 'values', "values")
        FROM document_versions(organization) WHERE kind IN ('terms', 'data-processing')
          AND "values" IS NOT NULL AND "values" <> '{}'::jsonb AND starts_at IS NOT NULL AND coalesce(starts_at < ends_at, true)
      UNION ALL
      SELECT json_build_object('kind', 'linked', 'ref', 'thresholds-' || version, 'title', 'Consumption thresholds, version ' || version,
        'isActive', true, 'position', null, 'signedAt', instant_ms(effective_from), 'startsAt', instant_ms(effective_from),
        'endsAt', instant_ms(next_from),
        'values', json_build_object('thresholds', json_build_object('amounts', amounts_cents::text[], 'step', step_cents::text)))
        FROM (SELECT *, (SELECT min(later.effective_from) FROM threshold_versions AS later
          WHERE later.version > threshold_versions.version) AS next_from FROM threshold_versions) AS versions
        WHERE coalesce(effective_from < next_from, true)) AS said), '[]'::json))
$$;
