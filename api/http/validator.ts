import AjvCompiler from "@fastify/ajv-compiler";
import type { FastifySchema, FastifySchemaCompiler } from "fastify";

type Compiler = FastifySchemaCompiler<FastifySchema>;

const OPTIONS = {
  removeAdditional: false,
  allErrors: false,
  strictNumbers: false, // else no maximum is asked of what 1e400 becomes
  verbose: true,
} as const;

const compilerOf = (coerceTypes: false | "array"): Compiler =>
  AjvCompiler()({}, { customOptions: { ...OPTIONS, coerceTypes } });

/**
 * What stands in an address is text and is read as what it must be. A body says itself what its values are: there
 * nothing becomes anything else, or a place that is none (`null`) would become 0° north, 0° east.
 */
export function validator(): Compiler {
  const ofText = compilerOf("array");
  const ofJson = compilerOf(false);
  return (part) => whenAsked(() => (part.httpPart === "body" ? ofJson(part) : ofText(part)));
}

type Validate = ReturnType<Compiler>;

/** All at once would hold a start up for a second, and few of them are asked soon. */
function whenAsked(compile: () => Validate): Validate {
  let compiled: Validate | undefined;
  const validate: Validate = (data: unknown) => {
    compiled ??= compile();
    const answer = compiled(data);
    validate.errors = compiled.errors ?? null;
    return answer;
  };
  return validate;
}
