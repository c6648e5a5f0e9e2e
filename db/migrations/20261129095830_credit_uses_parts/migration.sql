ALTER TABLE "credit_uses" ADD COLUMN "before_cents" bigint DEFAULT 0;--> statement-breakpoint
ALTER TABLE "credit_uses" DROP CONSTRAINT "credit_uses_pkey";--> statement-breakpoint
ALTER TABLE "credit_uses" ADD PRIMARY KEY ("organization_id","credit_id","invoice_id","before_cents");