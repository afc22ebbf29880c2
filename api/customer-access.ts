import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { ConflictError, NotFoundError } from "../base/errors.ts";
import type { Customer, Customers } from "../domain/customers/customers.ts";
import { Id } from "./customer-views.ts";
import { callerOf, requireWithin } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";

export const OneCustomer = Type.Object({ id: Id });

export const REFUSALS = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem };
export const CHANGE_REFUSALS = { ...REFUSALS, 412: Problem };

/**
 * The customer, if the caller may see it. One that was merged does not exist any more for customers' own people; the
 * operator's are told which one goes on in its place.
 */
export async function requireCustomer(
  request: FastifyRequest,
  customers: Customers,
  id: string,
): Promise<Customer> {
  const customer = await customers.find(id);
  if (customer === undefined) throw new NotFoundError("customer", id);
  requireWithin(request, id, "customer", id);
  const { mergedInto, number } = customer;
  if (mergedInto === null) return customer;
  if (request.reach !== "all") throw new NotFoundError("customer", id);
  throw new ConflictError(`customer ${number} was merged into ${mergedInto}`, { mergedInto });
}

/** What the operator keeps for itself does not exist for customers' own people. */
export function requireOperator(request: FastifyRequest, what: string, id: string): void {
  if (callerOf(request).customerId !== null) throw new NotFoundError(what, id);
}
