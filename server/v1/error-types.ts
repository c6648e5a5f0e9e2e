import type { About } from "#lib/gateway/http/endpoint.ts";

/** What can be wrong, by status: the words programs find in `type`. */
export const errorTypes: Record<string, readonly string[]> = {
  400: [
    "batch_too_large",
    "agent_name_refused",
    "client_closed_request",
    "connection_not_usable",
    "context_length_exceeded",
    "data_set_refused",
    "expiration",
    "file_purpose",
    "invalid",
    "invalid_encoding",
    "invalid_header",
    "invalid_model",
    "invalid_page_token",
    "invalid_request_message_order",
    "key_in_body",
    "key_in_url",
    "line_too_long",
    "scope_not_for_web_pages",
    "too_many_parts",
    "unknown_invitation",
    "unsupported_content",
    "unsupported_model",
  ],
  401: ["unauthorized"],
  402: ["file_quota_reached", "payment_required", "spend_limit_reached"],
  403: [
    "address_not_allowed",
    "batch_key",
    "batch_lines",
    "forbidden",
    "key_of_another_person",
    "look_required",
    "maker_is_no_admin",
    "model_not_allowed",
    "model_not_priced",
    "organization_suspended",
    "organization_terminated",
    "origin_not_allowed",
    "plan_limit",
    "plan_without_sharing",
    "read_only",
    "step_up_required",
    "no_zdr_upstream",
    "zdr_incompatible",
    "zdr_not_granted",
  ],
  404: [
    "agent_deleted",
    "agent_not_found",
    "agent_version_not_found",
    "batch_not_found",
    "claim_not_found",
    "conversation_not_found",
    "entry_not_found",
    "file_not_found",
    "job_not_found",
    "model_not_available",
    "model_retired",
    "model_not_found",
    "no_such_route",
    "not_found",
    "response_not_found",
    "upload_not_found",
  ],
  405: ["method_not_allowed"],
  409: [
    "agent_deleted",
    "already_gone",
    "batch_state",
    "checkpoint_conflict",
    "claim_lost",
    "conflict",
    "connector_blocked",
    "default_workspace",
    "duplicate_job",
    "job_state",
    "no_checkpoint",
    "line_full",
    "model_in_use",
    "model_not_tunable",
    "file_in_use",
    "last_admin",
    "member_limit",
    "no_web_origin",
    "not_deletable",
    "not_identified",
    "nothing_to_delete",
    "upload_moved_on",
    "zero_retention_active",
  ],
  410: ["link_expired"],
  412: ["other_tus_version"],
  413: ["too_large"],
  415: ["unsupported_media_type"],
  422: ["invalid_request_error"],
  429: ["rate_limited", "spend_limit_held", "tokens_month_reached"],
  500: ["internal_error"],
  503: [
    "limits_unavailable",
    "model_not_served",
    "model_unserved",
    "storage_unavailable",
    "unavailable",
    "unavailable_base",
  ],
};

const words: Record<string, string> = {
  400: "What was asked cannot be done.",
  401: "The key is missing, unknown, revoked or expired.",
  402: "A spend limit is reached, or invoices are unpaid; `details` in the body say which.",
  403: "The key may not do this.",
  404: "There is no such thing, or not for this key.",
  405: "The address does not take this method.",
  409: "Something else is in the way.",
  410: "It was there once.",
  412: "Another version of a protocol was asked for than is spoken here.",
  413: "The body is too large.",
  415: "The body is in a form or an encoding that is not taken.",
  422: "A field is wrong; `detail` says which and how.",
  429: "A rate limit is reached; `Retry-After` says for how long.",
  500: "Something went wrong on our side.",
  503: "It cannot be answered at the moment; `Retry-After` says when to try again.",
};

/** The errors an operation can end with. */
export function errorsOf({ key, input }: About, hasBody: boolean, path: string): Record<string, unknown> {
  if (key === "none") return { 500: { $ref: "#/components/responses/500" } };
  const statuses = ["400", "401", "403", "422", "429", "500", "503"];
  if (hasBody) statuses.push("413", "415");
  if (path.includes("{") || key === "admin") statuses.push("404", "409");
  if (key === "api" && path.includes("{")) statuses.push("402");
  if (hasBody && input && key === "api") statuses.push("402", "404", "409");
  return Object.fromEntries(
    [...new Set(statuses)].sort().map((status) => [status, { $ref: `#/components/responses/${status}` }]),
  );
}

export const errorResponses = (schema: object): Record<string, object> =>
  Object.fromEntries(
    Object.entries(errorTypes).map(([status, types]) => [
      status,
      {
        description: `${words[status]} Types: ${types.join(", ")}.`,
        headers: { "x-request-id": { schema: { type: "string" } } },
        content: { "application/json": { schema } },
      },
    ]),
  );
