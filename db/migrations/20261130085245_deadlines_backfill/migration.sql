-- Written by hand: what is open today gets the clock that its command would have opened.
CREATE FUNCTION pg_temp.add_working_days(since timestamptz, days integer) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
	WHILE days > 0 LOOP
		since := since + interval '24 hours';
		IF extract(isodow FROM since AT TIME ZONE 'UTC') < 6 THEN days := days - 1; END IF;
	END LOOP;
	RETURN since;
END $$;--> statement-breakpoint
CREATE TEMPORARY TABLE open_subjects AS
	SELECT organization_id, 'terms.effective' AS clock, 'T-7-SUB' AS clause, 'legal_notice' AS kind, id AS subject_id, 'customer' AS owner, noticed_at AS opened_at, effective_at AS due_at
	FROM legal_notices AS notice WHERE about = 'terms' AND noticed_at IS NOT NULL AND applied_at IS NULL
		AND EXISTS (SELECT FROM agreements WHERE agreements.organization_id = notice.organization_id AND ended_at IS NULL AND starts_at <= posted_at)
	UNION ALL SELECT organization_id, 'terms.exit', 'T-7-EXIT', 'legal_notice', id, 'customer', noticed_at, effective_at
	FROM legal_notices AS notice WHERE about = 'terms' AND noticed_at IS NOT NULL AND applied_at IS NULL AND effective_at > now()
		AND EXISTS (SELECT FROM agreements WHERE agreements.organization_id = notice.organization_id AND ended_at IS NULL AND starts_at <= posted_at)
	UNION ALL SELECT one.organization_id, 'rate.request', 'T-4.2.1-RL', 'rate_request', one.id, 'support', one.created_at, first_due_at
	FROM rate_requests AS one JOIN tickets ON tickets.organization_id = one.organization_id AND tickets.record_id = one.id AND tickets.kind = 'higher_limits' WHERE one.state = 'submitted'
	UNION ALL SELECT one.organization_id, 'dispute.answer', 'T-5.2-DISP', 'dispute', one.id, 'billing', opened_at, first_due_at
	FROM disputes AS one JOIN tickets ON tickets.organization_id = one.organization_id AND tickets.record_id = one.id AND tickets.kind = 'billing_dispute' WHERE one.state = 'open'
	UNION ALL SELECT organization_id, 'suspension.review', 'T-4.1-USE', 'suspension', id, 'trust', started_at,
		least((review_on + 1)::timestamp AT TIME ZONE 'UTC', CASE WHEN appeal_decision IS NULL THEN appeal_due_at END)
	FROM suspensions WHERE state = 'active'
	UNION ALL SELECT organization_id, 'zdr.review', 'T-4.2.2.2-ZDR2', 'zero_retention', id, 'trust', created_at,
		pg_temp.add_working_days(created_at, 5) + waited_ms * interval '1 millisecond'
	FROM zero_retention_requests WHERE state IN ('submitted', 'in_review')
	UNION ALL SELECT organization_id, 'zdr.implement', 'T-4.2.2.2-ZDR3', 'zero_retention', id, 'system', decided_at, decided_at + interval '4 hours'
	FROM zero_retention_requests WHERE state IN ('approved', 'implementing')
	UNION ALL SELECT organization_id, 'deletion.' || kind, CASE kind WHEN 'agent' THEN 'T-4.3-DEL3' ELSE 'T-4.2.3-DEL3' END, 'deletion', id, 'support', received_at, due_at
	FROM deletions WHERE state = 'open'
	UNION ALL SELECT organization_id, 'deletion.tuned-model', 'T-4.2.3-DEL3', 'ticket', id, 'support', created_at, legal_due_at
	FROM tickets WHERE kind = 'delete_model' AND state IN ('open', 'waiting') AND reopened = 0 AND legal_due_at IS NOT NULL
	UNION ALL SELECT organization_id, 'grant.expiry', 'T-4.2.3-ASSIST', 'assistance', id, 'customer', agreed_at, ends_at
	FROM assistance_grants WHERE state IN ('granted', 'active')
	UNION ALL SELECT organization_id, 'directive.expiry', 'T-4.2.3-CONF', 'transfer', id, 'customer', signed_at, (until + 1)::timestamp AT TIME ZONE 'UTC'
	FROM model_transfers WHERE revoked_at IS NULL AND executed_at IS NULL AND (until + 1)::timestamp AT TIME ZONE 'UTC' > now()
	UNION ALL SELECT organization_id, 'report.decide', 'T-4.3-RESP2', 'agent_report', id, 'trust', reported_at, pg_temp.add_working_days(reported_at, 5)
	FROM agent_reports WHERE decided_at IS NULL
	UNION ALL SELECT organization_id, 'billing.close', 'T-5.2-EOC', 'cycle', month::text, 'system', month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC'
	FROM billing_cycles WHERE state = 'open'
	-- By the days of the terms; those of an order are put right within the hour.
	UNION ALL SELECT organization_id, 'dispute.window', 'T-5.2-DISP', 'invoice', id, 'customer', issued_at, last.due_at
	FROM invoices CROSS JOIN LATERAL (SELECT ((issued_at AT TIME ZONE 'UTC')::date + 31)::timestamp AT TIME ZONE 'UTC' - interval '1 millisecond' AS due_at) AS last
	WHERE kind <> 'credit_note' AND credited_cents < total_cents AND last.due_at > now()
	UNION ALL SELECT organization_id, 'key.expiry', 'T-4.2.1-KEY2', 'key', id, 'customer', created_at, expires_at
	FROM keys WHERE purpose IN ('api', 'service') AND revoked_at IS NULL AND expires_at > now()
	UNION ALL SELECT organization_id, CASE kind WHEN 'agents' THEN 'retention.agent' WHEN 'conversations' THEN 'retention.conversation' WHEN 'files' THEN 'retention.file' ELSE 'retention.tuned-model' END,
		CASE kind WHEN 'agents' THEN 'T-4.3-DEL2' WHEN 'tuned-models' THEN 'T-4.2.3-DEL2' ELSE 'T-6-EFF' END, 'retention', agreement_number || ':' || kind, 'system', started_at, purge_at
	FROM retention_clocks WHERE restored_at IS NULL AND receipt_id IS NULL;--> statement-breakpoint
-- A reminder that is past is not sent late: the next one ahead is, and the day it is due in any case.
INSERT INTO deadlines (organization_id, id, clock, clause, subject_kind, subject_id, owner, opened_at, due_at, next_at, step)
SELECT organization_id, 'dln_0' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 25), clock, clause, kind, subject_id, owner, opened_at, due_at,
	coalesce(ahead.at, due_at), coalesce(ahead.step, array_length(steps, 1) - 1)
FROM open_subjects
CROSS JOIN LATERAL (SELECT CASE owner
	WHEN 'customer' THEN ARRAY[due_at - interval '720 hours', due_at - interval '168 hours', due_at - interval '24 hours', due_at]
	ELSE ARRAY[due_at - (due_at - opened_at) * 0.5, due_at - (due_at - opened_at) * 0.2, due_at] END AS steps) AS planned
LEFT JOIN LATERAL (SELECT at, ordinality::integer - 1 AS step FROM unnest(steps) WITH ORDINALITY AS one(at, ordinality)
	WHERE at > now() ORDER BY at LIMIT 1) AS ahead ON true
ON CONFLICT (organization_id, clock, subject_id) WHERE met_at IS NULL AND cancelled_at IS NULL DO NOTHING;--> statement-breakpoint
DROP TABLE open_subjects;--> statement-breakpoint
DROP FUNCTION pg_temp.add_working_days(timestamptz, integer);
