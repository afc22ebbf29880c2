import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { ACTIONS, type Action, NOT_FOR_KEYS } from "../../domain/identity/roles.ts";
import type { RouteAction } from "./caller.ts";
import { SESSION_COOKIE } from "./cookies.ts";
import { IDEMPOTENCY_HEADER, isOffered } from "./idempotency.ts";
import { Problem } from "./problem.ts";

export const DOCS_PATH = "/api/docs";

const COOKIE = { cookie: [] };
const BEARER = { bearer: [] };
const PROBLEM = { $ref: "#/components/schemas/Problem" };
const PROBLEM_CONTENT = { "application/problem+json": { schema: PROBLEM } };
const STANDARD_REFUSALS = {
  400: "A parameter or the body is not as described; `field` names it",
  401: "Nobody is signed in, and no valid API key is given",
  403: "The caller may not do this",
  429: "Too many requests; `retry-after` says for how many seconds",
} as const;
const IDEMPOTENCY_PARAMETER = {
  in: "header",
  name: IDEMPOTENCY_HEADER,
  required: false,
  description:
    "A name of your own for this change, such as a UUID. Sent again with the same key within 24 hours, the same request is not done again and gets the same answer.",
  schema: { type: "string", pattern: "^[A-Za-z0-9._:-]{8,128}$" },
} as const;

const DESCRIPTION = `Terminals, their history, packets and gateways; customers, assets and who had which when; people, keys and the audit log.

- **Who asks.** The console's session cookie, or an API key as \`Authorization: Bearer hl_…\`. \`x-action\` of each operation is what the caller's role, or the key's scopes, must allow.
- **Errors** are problem+json (RFC 9457): \`code\` for programs, \`detail\` for people, \`field\` for what is at fault. What is out of reach answers 404, as what does not exist.
- **Lists** come in pages: \`nextCursor\` of one is \`cursor\` of the next, null at the end.
- **Changes** take \`If-Match\` with the \`ETag\` that was read, and answer 412 when somebody was faster. \`POST\` takes \`Idempotency-Key\`.
- **Request ids.** Every answer has \`x-request-id\`; send one of 8 to 64 letters, digits, \`.\`, \`_\` and \`-\`, and it is kept.`;

interface Operation {
  operationId?: string;
  description?: string;
  parameters?: object[];
  security?: object[];
  responses?: Record<string, object>;
  "x-action"?: string;
}

/** The document of all routes, and a page to read it and try it; before the policy, which asks each route's action. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  app.addHook("onRoute", (route) => {
    // its own pages and files; they say nothing that the document does not
    if (route.url.startsWith(DOCS_PATH)) route.config = { ...route.config, action: "public" };
  });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Hopline",
        version,
        description: DESCRIPTION,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: {
        schemas: { Problem: structuredClone(Problem) as object },
        securitySchemes: {
          cookie: {
            type: "apiKey",
            in: "cookie",
            name: SESSION_COOKIE,
            description: "the session of a person who has signed in",
          },
          bearer: { type: "http", scheme: "bearer", description: "an API key, `hl_…`" },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const action = route.config?.action;
      return { url, schema: action === undefined ? schema : { ...schema, "x-action": action } };
    },
    transformObject: (given) => {
      if (!("openapiObject" in given)) return given.swaggerObject;
      const document = given.openapiObject;
      for (const methods of Object.values(document.paths ?? {}))
        for (const [method, operation] of Object.entries(methods ?? {}))
          complete(method, operation as Operation); // a path of ours holds operations alone
      return document;
    },
  });
}

/** What all operations have in common is said here, so that no route can forget it. */
function complete(method: string, operation: Operation): void {
  const action = actionOf(operation["x-action"]);
  operation.security = securityOf(action);
  if (method === "post" && isOffered(operation.operationId))
    operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_PARAMETER];
  operation.responses = refusalsIn(operation.responses ?? {}, action === "public");
}

/** What a route says of its own refusals, as problem documents, and those that all routes have. */
function refusalsIn(
  given: Readonly<Record<string, object>>,
  isPublic: boolean,
): Record<string, object> {
  const own = Object.entries(given).map(([status, response]) => [
    status,
    isProblem(response) ? { ...response, content: PROBLEM_CONTENT } : response,
  ]);
  const standard = Object.entries(STANDARD_REFUSALS)
    .filter(([status]) => !isPublic || (status !== "401" && status !== "403"))
    .filter(([status]) => given[status] === undefined || isProblem(given[status]))
    .map(([status, description]) => [status, { description, content: PROBLEM_CONTENT }]);
  return Object.fromEntries([...own, ...standard]) as Record<string, object>; // made right above
}

function actionOf(text: string | undefined): RouteAction {
  if (text === "public" || text === "signed-in") return text;
  const action = ACTIONS.find((one) => one === text);
  if (action === undefined) throw new Error(`${text} is no action`);
  return action;
}

function securityOf(action: RouteAction): object[] {
  if (action === "public") return [];
  return isForKeys(action) ? [COOKIE, BEARER] : [COOKIE];
}

const isForKeys = (action: Action | "signed-in"): boolean =>
  action === "signed-in" || !NOT_FOR_KEYS.has(action);

/** Whether a response's schema is the problem document, written out or by its name. */
function isProblem(response: object): boolean {
  const text = JSON.stringify(response);
  return text.includes('"mergedInto"') && text.includes('"detail"') && text.includes('"title"');
}

/** After the document's routes, under the console's own content security policy: nothing comes from elsewhere. */
export async function showApi(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: DOCS_PATH,
    theme: { title: "Hopline API" },
    uiConfig: {
      docExpansion: "none",
      filter: true,
      displayRequestDuration: true,
      displayOperationId: true,
      showExtensions: true,
      validatorUrl: null, // the document is nobody else's business
      persistAuthorization: false, // a key stays in the page that it was typed into
    },
  });
}
