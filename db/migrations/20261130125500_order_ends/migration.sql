-- The clocks of orders that are in force already. A reminder that is past is not sent late: the next one ahead is.
INSERT INTO deadlines (organization_id, id, clock, clause, subject_kind, subject_id, owner, opened_at, due_at, next_at, step)
SELECT organization_id, 'dln_0' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 25), 'order.end', 'T-2-PREC', 'order', id, 'customer', activated_at, ends_at,
	coalesce(ahead.at, ends_at), coalesce(ahead.step, 3)
FROM purchase_orders
LEFT JOIN LATERAL (SELECT at, ordinality::integer - 1 AS step
	FROM unnest(ARRAY[ends_at - interval '720 hours', ends_at - interval '168 hours', ends_at - interval '24 hours', ends_at]) WITH ORDINALITY AS one(at, ordinality)
	WHERE at > now() ORDER BY at LIMIT 1) AS ahead ON true
WHERE state = 'active' AND ends_at > now()
ON CONFLICT (organization_id, clock, subject_id) WHERE met_at IS NULL AND cancelled_at IS NULL DO NOTHING;
