import AjvCompiler from "@fastify/ajv-compiler";
import type { FastifySchema, FastifySchemaCompiler } from "fastify";

type Compiler = FastifySchemaCompiler<FastifySchema>;

const OPTIONS = {
  removeAdditional: false,
  allErrors: false,
  strictNumbers: false, // else no maximum is asked of what 1e400 becomes
  verbose: true,
} as const;

// its types are those of ajv's own compile; what it is called with is one part of a route
const compilerOf = (coerceTypes: false | "array"): Compiler =>
  AjvCompiler()({}, { customOptions: { ...OPTIONS, coerceTypes } }) as unknown as Compiler;

/**
 * What stands in an address is text and is read as what it must be. A body says itself what its values are: there
 * nothing becomes anything else, or a place that is none (`null`) would become 0° north, 0° east.
 */
export function validator(): Compiler {
  const ofText = compilerOf("array");
  const ofJson = compilerOf(false);
  return (part) => (part.httpPart === "body" ? ofJson(part) : ofText(part));
}
