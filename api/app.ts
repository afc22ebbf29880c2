import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import sse from "@fastify/sse";
import staticFiles from "@fastify/static";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import type { AppDeps } from "./app-deps.ts";
import { askPolicy } from "./http/caller.ts";
import { offerIdempotency } from "./http/idempotency.ts";
import { isOwnHost } from "./http/loopback.ts";
import { describeApi, showApi } from "./http/openapi.ts";
import { refuseNul, refuseUnknown } from "./http/parameters.ts";
import { answerErrors, answerUnreadable, sendProblem } from "./http/problem.ts";
import { noteReadings } from "./http/read-audit.ts";
import { requestIdOf, tellRequestIds } from "./http/request-id.ts";
import { serializer } from "./http/serializer.ts";
import { validator } from "./http/validator.ts";
import { registerRoutes } from "./routes.ts";

// its types describe an ES module, but what is imported is the plugin itself
const ssePlugin = sse as unknown as typeof sse.default;

const REQUESTS_PER_MINUTE_MAX = 6_000;
const BODY_BYTES_MAX = 64 * 1024;
const CONSOLE_PAGES = [
  "/map",
  "/terminals",
  "/packets",
  "/gateways",
  "/stock",
  "/imports",
  "/groups",
  "/boards",
  "/customers",
  "/invoices",
  "/payments",
  "/closes",
  "/ageing",
  "/dunning",
  "/plans",
  "/spending",
  "/assets",
  "/sign-in",
  "/account",
  "/users",
  "/keys",
  "/preferences",
  "/notifications",
  "/alarms",
  "/incidents",
  "/cases",
  "/devices",
  "/commands",
  "/drills",
  "/jobs",
  "/rules",
  "/on-call",
  "/webhooks",
  "/audit",
];

export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: deps.log,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "requestId",
    }),
    genReqId: requestIdOf,
    forceCloseConnections: true, // a live client never goes by itself
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: deps.trustedProxies ?? false, // so that rate limits, lockout and audit see the client itself
    clientErrorHandler: answerUnreadable,
    frameworkErrors: ({ statusCode, message }, _request, reply) => {
      sendProblem(reply, { status: statusCode ?? 400, code: "bad_request", detail: message });
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validator());
  app.setSerializerCompiler(serializer());
  answerErrors(app);
  tellRequestIds(app);
  deps.metrics.watch(app);
  app.addHook("onRequest", async (request, reply) => {
    if (isOwnHost(request.headers.host, deps.publicHost)) return;
    const detail =
      "Ask under 127.0.0.1, [::1], localhost, or the name in the setting PUBLIC_URL: no other is served";
    return sendProblem(reply, { status: 421, code: "foreign_host", detail, field: "host" });
  });
  await describeApi(app, deps.version);
  askPolicy(app, deps.callers);
  refuseNul(app);
  noteReadings(app, deps.identity.readings, deps.clock);
  refuseUnknown(app);
  offerIdempotency(app, { answers: deps.keptAnswers, clock: deps.clock });
  await app.register(helmet, { contentSecurityPolicy: contentSecurityPolicy(deps), hsts: false });
  await app.register(rateLimit, { max: REQUESTS_PER_MINUTE_MAX, timeWindow: 60_000 });
  await app.register(ssePlugin, { heartbeatInterval: 15_000 });
  await registerRoutes(app, deps);
  // making and writing the document takes a turn of 100 ms: so it is done once, before anyone asks
  let written: string | undefined;
  const document = (): string => (written ??= JSON.stringify(app.swagger()));
  app.addHook("onListen", () => void document());
  app.get(
    "/api/openapi.json",
    { config: { action: "public" }, schema: { hide: true } },
    (_, reply) => reply.type("application/json; charset=utf-8").send(document()),
  );
  await showApi(app);
  if (deps.consoleDir !== undefined) await serveConsole(app, deps.consoleDir);
  else app.setNotFoundHandler(unknown);
  return app;
}

const unknown = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(reply, {
    status: 404,
    code: "not_found",
    detail: `There is no ${request.method} ${request.url.split("?")[0] ?? ""}; /api/openapi.json and /api/docs say what there is`,
  });

/** The console is one page: its own addresses all give index.html, everything else that is unknown is a 404. */
async function serveConsole(app: FastifyInstance, root: string): Promise<void> {
  await app.register(staticFiles, {
    root,
    setHeaders(reply, path) {
      const isHashed = path.includes("/static/");
      reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  app.get("/field", { schema: { hide: true } }, (_request, reply) => reply.redirect("/field/"));
  app.get("/field/", { schema: { hide: true } }, (_request, reply) => reply.sendFile("field.html"));
  for (const path of CONSOLE_PAGES) {
    for (const url of [path, `${path}/*`]) {
      app.get(url, { schema: { hide: true } }, (_request, reply) => reply.sendFile("index.html"));
    }
  }
  app.setNotFoundHandler((request, reply) => {
    const isForPeople = request.headers.accept?.includes("text/html") === true;
    // the console says it in its own words and shows the way back
    if (isForPeople && !request.url.startsWith("/api/"))
      return reply.code(404).sendFile("index.html");
    return unknown(request, reply);
  });
}

function contentSecurityPolicy(deps: AppDeps): { directives: Record<string, string[] | null> } {
  // a map style of the operator's own brings its tiles, glyphs and sprites from its own server
  const style = deps.map.styleUrl === undefined ? [] : [new URL(deps.map.styleUrl).origin];
  return {
    directives: {
      defaultSrc: ["'self'"],
      connectSrc: ["'self'", ...style],
      imgSrc: ["'self'", "data:", "blob:", ...style],
      styleSrc: ["'self'", "'unsafe-inline'"], // antd writes its styles into the page
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"], // the field app reads labels by WebAssembly
      workerSrc: ["'self'", "blob:"],
      // left out: over plain HTTP on loopback, Safari would ask for every script by HTTPS and show nothing
      upgradeInsecureRequests: null,
    },
  };
}
