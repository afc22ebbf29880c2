import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionError, FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { Type } from "typebox";
import { AppError, type ErrorCode } from "../../base/errors.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";

/** RFC 9457 problem details; `code` is for programs and `field` names the parameter at fault. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    field: Type.Optional(Type.String()),
    requestId: Type.Optional(
      Type.String({ description: "as in `x-request-id`; the log and the audit log have it, too" }),
    ),
    mergedInto: Type.Optional(
      Type.String({ description: "the customer that goes on in place of the one asked for" }),
    ),
  },
  { description: "What was wrong, where, and what is allowed" },
);

const STATUS: Record<ErrorCode, number> = {
  not_found: 404,
  conflict: 409,
  stale: 412,
  not_allowed: 403,
  unavailable: 503,
  invalid_config: 500,
  invalid_input: 400,
};

interface ProblemInput {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
  readonly mergedInto?: string | undefined;
}

interface ProblemOfRequest extends ProblemInput {
  readonly requestId: string;
}

const PROBLEM_TYPE = "application/problem+json";

const problemOf = ({ status, code, detail, field, requestId, mergedInto }: ProblemOfRequest) => ({
  type: "about:blank",
  title: STATUS_CODES[status] ?? "Error",
  status,
  detail,
  code,
  ...(field === undefined ? {} : { field }),
  requestId,
  ...(mergedInto === undefined ? {} : { mergedInto }),
});

export function sendProblem(reply: FastifyReply, input: ProblemInput): FastifyReply {
  return reply
    .code(input.status)
    .header("content-type", PROBLEM_TYPE)
    .header(REQUEST_ID_HEADER, reply.request.id) // also where no hook has run yet
    .serializer(JSON.stringify)
    .send(problemOf({ ...input, requestId: reply.request.id }));
}

const UNREADABLE: Readonly<Record<string, Omit<ProblemInput, "code">>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: "The headers are too long" },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: "The request did not arrive in time" },
};

/** Bytes that are no HTTP request never reach a route; whoever sent them is told in the same words. */
export function answerUnreadable(error: ConnectionError, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const known = UNREADABLE[error.code] ?? { status: 400, detail: "That is no HTTP request" };
  const requestId = randomUUID(); // whatever was sent, nothing of it is to be trusted
  const problem = problemOf({ ...known, code: "bad_request", requestId });
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `X-Request-Id: ${requestId}`,
    `Content-Length: ${body.length}`, // all ASCII
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** The one place where an error becomes a status code. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof AppError) {
      const { field, mergedInto } = error.details;
      return sendProblem(reply, {
        status: STATUS[error.code],
        code: error.code,
        detail: error.message,
        field: typeof field === "string" ? field : undefined,
        mergedInto: typeof mergedInto === "string" ? mergedInto : undefined,
      });
    }
    if (error.validation !== undefined) return sendProblem(reply, invalid(error));
    if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE")
      return sendProblem(reply, tooLarge(request.routeOptions.bodyLimit));
    const status = error.statusCode ?? 500;
    if (status < 500)
      return sendProblem(reply, { status, code: "bad_request", detail: error.message });
    request.log.error({ err: error }, "request failed");
    const detail = "Something went wrong on our side; the log has the request id";
    return sendProblem(reply, { status: 500, code: "internal", detail });
  });
}

const tooLarge = (bytes: number): ProblemInput => ({
  ...{ status: 413, code: "bad_request", field: "body" },
  detail: `The body of a request has at most ${bytes} bytes`,
});

function invalid({ message, validation }: FastifyError): ProblemInput {
  const [first] = validation ?? [];
  const named =
    first?.params["missingProperty"] ??
    first?.params["requiredProperties"] ??
    first?.params["additionalProperty"];
  const at = first?.instancePath.replace(/^\//, "").replaceAll("/", ".");
  return {
    status: 400,
    code: "invalid_input",
    detail: unknownParameter(first) ?? `${message}${hint(first)}`,
    field: at || (typeof named === "string" ? named : undefined),
  };
}

type Fault = NonNullable<FastifyError["validation"]>[number];

function unknownParameter(first: Fault | undefined): string | undefined {
  const name: unknown = first?.params["additionalProperty"];
  if (typeof name !== "string" || first?.instancePath !== "") return undefined;
  const schema = schemaOf(first);
  const names = "properties" in schema ? Object.keys(schema.properties ?? {}) : [];
  return `${name} is not known here; there are ${names.join(", ")}`;
}

/** What is allowed, from the schema: a pattern in an error message helps nobody. */
function hint(first: Fault | undefined): string {
  if (first === undefined) return "";
  const allowed: unknown = first.params["allowedValues"];
  if (Array.isArray(allowed)) return `: ${allowed.join(", ")}`;
  const schema = schemaOf(first);
  if (!("description" in schema)) return "";
  return typeof schema.description === "string" ? `: ${schema.description}` : "";
}

function schemaOf(fault: Fault): object {
  const schema: unknown = "parentSchema" in fault && fault.parentSchema;
  return typeof schema === "object" && schema !== null ? schema : {};
}
