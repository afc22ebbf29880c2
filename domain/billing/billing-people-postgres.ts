import { type RawBuilder, sql } from "kysely";

/** Contacts that are written to about money, by their role in any case. */
export const BILLING_ROLES = ["billing", "finance", "accounting", "财务", "账务", "会计"];

/** Owners and contacts with a billing role, as notifications name them: `targets`, null where there is nobody. */
export const billingPeople = (customerId: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select json_agg(t.target order by t.target) as targets from (
    select 'user:' || u.id as target from app_user u where u.customer_id = ${customerId}
      and u.role = 'owner' and u.disabled_at is null
    union all select 'contact:' || t.id from contact t where t.customer_id = ${customerId}
      and t.email is not null and lower(t.role) = any (${BILLING_ROLES}::text[])) t`;
