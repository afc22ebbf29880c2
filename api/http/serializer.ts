import { SerializerSelector } from "@fastify/fast-json-stringify-compiler";
import type { FastifySchema, FastifySerializerCompiler } from "fastify";

/** Fastify's own, but each is compiled when its first answer goes out: all at once would hold a start up for a second. */
export function serializer(): FastifySerializerCompiler<FastifySchema> {
  const compile = SerializerSelector()();
  return ({ schema, method, url, httpStatus = "" }) => {
    let serialize: ((data: unknown) => string) | undefined;
    return (data: unknown) => {
      serialize ??= compile({ schema, method, url, httpStatus });
      return serialize(data);
    };
  };
}
