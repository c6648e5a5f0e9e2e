CREATE TABLE "advance_applications" (
	"organization_id" text,
	"advance_id" text,
	"summary_id" text NOT NULL,
	"net_cents" bigint NOT NULL,
	"tax_cents" bigint NOT NULL,
	"total_cents" bigint NOT NULL,
	CONSTRAINT "advance_applications_pkey" PRIMARY KEY("organization_id","advance_id")
);
--> statement-breakpoint
CREATE TABLE "billing_accounts" (
	"organization_id" text PRIMARY KEY,
	"legal_entity_id" text NOT NULL,
	"currency" text NOT NULL,
	"provider" text NOT NULL,
	"livemode" boolean NOT NULL,
	"customer_ref" text,
	"collection" text NOT NULL,
	"name" text NOT NULL,
	"address" jsonb NOT NULL,
	"vat_id" text,
	"vat_status" text NOT NULL,
	"vat_checked_at" timestamp with time zone,
	"vat_reference" text,
	"po_number" text,
	"emails" text[] NOT NULL,
	"past_due_since" timestamp with time zone,
	"blocked_at" timestamp with time zone,
	"blocked_reason" text,
	"downgrade_on" date,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "billing_cycles" (
	"organization_id" text,
	"month" date,
	"state" text NOT NULL,
	"thresholds" jsonb NOT NULL,
	"floor_cents" bigint NOT NULL,
	"next_cents" bigint,
	"looked_at" timestamp with time zone NOT NULL,
	"carried_cents" bigint NOT NULL,
	"closed_at" timestamp with time zone,
	"problem" text,
	CONSTRAINT "billing_cycles_pkey" PRIMARY KEY("organization_id","month")
);
--> statement-breakpoint
CREATE TABLE "invoice_lines" (
	"organization_id" text,
	"invoice_id" text,
	"line" integer,
	"description" text NOT NULL,
	"detail" text,
	"kind" text NOT NULL,
	"model" text,
	"workspace_id" text,
	"input_micros" bigint,
	"cached_input_micros" bigint,
	"output_micros" bigint,
	"month" date NOT NULL,
	"unit" text NOT NULL,
	"quantity" numeric(38,6) NOT NULL,
	"unit_micros" bigint NOT NULL,
	"exact_pico" numeric(38,0) NOT NULL,
	"amount_cents" bigint NOT NULL,
	"vat_category" text NOT NULL,
	"vat_rate" integer NOT NULL,
	"corrects_line" integer,
	CONSTRAINT "invoice_lines_pkey" PRIMARY KEY("organization_id","invoice_id","line")
);
--> statement-breakpoint
CREATE TABLE "invoice_taxes" (
	"organization_id" text,
	"invoice_id" text,
	"category" text,
	"rate" integer,
	"base_cents" bigint NOT NULL,
	"tax_cents" bigint NOT NULL,
	"note" text,
	CONSTRAINT "invoice_taxes_pkey" PRIMARY KEY("organization_id","invoice_id","category","rate")
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"organization_id" text,
	"id" text,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"month" date NOT NULL,
	"legal_entity_id" text NOT NULL,
	"livemode" boolean NOT NULL,
	"series" text NOT NULL,
	"number" text NOT NULL,
	"seq" integer NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"currency" text NOT NULL,
	"net_cents" bigint NOT NULL,
	"tax_cents" bigint NOT NULL,
	"total_cents" bigint NOT NULL,
	"prepaid_cents" bigint NOT NULL,
	"due_cents" bigint NOT NULL,
	"exact_pico" numeric(38,0) NOT NULL,
	"threshold_cents" bigint,
	"corrects_id" text,
	"reason" text,
	"seller" jsonb NOT NULL,
	"buyer" jsonb NOT NULL,
	"notes" text[] NOT NULL,
	"po_number" text,
	"collection" text NOT NULL,
	"paid_cents" bigint DEFAULT 0 NOT NULL,
	"credited_cents" bigint DEFAULT 0 NOT NULL,
	"credit_used_cents" bigint DEFAULT 0 NOT NULL,
	"disputed_cents" bigint DEFAULT 0 NOT NULL,
	"paid_at" timestamp with time zone,
	"pdf_sha256" text,
	"rendered_at" timestamp with time zone,
	CONSTRAINT "invoices_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "invoices_total" CHECK ("total_cents" = "net_cents" + "tax_cents"),
	CONSTRAINT "invoices_due" CHECK ("due_cents" = "total_cents" - "prepaid_cents" and "due_cents" >= 0),
	CONSTRAINT "invoices_settled" CHECK ("paid_cents" >= 0 and "credited_cents" >= 0 and "credit_used_cents" >= 0 and "disputed_cents" >= 0
        and "credited_cents" <= "total_cents"),
	CONSTRAINT "invoices_threshold" CHECK (("kind" = 'advance') = ("threshold_cents" is not null)),
	CONSTRAINT "invoices_corrects" CHECK (("kind" = 'credit_note') = ("corrects_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "legal_entities" (
	"id" text PRIMARY KEY,
	"name" text NOT NULL,
	"address" jsonb NOT NULL,
	"vat_id" text,
	"registration_id" text,
	"email" text NOT NULL,
	"iban" text,
	"bic" text,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "number_series" (
	"legal_entity_id" text,
	"series" text,
	"year" integer,
	"last" integer NOT NULL,
	"last_issued_at" timestamp with time zone NOT NULL,
	CONSTRAINT "number_series_pkey" PRIMARY KEY("legal_entity_id","series","year")
);
--> statement-breakpoint
CREATE TABLE "credit_grants" (
	"organization_id" text,
	"id" text,
	"kind" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"remaining_cents" bigint NOT NULL,
	"reason" text NOT NULL,
	"expires_at" timestamp with time zone,
	"expired_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "credit_grants_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "credit_grants_left" CHECK ("remaining_cents" >= 0 and "remaining_cents" <= "amount_cents")
);
--> statement-breakpoint
CREATE TABLE "credit_uses" (
	"organization_id" text,
	"credit_id" text,
	"invoice_id" text,
	"amount_cents" bigint NOT NULL,
	"before_cents" bigint DEFAULT 0,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "credit_uses_pkey" PRIMARY KEY("organization_id","credit_id","invoice_id","before_cents")
);
--> statement-breakpoint
CREATE TABLE "dispute_lines" (
	"organization_id" text,
	"dispute_id" text,
	"line" integer,
	"amount_cents" bigint NOT NULL,
	CONSTRAINT "dispute_lines_pkey" PRIMARY KEY("organization_id","dispute_id","line")
);
--> statement-breakpoint
CREATE TABLE "dispute_messages" (
	"organization_id" text,
	"id" text,
	"dispute_id" text NOT NULL,
	"from" text NOT NULL,
	"author_name" text NOT NULL,
	"body" text NOT NULL,
	"attachment" jsonb,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "dispute_messages_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "disputes" (
	"organization_id" text,
	"id" text,
	"invoice_id" text NOT NULL,
	"state" text NOT NULL,
	"wants" text NOT NULL,
	"reason" text NOT NULL,
	"opened_by" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"amount_cents" bigint NOT NULL,
	"credited_cents" bigint DEFAULT 0 NOT NULL,
	"credit_note_id" text,
	"answer" text,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "disputes_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "disputes_amount" CHECK ("amount_cents" > 0 and "credited_cents" between 0 and "amount_cents")
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"organization_id" text,
	"transaction_id" text,
	"account" text,
	"amount_cents" bigint NOT NULL,
	CONSTRAINT "ledger_entries_pkey" PRIMARY KEY("organization_id","transaction_id","account"),
	CONSTRAINT "ledger_entries_not_zero" CHECK ("amount_cents" <> 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_transactions" (
	"organization_id" text,
	"id" text,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"invoice_id" text,
	"payment_id" text,
	"effective_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "ledger_transactions_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "order_terms" (
	"organization_id" text,
	"order_id" text,
	"key" text,
	"value" jsonb NOT NULL,
	CONSTRAINT "order_terms_pkey" PRIMARY KEY("organization_id","order_id","key")
);
--> statement-breakpoint
CREATE TABLE "purchase_orders" (
	"organization_id" text,
	"id" text,
	"number" text NOT NULL,
	"state" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"position" integer,
	"supersedes_id" text,
	"note" text,
	"file_name" text,
	"file_sha256" text,
	"file" bytea,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"approved_by" text[] DEFAULT '{}'::text[] NOT NULL,
	"activated_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "purchase_orders_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "purchase_orders_period" CHECK ("ends_at" > "starts_at"),
	CONSTRAINT "purchase_orders_two_people" CHECK ("activated_at" is null or (cardinality("approved_by") >= 2 and "created_by" <> all("approved_by")))
);
--> statement-breakpoint
CREATE TABLE "threshold_versions" (
	"version" integer PRIMARY KEY,
	"amounts_cents" bigint[] NOT NULL,
	"step_cents" bigint,
	"effective_from" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bank_receipts" (
	"organization_id" text,
	"id" text,
	"invoice_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"bank_ref" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"value_date" date NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "bank_receipts_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "bank_receipts_amount" CHECK ("amount_cents" > 0)
);
--> statement-breakpoint
CREATE TABLE "chargebacks" (
	"organization_id" text,
	"id" text,
	"ref" text NOT NULL,
	"payment_id" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "chargebacks_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "dunning_steps" (
	"organization_id" text,
	"invoice_id" text,
	"day" integer,
	"at" timestamp with time zone NOT NULL,
	"did" text NOT NULL,
	CONSTRAINT "dunning_steps_pkey" PRIMARY KEY("organization_id","invoice_id","day")
);
--> statement-breakpoint
CREATE TABLE "hosted_pages" (
	"organization_id" text,
	"id" text,
	"kind" text NOT NULL,
	"payment_id" text,
	"provider" text NOT NULL,
	"ref" text,
	"url" text,
	"state" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "hosted_pages_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "payment_differences" (
	"provider" text,
	"ref" text,
	"what" text NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolved_by" text,
	"words" text,
	CONSTRAINT "payment_differences_pkey" PRIMARY KEY("provider","ref")
);
--> statement-breakpoint
CREATE TABLE "payment_methods" (
	"organization_id" text,
	"id" text,
	"provider" text NOT NULL,
	"ref" text NOT NULL,
	"type" text NOT NULL,
	"brand" text,
	"last4" text NOT NULL,
	"exp_month" integer,
	"exp_year" integer,
	"is_default" boolean NOT NULL,
	"frozen_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"detached_at" timestamp with time zone,
	CONSTRAINT "payment_methods_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "payment_methods_default_lives" CHECK (not "is_default" or "detached_at" is null)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"organization_id" text,
	"id" text,
	"invoice_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"amount_cents" bigint NOT NULL,
	"provider" text NOT NULL,
	"livemode" boolean NOT NULL,
	"ref" text,
	"kind" text NOT NULL,
	"method_id" text,
	"state" text NOT NULL,
	"error_code" text,
	"advice" text,
	"action_url" text,
	"created_at" timestamp with time zone NOT NULL,
	"asked_at" timestamp with time zone,
	"asks" integer DEFAULT 0 NOT NULL,
	"settled_at" timestamp with time zone,
	"refunded_cents" bigint DEFAULT 0 NOT NULL,
	"charged_back_cents" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "payments_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "payments_amount" CHECK ("amount_cents" > 0),
	CONSTRAINT "payments_back" CHECK ("refunded_cents" >= 0 and "charged_back_cents" >= 0 and "refunded_cents" + "charged_back_cents" <= "amount_cents")
);
--> statement-breakpoint
CREATE TABLE "provider_events" (
	"provider" text,
	"event_id" text,
	"type" text NOT NULL,
	"livemode" boolean NOT NULL,
	"subject" jsonb,
	"received_at" timestamp with time zone NOT NULL,
	"processed_at" timestamp with time zone,
	"error" text,
	CONSTRAINT "provider_events_pkey" PRIMARY KEY("provider","event_id")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"organization_id" text,
	"id" text,
	"payment_id" text NOT NULL,
	"credit_note_id" text,
	"amount_cents" bigint NOT NULL,
	"ref" text,
	"state" text NOT NULL,
	"error_code" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "refunds_pkey" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "refunds_amount" CHECK ("amount_cents" > 0)
);
--> statement-breakpoint
CREATE TABLE "sandbox_objects" (
	"id" text PRIMARY KEY,
	"kind" text NOT NULL,
	"body" jsonb NOT NULL,
	"key" text UNIQUE,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_lines" (
	"organization_id" text,
	"month" date,
	"workspace_id" text,
	"model" text,
	"input_micros" bigint,
	"cached_input_micros" bigint,
	"output_micros" bigint,
	"requests" bigint NOT NULL,
	"prompt_tokens" bigint NOT NULL,
	"cached_tokens" bigint NOT NULL,
	"completion_tokens" bigint NOT NULL,
	"cost_pico" numeric(38,0) NOT NULL,
	"invoiced_requests" bigint DEFAULT 0 NOT NULL,
	"invoiced_prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"invoiced_cached_tokens" bigint DEFAULT 0 NOT NULL,
	"invoiced_completion_tokens" bigint DEFAULT 0 NOT NULL,
	"invoiced_pico" numeric(38,0) DEFAULT '0' NOT NULL,
	CONSTRAINT "usage_lines_pkey" PRIMARY KEY("organization_id","month","workspace_id","model","input_micros","cached_input_micros","output_micros"),
	CONSTRAINT "usage_lines_not_over_invoiced" CHECK ("invoiced_pico" <= "cost_pico")
);
--> statement-breakpoint
ALTER TABLE "letters" ADD COLUMN "attachments" jsonb;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "values" jsonb;--> statement-breakpoint
CREATE INDEX "billing_cycles_open" ON "billing_cycles" ("month") WHERE "state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_number_key" ON "invoices" ("legal_entity_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_seq_key" ON "invoices" ("legal_entity_id","series",extract(year from issued_at at time zone 'UTC'),"seq");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_one_advance" ON "invoices" ("organization_id","month","threshold_cents") WHERE "kind" = 'advance';--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_one_summary" ON "invoices" ("organization_id","month") WHERE "kind" = 'summary';--> statement-breakpoint
CREATE INDEX "invoices_issued" ON "invoices" ("organization_id","issued_at","id");--> statement-breakpoint
CREATE INDEX "invoices_open" ON "invoices" ("due_at") WHERE "state" = 'open';--> statement-breakpoint
CREATE INDEX "invoices_sha" ON "invoices" ("pdf_sha256");--> statement-breakpoint
CREATE INDEX "credit_grants_expiry" ON "credit_grants" ("expires_at") WHERE "remaining_cents" > 0;--> statement-breakpoint
CREATE INDEX "disputes_open" ON "disputes" ("opened_at") WHERE "state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_transactions_key" ON "ledger_transactions" ("organization_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "purchase_orders_number_key" ON "purchase_orders" ("organization_id","number") WHERE "state" in ('draft', 'active');--> statement-breakpoint
CREATE INDEX "threshold_versions_effective" ON "threshold_versions" ("effective_from");--> statement-breakpoint
CREATE UNIQUE INDEX "bank_receipts_ref_key" ON "bank_receipts" ("bank_ref");--> statement-breakpoint
CREATE UNIQUE INDEX "chargebacks_ref_key" ON "chargebacks" ("ref");--> statement-breakpoint
CREATE UNIQUE INDEX "hosted_pages_ref_key" ON "hosted_pages" ("provider","ref");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_methods_ref_key" ON "payment_methods" ("provider","ref");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_methods_default" ON "payment_methods" ("organization_id") WHERE "is_default";--> statement-breakpoint
CREATE UNIQUE INDEX "payments_attempt_key" ON "payments" ("organization_id","invoice_id","attempt");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_ref_key" ON "payments" ("provider","ref");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_one_live" ON "payments" ("organization_id","invoice_id") WHERE "state" in ('created', 'processing', 'requires_action', 'unknown') and "kind" <> 'transfer';--> statement-breakpoint
CREATE INDEX "payments_live" ON "payments" ("asked_at") WHERE "state" in ('created', 'processing', 'requires_action', 'unknown');--> statement-breakpoint
CREATE INDEX "provider_events_waiting" ON "provider_events" ("received_at") WHERE "processed_at" is null;--> statement-breakpoint
CREATE INDEX "sandbox_objects_kind" ON "sandbox_objects" ("kind","created_at");--> statement-breakpoint
ALTER TABLE "advance_applications" ADD CONSTRAINT "advance_applications_6y7wivIU94ae_fkey" FOREIGN KEY ("organization_id","advance_id") REFERENCES "invoices"("organization_id","id");--> statement-breakpoint
ALTER TABLE "advance_applications" ADD CONSTRAINT "advance_applications_auFHL4GdNHca_fkey" FOREIGN KEY ("organization_id","summary_id") REFERENCES "invoices"("organization_id","id");--> statement-breakpoint
ALTER TABLE "billing_accounts" ADD CONSTRAINT "billing_accounts_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");--> statement-breakpoint
ALTER TABLE "billing_accounts" ADD CONSTRAINT "billing_accounts_legal_entity_id_legal_entities_id_fkey" FOREIGN KEY ("legal_entity_id") REFERENCES "legal_entities"("id");--> statement-breakpoint
ALTER TABLE "billing_cycles" ADD CONSTRAINT "billing_cycles_qaGzOUyIjwhO_fkey" FOREIGN KEY ("organization_id") REFERENCES "billing_accounts"("organization_id");--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_A2EGXJpXs9Ly_fkey" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "invoices"("organization_id","id");--> statement-breakpoint
ALTER TABLE "invoice_taxes" ADD CONSTRAINT "invoice_taxes_A4HYcKJSPb0u_fkey" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "invoices"("organization_id","id");--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_organization_id_billing_accounts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "billing_accounts"("organization_id");--> statement-breakpoint
ALTER TABLE "credit_grants" ADD CONSTRAINT "credit_grants_NXOsqvV06K9Q_fkey" FOREIGN KEY ("organization_id") REFERENCES "billing_accounts"("organization_id");--> statement-breakpoint
ALTER TABLE "dispute_lines" ADD CONSTRAINT "dispute_lines_YnBSvbtCm0uf_fkey" FOREIGN KEY ("organization_id","dispute_id") REFERENCES "disputes"("organization_id","id");--> statement-breakpoint
ALTER TABLE "dispute_messages" ADD CONSTRAINT "dispute_messages_gUWg8ggtDyCo_fkey" FOREIGN KEY ("organization_id","dispute_id") REFERENCES "disputes"("organization_id","id");--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_frZKrc2RjC0O_fkey" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "invoices"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_enUmJWHl1101_fkey" FOREIGN KEY ("organization_id","transaction_id") REFERENCES "ledger_transactions"("organization_id","id");--> statement-breakpoint
ALTER TABLE "ledger_transactions" ADD CONSTRAINT "ledger_transactions_DjiMOyDXGiq8_fkey" FOREIGN KEY ("organization_id") REFERENCES "billing_accounts"("organization_id");--> statement-breakpoint
ALTER TABLE "purchase_orders" ADD CONSTRAINT "purchase_orders_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id");--> statement-breakpoint
ALTER TABLE "dunning_steps" ADD CONSTRAINT "dunning_steps_BYiZr19knCLk_fkey" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "invoices"("organization_id","id");--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_LYzpvEY2zwAG_fkey" FOREIGN KEY ("organization_id") REFERENCES "billing_accounts"("organization_id");--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_frZKrhQSMRhY_fkey" FOREIGN KEY ("organization_id","invoice_id") REFERENCES "invoices"("organization_id","id");--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_MQUx26cTk5KG_fkey" FOREIGN KEY ("organization_id","payment_id") REFERENCES "payments"("organization_id","id");--> statement-breakpoint
GRANT SELECT ON "legal_entities" TO comptoir_tenant;--> statement-breakpoint
GRANT SELECT, INSERT ON "threshold_versions" TO comptoir_tenant;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "number_series" TO comptoir_tenant;--> statement-breakpoint
GRANT SELECT, UPDATE ON "payment_differences" TO comptoir_tenant;--> statement-breakpoint
INSERT INTO "usage_lines" ("organization_id", "month", "workspace_id", "model", "input_micros", "cached_input_micros", "output_micros",
    "requests", "prompt_tokens", "cached_tokens", "completion_tokens", "cost_pico")
  SELECT "organization_id", date_trunc('month', "at", 'UTC')::date, "workspace_id", "model", "input_micros", "cached_input_micros", "output_micros",
    count(*), sum("prompt_tokens"), sum("cached_tokens"), sum("completion_tokens"), sum("cost_pico")
  FROM "usage_events" WHERE "input_micros" + "cached_input_micros" + "output_micros" > 0 GROUP BY 1, 2, 3, 4, 5, 6, 7;
